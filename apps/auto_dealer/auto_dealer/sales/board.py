"""Data of the Deals Board: the columns of one pipeline with their first cards, and further pages of a column.

	board  = {pipeline, currency, page_length, total, stages: [column]}
	column = {stage, kind, color, next_step, deadline_hours, count, is_capped, sum, cards: [card]}
	card   = {name, title, client_name, phone, car, amount, currency, stage_changed_at, stage_deadline,
	          seconds_in_stage, is_overdue, is_closed, is_unsorted, responsible, responsible_name, initials}

What is empty or zero is left out of a card, and the next step stands in its column: a full board stays under 100 KB.
Everything obeys the session user's rights. Counts and sums are made by the database and stop at `COUNT_CAP` deals a
column; `sum` adds the deals in the board's currency.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import cint, get_datetime, now_datetime

from auto_dealer.pipelines.load_pipeline import load
from auto_dealer.sales.board_filters import BoardFilter, make_filter
from auto_dealer.sales.company_currency import company_currency
from auto_dealer.sales.rules.deal_card import car_of_title, initials

PAGE_LENGTH = 20
COUNT_CAP = 1000
DEAL = "`tabAuto Deal`"
CARD_FIELDS = (
	"name",
	"title",
	"client_name",
	"phone",
	"vehicle_title",
	"amount",
	"currency",
	"stage",
	"stage_changed_at",
	"stage_deadline",
	"is_closed",
	"is_unsorted",
	"responsible",
)
CARD_COLUMNS = ", ".join(f"{DEAL}.{field}" for field in CARD_FIELDS)
FILTERS = dict[str, Any] | str | None


@frappe.whitelist()
def get_board(pipeline: str, filters: FILTERS = None) -> dict[str, Any]:
	"""The board of a pipeline: every enabled stage with count, sum and its first 20 cards. At most 12 SQL.

	`filters`: responsible, ad_channel, text, from_date, to_date (creation), only_with_deals (leave out empty columns).
	"""
	frappe.has_permission("Auto Deal", "read", throw=True)
	rule = load(pipeline)
	currency = company_currency()
	options = _parse(filters)
	condition = make_filter(pipeline, options)
	totals = _read_totals(condition, [stage.name for stage in rule.enabled], currency)
	stages = [stage.name for stage in rule.enabled if totals.get(stage.name)]
	cards = _read_cards(condition, stages)
	columns = [
		_make_column(stage, totals.get(stage.name), cards.get(stage.name, [])) for stage in rule.enabled
	]
	if cint(options.get("only_with_deals")):
		columns = [column for column in columns if column["count"]]
	return {
		"pipeline": pipeline,
		"currency": currency,
		"page_length": PAGE_LENGTH,
		"total": sum(column["count"] for column in columns),
		"stages": columns,
	}


@frappe.whitelist()
def get_column(pipeline: str, stage: str, start: int = 0, filters: FILTERS = None) -> dict[str, Any]:
	"""The next 20 cards of a column, from `start`; `has_more` says whether there are others after them."""
	frappe.has_permission("Auto Deal", "read", throw=True)
	found = load(pipeline).find(stage)
	if not found:
		return {"stage": stage, "cards": [], "has_more": False}
	condition = make_filter(pipeline, _parse(filters))
	rows = _read_cards(condition, [stage], max(cint(start), 0), PAGE_LENGTH + 1).get(stage, [])
	cards = [_complete(card) for card in rows[:PAGE_LENGTH]]
	return {"stage": stage, "cards": cards, "has_more": len(rows) > PAGE_LENGTH}


def _read_totals(condition: BoardFilter, stages: list[str], currency: str | None) -> dict[str, frappe._dict]:
	"""Count and sum of each stage in one query; each stage reads at most COUNT_CAP index entries."""
	if not stages or condition.is_empty:
		return {}
	part = f"""(select %s as stage, count(*) as deals, sum(if(ifnull(currency, %s) = %s, amount, 0)) as amount
		from (select {DEAL}.amount, {DEAL}.currency from {DEAL} {condition.hint}
		where {DEAL}.pipeline = %s and {DEAL}.stage = %s {condition.sql} limit {COUNT_CAP + 1}) capped)"""  # noqa: S608 (no value is in the text)
	values = []
	for stage in stages:
		values += [stage, currency, currency, condition.pipeline, stage, *condition.values]
	rows = frappe.db.sql(" union all ".join([part] * len(stages)), values, as_dict=True)
	return {row.stage: row for row in rows if row.deals}


def _read_cards(
	condition: BoardFilter, stages: list[str], start: int = 0, length: int = PAGE_LENGTH
) -> dict[str, list[frappe._dict]]:
	"""The cards of these stages, those that came into the stage last first, in one query."""
	if not stages or condition.is_empty:
		return {}
	part = f"""(select {CARD_COLUMNS}, u.full_name as responsible_name from {DEAL} {condition.hint}
		left join tabUser u on u.name = {DEAL}.responsible
		where {DEAL}.pipeline = %s and {DEAL}.stage = %s {condition.sql}
		order by {DEAL}.stage_changed_at desc limit {int(length)} offset {int(start)})"""  # noqa: S608
	values = []
	for stage in stages:
		values += [condition.pipeline, stage, *condition.values]
	cards: dict[str, list[frappe._dict]] = {}
	for row in frappe.db.sql(" union all ".join([part] * len(stages)), values, as_dict=True):
		cards.setdefault(row.stage, []).append(row)
	return cards


def _make_column(stage, total: frappe._dict | None, cards: list[frappe._dict]) -> dict[str, Any]:
	count = total.deals if total else 0
	return {
		"stage": stage.name,
		"kind": stage.kind,
		"color": stage.color,
		"next_step": stage.next_step,
		"deadline_hours": stage.deadline_hours,
		"count": min(count, COUNT_CAP),
		"is_capped": count > COUNT_CAP,
		"sum": float(total.amount or 0) if total else 0.0,
		"cards": [_complete(card) for card in cards],
	}


def _complete(card: frappe._dict) -> dict[str, Any]:
	"""The card as it is sent: with what is worked out, without what is empty."""
	now = now_datetime()
	since = get_datetime(card.stage_changed_at) if card.stage_changed_at else now
	deadline = get_datetime(card.stage_deadline) if card.stage_deadline else None
	sent = {
		**{field: card[field] for field in ("name", "title", "client_name", "phone", "amount", "currency")},
		"car": card.vehicle_title or car_of_title(card.title, card.client_name),
		"stage_changed_at": str(since)[:19],
		"stage_deadline": str(deadline)[:19] if deadline and not card.is_closed else None,
		"seconds_in_stage": max(int((now - since).total_seconds()), 0),
		"is_overdue": bool(deadline and not card.is_closed and deadline < now),
		"is_closed": card.is_closed,
		"is_unsorted": card.is_unsorted,
		"responsible": card.responsible,
		"responsible_name": card.responsible_name,
		"initials": initials(card.responsible_name or card.responsible),
	}
	if sent["client_name"]:
		# The title and the phone stand in for a name that is missing; Cyrillic is sent six bytes a letter.
		sent["title"] = sent["phone"] = None
	return {key: value for key, value in sent.items() if value}


def _parse(filters: FILTERS) -> dict[str, Any]:
	parsed = frappe.parse_json(filters) if filters else {}
	return parsed if isinstance(parsed, dict) else {}
