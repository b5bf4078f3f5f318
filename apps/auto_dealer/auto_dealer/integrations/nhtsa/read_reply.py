"""A reply of NHTSA vPIC `DecodeVinValues` → what an appraisal can use. All values of the reply are texts, "" is unknown."""

from __future__ import annotations

from collections.abc import Mapping

from auto_dealer.appraisal.vin_services.interface import VinData

FUELS = (
	("electric", "Electric"),
	("hybrid", "Hybrid"),
	("diesel", "Diesel"),
	("gasoline", "Petrol"),
	("flex", "Petrol"),
	("natural gas", "Gas"),
	("propane", "Gas"),
)
BODIES = (
	("pickup", "Pickup"),
	("convertible", "Convertible"),
	("hatchback", "Hatchback"),
	("wagon", "Wagon"),
	("crossover", "Crossover"),
	("sport utility", "SUV"),
	("minivan", "Minivan"),
	("coupe", "Coupe"),
	("sedan", "Sedan"),
	("van", "Van"),
	("bus", "Bus"),
	("truck", "Truck"),
)
GEARBOXES = (
	("continuously", "CVT"),
	("dual-clutch", "Robot"),
	("automat", "Automatic"),
	("manual", "Manual"),
)
DRIVES = (
	("4wd", "Full"),
	("awd", "Full"),
	("4x4", "Full"),
	("fwd", "Front"),
	("rwd", "Rear"),
	("4x2", "Rear"),
)
# Codes of ErrorText: 0 clean, 1 check digit; others say that the VIN is wrong or unknown in part.
USABLE = ("Make", "Model")


def read_reply(reply: Mapping) -> VinData | None:
	"""None when the service knows neither make nor model."""
	results = reply.get("Results") or []
	car = results[0] if results else {}
	if not any(text(car, name) for name in USABLE):
		return None
	fields = {
		"year": number(car, "ModelYear"),
		"body": pick(car, "BodyClass", BODIES),
		"fuel": fuel(car),
		"transmission": pick(car, "TransmissionStyle", GEARBOXES),
		"drive": pick(car, "DriveType", DRIVES),
		"power": number(car, "EngineHP"),
		"engine": engine(car),
		"trim": text(car, "Trim"),
	}
	return VinData(
		make=text(car, "Make") or None,
		model=text(car, "Model") or None,
		fields={field: value for field, value in fields.items() if value},
	)


def text(car: Mapping, name: str) -> str:
	return str(car.get(name) or "").strip()


def number(car: Mapping, name: str) -> int:
	"""375.0 and 375 alike; 0 for what is no number."""
	try:
		return round(float(text(car, name)))
	except ValueError:
		return 0


def pick(car: Mapping, name: str, choices: tuple[tuple[str, str], ...]) -> str:
	"""The first choice whose word stands in the value."""
	value = text(car, name).lower()
	return next((choice for word, choice in choices if word in value), "")


def fuel(car: Mapping) -> str:
	"""A second engine or a named electrification makes a hybrid."""
	level = text(car, "ElectrificationLevel").lower()
	if "hev" in level or "hybrid" in level or (text(car, "FuelTypeSecondary").lower() == "electric"):
		return "Hybrid"
	return pick(car, "FuelTypePrimary", FUELS)


def engine(car: Mapping) -> str:
	"""`3.5 V6 GTDI`: displacement, arrangement with cylinders, model, as far as they are known."""
	try:
		volume = f"{float(text(car, 'DisplacementL')):.1f}"
	except ValueError:
		volume = ""
	cylinders = text(car, "EngineCylinders")
	shape = "V" if "v-" in text(car, "EngineConfiguration").lower() else "L" if cylinders else ""
	parts = (volume, f"{shape}{cylinders}" if cylinders else "", text(car, "EngineModel"))
	return " ".join(part for part in parts if part)
