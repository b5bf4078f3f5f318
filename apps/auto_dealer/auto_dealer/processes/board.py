"""Every car between buyout and sale: where it is, for how long, what it has cost so far, what is late.

Rows are those of the deals that the user sees; money only for those who may read what a car has cost.
"""

from __future__ import annotations

import frappe
from frappe.utils import flt, get_datetime

from auto_dealer.notices import clock
from auto_dealer.permissions.conditions import visible_sql
from auto_dealer.pipelines.load_pipeline import load
from auto_dealer.pipelines.rules.stages import PipelineRule
from auto_dealer.processes.rules.preparation import Move, days, find_late, time_in_steps

CAR = "Auto Vehicle"
KINDS = ("Buyout", "Commission")
MOST = 500
CARS = """select `tabAuto Deal`.name as deal, `tabAuto Deal`.pipeline, `tabAuto Deal`.stage,
	`tabAuto Deal`.stage_changed_at, `tabAuto Deal`.stage_deadline, `tabAuto Deal`.is_closed,
	`tabAuto Deal`.responsible, v.name as vehicle, v.title, v.vin, v.licence_plate, v.ownership, v.acquired_on,
	v.purchase_cost, v.commission_price
	from `tabAuto Deal` join `tabAuto Vehicle` v on v.name = `tabAuto Deal`.vehicle
	where coalesce(v.sold_in, '') = '' and coalesce(`tabAuto Deal`.result, '') != 'Lost'
	and (v.acquired_in = `tabAuto Deal`.name
		or (`tabAuto Deal`.is_closed = 0 and concat(`tabAuto Deal`.pipeline, '|', `tabAuto Deal`.stage) in %(steps)s))
"""


class Pipelines(dict):
	"""The rules of the pipelines, each asked for once."""

	def __missing__(self, name: str) -> PipelineRule:
		self[name] = load(name)
		return self[name]


def get_board(pipeline: str | None = None) -> dict:
	"""{steps: [{pipeline, stage, label, is_sales, cars, money}], cars: […], shows_money}."""
	rules = Pipelines()
	sources = source_pipelines()
	cars = get_cars(pipeline, rules, sources)
	steps = [
		{
			"pipeline": step[0],
			"stage": step[1],
			"cars": sum((car["pipeline"], car["stage"]) == step for car in cars),
			"money": sum(flt(car["total_cost"]) for car in cars if (car["pipeline"], car["stage"]) == step),
		}
		for step in board_steps(cars, [name for name in sources if pipeline in (None, "", name)], rules)
	]
	return {"steps": steps, "cars": cars, "shows_money": shows_money(), "pipelines": sources}


def get_cars(
	pipeline: str | None = None, rules: Pipelines | None = None, sources: list[str] | None = None
) -> list[dict]:
	"""One row a car, those that wait longest first."""
	rules = Pipelines() if rules is None else rules
	rows = read_cars(rules, source_pipelines() if sources is None else sources)
	logs, works, with_money = read_logs(rows), read_works(rows), shows_money()
	cars = [describe(row, logs.get(row.deal, []), works.get(row.deal, 0), with_money, rules) for row in rows]
	if pipeline:
		cars = [car for car in cars if pipeline in {car["pipeline"], *car["pipelines"]}]
	return sorted(cars, key=lambda car: -car["total_days"])


def read_cars(rules: Pipelines, sources: list[str]) -> list[frappe._dict]:
	steps = [f"{name}|{stage}" for name in sources for stage in prepared_stages(rules[name])]
	condition = visible_sql("Auto Deal")
	query = CARS + (f" and {condition.replace('%', '%%')}" if condition else "")
	return frappe.db.sql(f"{query} limit {MOST}", {"steps": steps or [""]}, as_dict=True)


def source_pipelines() -> list[str]:
	return frappe.get_all(
		"Deal Pipeline",
		{"deal_kind": ("in", KINDS), "is_enabled": 1},
		pluck="name",
		order_by="sort_order, name",
	)


def prepared_stages(pipeline: PipelineRule) -> list[str]:
	"""From the stage that takes the car in to the last open one."""
	stages = [stage for stage in pipeline.stages if stage.is_open and stage.is_enabled]
	taken_in = next((n for n, stage in enumerate(stages) if stage.registers_vehicle), 0)
	return [stage.name for stage in stages[taken_in:]]


def read_logs(rows: list[frappe._dict]) -> dict[str, list[frappe._dict]]:
	found: dict[str, list] = {}
	if not rows:
		return found
	for log in frappe.get_all(
		"Deal Stage Log",
		{"deal": ("in", [row.deal for row in rows])},
		["deal", "pipeline", "from_pipeline", "from_stage", "seconds_in_stage"],
		order_by="changed_at, creation",
	):
		found.setdefault(log.deal, []).append(log)
	return found


def read_works(rows: list[frappe._dict]) -> dict[str, float]:
	"""What the detailing of each deal costs, without what was cancelled."""
	if not rows:
		return {}
	found = frappe.get_all(
		"Detailing Request",
		{"deal": ("in", [row.deal for row in rows]), "state": ("!=", "Cancelled")},
		["deal", "sum(works_cost) as cost"],
		group_by="deal",
	)
	return {row.deal: flt(row.cost) for row in found}


def describe(row: frappe._dict, logs: list, works: float, with_money: bool, rules: Pipelines) -> dict:
	now, current = clock.now(), (row.pipeline, row.stage)
	since = get_datetime(row.stage_changed_at) if row.stage_changed_at else None
	moves = [
		Move(log.from_pipeline or log.pipeline, log.from_stage or "", log.seconds_in_stage or 0)
		for log in logs
	]
	spent = time_in_steps(moves, current, None if row.is_closed else since, now)
	deadline = get_datetime(row.stage_deadline) if row.stage_deadline and not row.is_closed else None
	overdue = int((now - deadline).total_seconds()) if deadline else 0
	late = find_late(spent, deadlines_of(spent, rules), current, overdue)
	money = {"purchase_cost": flt(row.purchase_cost), "works_cost": works}
	money["total_cost"] = sum(money.values())
	return {
		**{field: row[field] for field in ("deal", "vehicle", "title", "vin", "licence_plate", "ownership")},
		"pipeline": row.pipeline,
		"stage": row.stage,
		"responsible": row.responsible,
		"acquired_on": str(row.acquired_on or ""),
		"pipelines": sorted({step[0] for step in spent}),
		"days": {f"{step[0]}|{step[1]}": days(seconds) for step, seconds in spent.items()},
		"days_in_step": days(spent[current]),
		"total_days": days(sum(spent.values())),
		"late_step": late.step[1] if late else "",
		"late_days": days(late.seconds_over) if late else 0,
		"is_late_now": bool(late and late.is_now),
		**(money if with_money else dict.fromkeys(money)),
	}


def deadlines_of(steps, rules: Pipelines) -> dict[tuple[str, str], float]:
	found = {}
	for pipeline, stage in steps:
		rule = rules[pipeline].find(stage) if pipeline else None
		found[pipeline, stage] = rule.deadline_hours if rule else 0
	return found


def board_steps(cars: list[dict], sources: list[str], rules: Pipelines) -> list[tuple[str, str]]:
	"""Columns: the prepared stages of the pipelines, then whatever else has a car."""
	steps = [(name, stage) for name in sources for stage in prepared_stages(rules[name])]
	others = {(car["pipeline"], car["stage"]) for car in cars} - set(steps)
	order = {name: [stage.name for stage in rules[name].stages] for name, _stage in others}
	return [*steps, *sorted(others, key=lambda step: (step[0], order[step[0]].index(step[1])))]


def shows_money() -> bool:
	"""As the card of a car: what it has cost is for permission level 1."""
	return 1 in frappe.get_meta(CAR).get_permlevel_access("read")
