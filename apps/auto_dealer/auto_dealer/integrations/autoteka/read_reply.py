"""Replies of Autoteka → what an appraisal can use."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from auto_dealer.appraisal.vin_services.interface import VinData

SUCCESS, PROCESSING, NOT_FOUND = "success", "processing", "notFound"
FUELS = {
	"бензин": "Petrol",
	"дизель": "Diesel",
	"гибрид": "Hybrid",
	"электро": "Electric",
	"газ": "Gas",
}
BODIES = {
	"седан": "Sedan",
	"хетчбэк": "Hatchback",
	"хэтчбек": "Hatchback",
	"лифтбек": "Liftback",
	"универсал": "Wagon",
	"внедорожник": "SUV",
	"кроссовер": "Crossover",
	"купе": "Coupe",
	"кабриолет": "Convertible",
	"минивэн": "Minivan",
	"пикап": "Pickup",
	"фургон": "Van",
}
GEARBOXES = {"механика": "Manual", "автомат": "Automatic", "робот": "Robot", "вариатор": "CVT"}
DRIVES = {"передний": "Front", "задний": "Rear", "полный": "Full"}
CHOICES = (
	("body", ("bodyType", "body"), BODIES),
	("fuel", ("engineType", "fuelType"), FUELS),
	("transmission", ("transmission", "gearbox"), GEARBOXES),
	("drive", ("drive", "driveType"), DRIVES),
)


def preview_of(reply: Mapping) -> Mapping:
	return ((reply.get("result") or {}).get("preview")) or {}


def specification_of(reply: Mapping) -> Mapping:
	return ((reply.get("result") or {}).get("specification")) or {}


def label(value: object) -> str:
	"""A value as the catalogue gives it, `{label, valueId}`, or a plain one."""
	if isinstance(value, Mapping):
		value = value.get("label")
	return str(value or "").strip()


def read_preview(preview: Mapping) -> VinData | None:
	"""Make, model, year and plate; None when the service has found nothing."""
	data = preview.get("data") or {}
	if preview.get("status") == NOT_FOUND or not (label(data.get("brand")) or label(data.get("model"))):
		return None
	fields = {"year": number(data.get("year")), "licence_plate": label(preview.get("regNumber"))}
	return VinData(
		make=label(data.get("brand")) or None,
		model=label(data.get("model")) or None,
		fields={field: value for field, value in fields.items() if value},
	)


def specification_fields(specification: Mapping) -> dict[str, str | int]:
	"""What a specification adds to a preview."""
	data = specification.get("data") or specification
	fields: dict[str, str | int] = {
		"power": number(label(data.get("power") or data.get("enginePower"))),
		"color": label(data.get("color")),
		"trim": label(data.get("complectation") or data.get("modification")),
		"owners_count": number(label(data.get("ownersCount"))),
	}
	for field, names, choices in CHOICES:
		text = next((label(data.get(name)) for name in names if label(data.get(name))), "").lower()
		fields[field] = next((choice for word, choice in choices.items() if word in text), "")
	return {field: value for field, value in fields.items() if value}


def valuation_question(specification: Mapping, preview: VinData, vin: str, known: Mapping) -> dict | None:
	"""The body of a request for the market price; None when what the service insists on is not known."""
	data = specification.get("data") or specification
	asked = {
		"brand": label(data.get("brand")) or preview.make,
		"model": label(data.get("model")) or preview.model,
		"generation": label(data.get("generation")),
		"modification": label(data.get("modification")),
		"year": number(label(data.get("year"))) or preview.fields.get("year"),
		"ownersCount": known.get("owners_count") or number(label(data.get("ownersCount"))) or 1,
	}
	if not all(asked.values()):
		return None
	return {"specification": asked, "vehicleId": vin, "mileage": known.get("mileage") or 0}


def read_valuation(reply: Mapping) -> dict:
	"""{price, price_from, price_to, offers} as fields of VinData; {} when nothing was found."""
	result = reply.get("result") or {}
	valuation = result.get("valuation") or {}
	if result.get("status") != SUCCESS:
		return {}
	usual = valuation.get("marketNormalPriceRange") or {}
	found = {
		"price": money(valuation.get("avgPriceWithCondition")) or money(valuation.get("avgMarketPrice")),
		"price_from": money(usual.get("min")) or money(valuation.get("minPrice")),
		"price_to": money(usual.get("max")) or money(valuation.get("maxPrice")),
	}
	return {**found, "offers": number(valuation.get("itemsCount"))} if found["price"] else {}


def number(value: object) -> int:
	try:
		return round(float(str(value).replace(",", ".")))
	except ValueError:
		return 0


def money(value: object) -> Decimal | None:
	try:
		amount = Decimal(str(value))
	except InvalidOperation:
		return None
	return amount if amount.is_finite() and amount > 0 else None
