"""Replies of services of data by VIN → fields of an appraisal; secrets out of the log."""

from __future__ import annotations

from decimal import Decimal

import pytest

from auto_dealer.integrations.autoteka import read_reply as autoteka
from auto_dealer.integrations.http_api.masking import mask, masked_json
from auto_dealer.integrations.nhtsa.read_reply import read_reply

# As recorded: NHTSA, DecodeVinValues.
F150 = {
	"Count": 1,
	"Message": "Results returned successfully",
	"SearchCriteria": "VIN(s): 1FTMW1T88MFA00001",
	"Results": [
		{
			"VIN": "1FTMW1T88MFA00001",
			"Make": "FORD",
			"Model": "F-150",
			"ModelYear": "2021",
			"BodyClass": "Pickup",
			"DriveType": "4WD/4-Wheel Drive/4x4",
			"EngineCylinders": "6",
			"EngineConfiguration": "V-Shaped",
			"EngineHP": "375",
			"EngineModel": "GTDI",
			"DisplacementL": "3.5",
			"FuelTypePrimary": "Gasoline",
			"FuelTypeSecondary": "",
			"TransmissionStyle": "",
			"Trim": "",
			"ErrorCode": "0",
			"SuggestedVIN": "",
		}
	],
}


def test_a_reply_of_nhtsa():
	found = read_reply(F150)
	assert (found.make, found.model) == ("FORD", "F-150")
	assert found.fields == {
		"year": 2021,
		"body": "Pickup",
		"drive": "Full",
		"power": 375,
		"fuel": "Petrol",
		"engine": "3.5 V6 GTDI",
	}
	assert found.price is None


@pytest.mark.parametrize(
	("values", "field", "expected"),
	[
		({"BodyClass": "Sport Utility Vehicle (SUV)/Multi-Purpose Vehicle (MPV)"}, "body", "SUV"),
		({"BodyClass": "Sedan/Saloon"}, "body", "Sedan"),
		({"BodyClass": "Hatchback/Liftback/Notchback"}, "body", "Hatchback"),
		({"BodyClass": "Minivan"}, "body", "Minivan"),
		({"BodyClass": "Spaceship"}, "body", None),
		({"DriveType": "FWD/Front-Wheel Drive"}, "drive", "Front"),
		({"DriveType": "AWD/All-Wheel Drive"}, "drive", "Full"),
		({"DriveType": "RWD/Rear-Wheel Drive"}, "drive", "Rear"),
		({"TransmissionStyle": "Continuously Variable Transmission (CVT)"}, "transmission", "CVT"),
		({"TransmissionStyle": "Automatic"}, "transmission", "Automatic"),
		({"TransmissionStyle": "Manual/Standard"}, "transmission", "Manual"),
		({"FuelTypePrimary": "Gasoline", "FuelTypeSecondary": "Electric"}, "fuel", "Hybrid"),
		(
			{"FuelTypePrimary": "Gasoline", "ElectrificationLevel": "HEV (Hybrid Electric Vehicle)"},
			"fuel",
			"Hybrid",
		),
		({"FuelTypePrimary": "Electric"}, "fuel", "Electric"),
		({"FuelTypePrimary": "Diesel"}, "fuel", "Diesel"),
		({"EngineHP": "279.6"}, "power", 280),
		({"EngineHP": "about 300"}, "power", None),
		({"ModelYear": ""}, "year", None),
		({"DisplacementL": "2.0", "EngineCylinders": "4"}, "engine", "2.0 L4"),
	],
)
def test_values_of_nhtsa(values, field, expected):
	found = read_reply({"Results": [{"Make": "FORD", **values}]})
	assert found.fields.get(field) == expected


@pytest.mark.parametrize(
	"reply", [{}, {"Results": []}, {"Results": [{"Make": "", "Model": "", "ModelYear": "2020"}]}]
)
def test_nhtsa_does_not_know_the_car(reply):
	assert read_reply(reply) is None


# -- Autoteka --------------------------------------------------------------------------------------

PREVIEW = {
	"result": {
		"preview": {
			"previewId": 77,
			"status": "success",
			"vin": "XTA21099043000000",
			"regNumber": "А123АА77",
			"data": {"brand": "LADA (ВАЗ)", "model": "Vesta", "year": 2019, "sellByProSeller": False},
		}
	}
}
SPECIFICATION = {
	"specificationId": 502,
	"status": "success",
	"data": {
		"brand": {"label": "LADA (ВАЗ)", "valueId": 1},
		"model": {"label": "Vesta", "valueId": 2},
		"generation": {"label": "I (2015—2023)", "valueId": 3},
		"modification": {"label": "1.6 MT (106 л.с.)", "valueId": 4},
		"year": {"label": "2019"},
		"bodyType": {"label": "Седан"},
		"transmission": {"label": "Механика"},
		"drive": {"label": "Передний"},
		"color": {"label": "Белый"},
	},
}


def test_a_preview_of_autoteka():
	found = autoteka.read_preview(autoteka.preview_of(PREVIEW))
	assert (found.make, found.model) == ("LADA (ВАЗ)", "Vesta")
	assert found.fields == {"year": 2019, "licence_plate": "А123АА77"}


@pytest.mark.parametrize("preview", [{"status": "notFound"}, {"status": "success", "data": {}}, {}])
def test_autoteka_does_not_know_the_car(preview):
	assert autoteka.read_preview(preview) is None


def test_a_specification_of_autoteka():
	assert autoteka.specification_fields(SPECIFICATION) == {
		"body": "Sedan",
		"transmission": "Manual",
		"drive": "Front",
		"color": "Белый",
		"trim": "1.6 MT (106 л.с.)",
	}


def test_the_question_for_a_price_needs_generation_and_modification():
	preview = autoteka.read_preview(autoteka.preview_of(PREVIEW))
	known = {"mileage": 80_000, "owners_count": 2}
	asked = autoteka.valuation_question(SPECIFICATION, preview, "XTA", known)
	assert asked["mileage"] == 80_000
	assert asked["specification"] == {
		"brand": "LADA (ВАЗ)",
		"model": "Vesta",
		"generation": "I (2015—2023)",
		"modification": "1.6 MT (106 л.с.)",
		"year": 2019,
		"ownersCount": 2,
	}
	assert autoteka.valuation_question({"data": {}}, preview, "XTA", known) is None


@pytest.mark.parametrize(
	("valuation", "expected"),
	[
		(
			{
				"avgMarketPrice": 900_000,
				"avgPriceWithCondition": 870_000,
				"itemsCount": 41,
				"marketNormalPriceRange": {"min": 820_000, "max": 930_000},
			},
			{
				"price": Decimal(870_000),
				"price_from": Decimal(820_000),
				"price_to": Decimal(930_000),
				"offers": 41,
			},
		),
		(
			{"avgMarketPrice": 900_000, "minPrice": 1, "maxPrice": None},
			{"price": Decimal(900_000), "price_from": Decimal(1), "price_to": None, "offers": 0},
		),
		({"avgMarketPrice": 0}, {}),
		(None, {}),
	],
)
def test_a_valuation_of_autoteka(valuation, expected):
	assert autoteka.read_valuation({"result": {"status": "success", "valuation": valuation}}) == expected


def test_nothing_found_is_no_price():
	assert autoteka.read_valuation({"result": {"status": "notFound"}}) == {}


# -- secrets ---------------------------------------------------------------------------------------


def test_secrets_are_hidden_wherever_they_stand():
	sent = {
		"client_secret": "s3cret",
		"Authorization": "Bearer abc",
		"body": [{"note": "key s3cret!", "token_type": "Bearer", "access_token": "abc"}],
		"vin": "XTA",
		"number": 5,
	}
	hidden = mask(sent, ["s3cret"])
	assert hidden == {
		"client_secret": "***",
		"Authorization": "***",
		"body": [{"note": "key ***!", "token_type": "Bearer", "access_token": "***"}],
		"vin": "XTA",
		"number": 5,
	}
	assert "s3cret" not in masked_json(sent, ["s3cret"])
	assert sent["client_secret"] == "s3cret", "the request itself is not touched"
