"""Free text of an enquiry or an import → the masters Vehicle Make and Vehicle Model."""

import frappe

from auto_dealer.vehicles.rules.make_names import MakeNames, Model

CACHE = "auto_dealer:make_names"


def resolve_make_model(text: str | None) -> tuple[str | None, str | None]:
	"""(Vehicle Make, Vehicle Model) that `Тойота Камри` means; None for what is not among the masters."""
	return _names().resolve(text) if text else (None, None)


def forget_make_names(doc=None, method=None) -> None:
	"""Called when a make or model was saved, renamed or deleted."""
	frappe.cache.delete_value(CACHE)
	frappe.local.make_names = None


def _names() -> MakeNames:
	"""One index a request; its rows come from the cache of the site."""
	if getattr(frappe.local, "make_names", None) is None:
		makes, models = frappe.cache.get_value(CACHE, _rows)
		frappe.local.make_names = MakeNames(makes, [Model(*model) for model in models])
	return frappe.local.make_names


def _rows() -> tuple[dict, list]:
	makes = frappe.get_all("Vehicle Make", {"is_enabled": 1}, ["name", "aliases"], order_by="creation, name")
	models = frappe.get_all(
		"Vehicle Model",
		{"is_enabled": 1},
		["name", "make", "model_name", "aliases"],
		order_by="creation, name",
	)
	return (
		{make.name: _lines(make.aliases) for make in makes},
		[(model.name, model.make, (model.model_name, *_lines(model.aliases))) for model in models],
	)


def _lines(text: str | None) -> list[str]:
	return [line.strip() for line in (text or "").splitlines() if line.strip()]
