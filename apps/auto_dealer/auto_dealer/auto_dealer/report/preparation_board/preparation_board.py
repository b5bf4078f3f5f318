"""Every car between buyout and sale: days in each step, money, the late step. The figures come from `processes.board`."""

from __future__ import annotations

from frappe import _

from auto_dealer.processes import board

MONEY = ("purchase_cost", "works_cost", "total_cost")


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict]]:
	"""Rows of the deals that the user sees; money only for those who may read what a car has cost."""
	found = board.get_board((filters or {}).get("pipeline"))
	steps = [(step["pipeline"], step["stage"]) for step in found["steps"]]
	names = stage_names(steps)
	return columns(names, found["shows_money"]), [row_of(car, names) for car in found["cars"]]


def stage_names(steps: list[tuple[str, str]]) -> list[str]:
	"""Steps of the same name in two pipelines share a column."""
	return list(dict.fromkeys(stage for _pipeline, stage in steps))


def row_of(car: dict, names: list[str]) -> dict:
	spent = {name: 0.0 for name in names}
	for step, days in car["days"].items():
		stage = step.split("|", 1)[1]
		if stage in spent:
			spent[stage] += days
	return {
		**car,
		"stage": _(car["stage"]),
		"pipeline": _(car["pipeline"]),
		"ownership": _(car["ownership"], context="Auto Vehicle"),
		"late_step": _(car["late_step"]) if car["late_step"] else "",
		**{f"step_{number}": round(spent[name], 1) for number, name in enumerate(names)},
	}


def columns(names: list[str], shows_money: bool) -> list[dict]:
	found = [
		column("title", _("Car"), "Data", 220),
		column("deal", _("Deal"), "Link", 100, "Auto Deal"),
		column("ownership", _("Ownership"), "Data", 150),
		column("pipeline", _("Pipeline"), "Data", 110),
		column("stage", _("Stage"), "Data", 160),
		column("days_in_step", _("Days in Step"), "Float", 125),
		column("total_days", _("Days in All"), "Float", 115),
		column("late_step", _("Late Step"), "Data", 160),
		column("late_days", _("Days Late"), "Float", 130),
		column("responsible", _("Responsible"), "Link", 140, "User"),
	]
	if shows_money:
		labels = (_("Purchase Cost"), _("Cost of Works"), _("Cost in All"))
		found += [column(field, label, "Currency", 120) for field, label in zip(MONEY, labels, strict=True)]
	found += [
		column(f"step_{number}", f"{_(name)}, {_('days')}", "Float", 150) for number, name in enumerate(names)
	]
	return found


def column(fieldname: str, label: str, fieldtype: str, width: int, options: str | None = None) -> dict:
	extra = {"options": options} if options else {}
	precision = {"precision": 1} if fieldtype == "Float" else {}
	return {
		"fieldname": fieldname,
		"label": label,
		"fieldtype": fieldtype,
		"width": width,
		**extra,
		**precision,
	}
