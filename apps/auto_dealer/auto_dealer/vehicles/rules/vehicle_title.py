"""How a car is called in lists and links."""

LENGTH = 140


def vehicle_title(
	make: str | None = None,
	model: str | None = None,
	year: int | None = None,
	plate: str | None = None,
	vin: str | None = None,
	frame_number: str | None = None,
) -> str:
	"""`Toyota Camry 2019 · А123ВС777`; `model` is the model's full name with the make. Without a plate the VIN stands."""
	car = " ".join(str(part) for part in (model or make, year) if part)
	return " · ".join(part for part in (car, plate or vin or frame_number) if part)[:LENGTH]
