"""Mileage, years, titles, and what free text says about a make and model."""

import datetime
import json
from pathlib import Path

import pytest

from auto_dealer.vehicles.rules.make_names import MakeNames, Model, fold
from auto_dealer.vehicles.rules.mileage import Reading, last_reading, unexplained_falls
from auto_dealer.vehicles.rules.model_year import is_plausible_year
from auto_dealer.vehicles.rules.vehicle_title import vehicle_title

SEED = Path(__file__).parents[2] / "apps/auto_dealer/auto_dealer/setup/seed_data/makes.json"
MAKES = json.loads(SEED.read_text())
NAMES = MakeNames(
	{make["make"]: make["aliases"] for make in MAKES},
	[
		Model(f"{make['make']} {model['model']}", make["make"], (model["model"], *model.get("aliases", ())))
		for make in MAKES
		for model in make["models"]
	],
)


def day(number: int) -> datetime.date:
	return datetime.date(2026, 1, number)


def test_the_last_reading_is_the_newest_not_the_highest():
	readings = [
		Reading(1, day(5), 9000, "new odometer"),
		Reading(2, day(1), 120000),
		Reading(3, day(2), 121000),
	]
	assert last_reading(readings) == 9000
	assert unexplained_falls(readings) == []
	assert last_reading([]) == 0


def test_a_fall_needs_a_reason():
	before, fallen = Reading(1, day(1), 120000), Reading(2, day(2), 119999, "  ")
	assert unexplained_falls([before, fallen]) == [(before, fallen)]
	assert unexplained_falls([before, fallen._replace(reason="typing mistake")]) == []
	assert unexplained_falls([before, fallen._replace(kilometres=120000)]) == []


def test_two_readings_of_a_day_stay_in_their_order():
	assert last_reading([Reading(1, day(1), 10), Reading(2, day(1), 20)]) == 20


@pytest.mark.parametrize(
	("year", "fine"), [(2026, True), (2027, True), (2028, False), (1886, True), (1800, False), (3, False)]
)
def test_years(year, fine):
	assert is_plausible_year(year, 2026) is fine


def test_titles():
	assert (
		vehicle_title("Toyota", "Toyota Camry", 2019, "А123ВС777", "XTA") == "Toyota Camry 2019 · А123ВС777"
	)
	assert vehicle_title("Toyota", None, None, None, "XTA210990Y1234567") == "Toyota · XTA210990Y1234567"
	assert vehicle_title(frame_number="NT32024680") == "NT32024680"
	assert vehicle_title() == ""
	assert len(vehicle_title("x" * 300)) == 140


@pytest.mark.requirement("R138")
@pytest.mark.parametrize(
	("text", "make", "model"),
	[
		("Тойота Камри", "Toyota", "Toyota Camry"),
		("TOYOTA CAMRY 2.5 AT", "Toyota", "Toyota Camry"),
		("Камри", "Toyota", "Toyota Camry"),
		("рав4", "Toyota", "Toyota RAV4"),
		("Рав 4 2019", "Toyota", "Toyota RAV4"),
		("VW Polo", "Volkswagen", "Volkswagen Polo"),
		("Мерседес-Бенц E200", "Mercedes-Benz", "Mercedes-Benz E-Class"),
		("БМВ X5 3.0d", "BMW", "BMW X5"),
		("Лада Веста СВ Кросс", "Lada", "Lada Vesta SW Cross"),
		("киа рио", "Kia", "Kia Rio"),
		("Хёндэ Крета", "Hyundai", "Hyundai Creta"),
		("чёрный Хавал Джолион, 2022", "Haval", "Haval Jolion"),
		("Чери Тигго 7 про макс", "Chery", "Chery Tiggo 7 Pro Max"),
		("Газель Некст", "GAZ", "GAZ GAZelle Next"),
		("ленд крузер прадо", "Toyota", "Toyota Land Cruiser Prado"),
		("Land Rover Range Rover Sport", "Land Rover", "Land Rover Range Rover Sport"),
		("Lixiang L9", "Li Auto", "Li Auto L9"),
		("Тойота", "Toyota", None),
		("Тойота неизвестная", "Toyota", None),
		("х5", None, None),  # of several makes
		("велосипед", None, None),
		("", None, None),
		(None, None, None),
	],
)
def test_what_a_text_means(text, make, model):
	assert NAMES.resolve(text) == (make, model)


@pytest.mark.requirement("R138")
def test_the_shipped_list_is_the_market_and_is_sound():
	makes = {make["make"] for make in MAKES}
	assert len(MAKES) == len({make.lower() for make in makes}) >= 70
	assert sum(len(make["models"]) for make in MAKES) >= 600
	chinese = {
		"Chery",
		"Haval",
		"Geely",
		"Changan",
		"Exeed",
		"Omoda",
		"Jetour",
		"Tank",
		"Li Auto",
		"Zeekr",
		"FAW",
		"Kaiyi",
	}
	assert makes >= chinese | {
		"Lada",
		"UAZ",
		"GAZ",
		"KAMAZ",
		"Moskvich",
		"Belgee",
		"Dongfeng",
		"JAC",
		"Toyota",
		"Kia",
		"BMW",
	}
	for make in MAKES:
		models = [model["model"].lower() for model in make["models"]]
		assert len(models) == len(set(models)) > 0, make["make"]
		assert make["aliases"], make["make"]
		assert all(len(f"{make['make']} {model['model']}") <= 140 for model in make["models"])


def test_no_alias_of_a_make_belongs_to_two():
	owners: dict[str, set] = {}
	for make in MAKES:
		for name in (make["make"], *make["aliases"]):
			owners.setdefault(fold(name), set()).add(make["make"])
	assert {name: found for name, found in owners.items() if len(found) > 1} == {}
