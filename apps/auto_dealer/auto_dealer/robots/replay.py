"""How often a robot would have fired in the past. Only reads: no effect is called, nothing is written.

The past is taken from what was logged: stages from Deal Stage Log, changes from Version, files and enquiries from their
own tables. Conditions are judged by the values that the documents have today; the answer says so.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, get_datetime

from auto_dealer.robots import clock
from auto_dealer.robots.conditions import SPECIALS, STANDARD, Values, judge
from auto_dealer.robots.load_robots import from_document
from auto_dealer.robots.render import render
from auto_dealer.robots.rules.expressions import names_in
from auto_dealer.robots.rules.robot import (
	BEFORE_DATE,
	FIELD_CHANGED,
	FILE_ATTACHED,
	MESSAGE_RECEIVED,
	REPEAT_IN_STAGE,
	SAVED,
	STAGE_ENTERED,
	STAGE_LEFT,
	TIME_IN_STAGE,
	RobotRule,
)
from auto_dealer.robots.stage_of import stage_field
from auto_dealer.robots.texts import texts_of
from auto_dealer.robots.watched_date import date_field

MOST_EVENTS = 200_000
SHOWN = 20
CHUNK = 2000
NEEDED = ("name", "pipeline", "contact", "object_kind", "client_kind", "responsible", "department", "title")


class Moment:
	"""Something that happened in the past to a document: when, and for how long it stayed so."""

	__slots__ = ("at", "name", "until")

	def __init__(self, name: str, at: datetime, until: datetime | None = None):
		self.name, self.at, self.until = name, at, until


def replay(draft, days: int) -> dict[str, Any]:
	"""`fired` times on `documents`, `considered` events, `examples` with rendered texts, `by_day`."""
	robot, now = from_document(draft), clock.now()
	since = add_days(now, -days)
	moments = find_moments(robot, since, now)
	docs = read_documents(robot, {moment.name for moment in moments})
	fired: list[tuple[str, datetime]] = []
	refused: Counter[str] = Counter()
	verdicts = {name: judge(robot.condition, Values(doc, None, robot.event)) for name, doc in docs.items()}
	for moment in moments:
		verdict = verdicts.get(moment.name)
		if not verdict:
			continue
		if not verdict.is_met:
			refused[verdict.reason] += 1
			continue
		fired += [(moment.name, at) for at in runs_of(robot, moment, since, now)]
	return {
		"considered": len(moments),
		"fired": len(fired),
		"documents": len({name for name, _at in fired}),
		"refused": [{"reason": reason, "count": count} for reason, count in refused.most_common(5)],
		"by_day": sorted(Counter(str(at.date()) for _name, at in fired).items()),
		"examples": _examples(draft, fired),
		"note": _("Conditions are judged by the values that the documents have today."),
	}


def runs_of(robot: RobotRule, moment: Moment, since: datetime, now: datetime) -> list[datetime]:
	"""The moments within the time when the robot would have run on this event."""
	delay = timedelta(seconds=robot.delay)
	end = min(moment.until or now, now)
	if robot.event == REPEAT_IN_STAGE:
		every = timedelta(seconds=robot.repeat_every)
		first = moment.at + (delay or every)
		skipped = max(0, -((first - since) // every)) if first < since else 0
		count = max(0, (end - first) // every + 1) if end >= first else 0
		return [first + every * number for number in range(skipped, min(count, skipped + 400))]
	at = moment.at + delay if robot.event in (STAGE_ENTERED, TIME_IN_STAGE) else moment.at
	held = at <= end if robot.ends_with_stage else at <= now
	return [at] if held and at >= since else []


def find_moments(robot: RobotRule, since: datetime, now: datetime) -> list[Moment]:
	if robot.document_type == "Auto Deal" and robot.event in (
		STAGE_ENTERED,
		TIME_IN_STAGE,
		REPEAT_IN_STAGE,
		STAGE_LEFT,
	):
		return _from_stage_log(robot, since)
	if robot.is_swept:
		return _from_dates(robot, since, now)
	if robot.event in (SAVED, FIELD_CHANGED):
		return _from_versions(robot, since)
	if robot.event == FILE_ATTACHED:
		rows = frappe.db.sql(
			"""select attached_to_name, creation from `tabFile` where attached_to_doctype = %s and creation >= %s
			order by creation limit %s""",
			(robot.document_type, since, MOST_EVENTS),
		)
		return [Moment(*row) for row in rows]
	if robot.event == MESSAGE_RECEIVED:
		rows = frappe.db.sql(
			"select deal, creation from `tabAuto Lead` where status = 'Attached to Deal' and creation >= %s limit %s",
			(since, MOST_EVENTS),
		)
		return [Moment(*row) for row in rows if row[0]]
	return []


def _from_stage_log(robot: RobotRule, since: datetime) -> list[Moment]:
	"""Entries (or exits) of the stage, each with the moment it was left. What began before `since` may run in it."""
	column = "from_stage" if robot.event == STAGE_LEFT else "to_stage"
	begin = (
		since
		if robot.event == STAGE_LEFT
		else since - timedelta(seconds=max(robot.delay, robot.repeat_every * 400))
	)
	conditions, values = ["log.changed_at >= %s"], [begin]
	if robot.stage:
		conditions.append(f"log.`{column}` = %s")
		values.append(robot.stage)
	if robot.pipeline:
		conditions.append("log.pipeline = %s")
		values.append(robot.pipeline)
	rows = frappe.db.sql(
		f"""select log.deal, log.changed_at,
			(select min(later.changed_at) from `tabDeal Stage Log` later
			where later.deal = log.deal and later.changed_at > log.changed_at)
		from `tabDeal Stage Log` log
		where {" and ".join(conditions)} and log.`{column}` is not null
		order by log.changed_at limit {MOST_EVENTS}""",  # noqa: S608
		values,
	)
	return [Moment(*row) for row in rows]


def _from_dates(robot: RobotRule, since: datetime, now: datetime) -> list[Moment]:
	"""Documents whose date, shifted by the delay, lies in the time."""
	field = date_field(robot)
	shift = timedelta(seconds=robot.delay) * (1 if robot.event in BEFORE_DATE else -1)
	filters = [[field, "between", [since + shift, now + shift]]]
	if robot.stage:
		filters.append([stage_field(robot.document_type), "=", robot.stage])
	if robot.pipeline:
		filters.append(["pipeline", "=", robot.pipeline])
	rows = frappe.get_all(
		robot.document_type, filters, ["name", f"{field} as at"], limit=MOST_EVENTS, order_by=None
	)
	return [Moment(row.name, get_datetime(row.at) - shift) for row in rows]


def _from_versions(robot: RobotRule, since: datetime) -> list[Moment]:
	"""Changes that Frappe kept; a field's name stands in them between quotes."""
	pattern = f'%["{robot.watched_field}"%' if robot.event == FIELD_CHANGED else "%"
	compact = f'%[\n%"{robot.watched_field}"%' if robot.event == FIELD_CHANGED else "%"
	rows = frappe.db.sql(
		"""select docname, creation from `tabVersion` where ref_doctype = %s and creation >= %s
		and (data like %s or data like %s) order by creation limit %s""",
		(robot.document_type, since, pattern, compact, MOST_EVENTS),
	)
	return [Moment(*row) for row in rows]


def read_documents(robot: RobotRule, names: set[str]) -> dict[str, Any]:
	"""The documents' own fields that condition and stage need, many in one query, as the caller may read them."""
	meta = frappe.get_meta(robot.document_type)
	asked = {name for name in names_in(robot.condition) if name not in SPECIALS} if robot.condition else set()
	fields = {
		name
		for name in (*NEEDED, *asked, stage_field(robot.document_type))
		if name in STANDARD or meta.has_field(name)
	}
	if robot.condition and "doc" in names_in(robot.condition):
		fields = {"*"}
	found = {}
	ordered = sorted(names)
	for start in range(0, len(ordered), CHUNK):
		rows = frappe.get_list(
			robot.document_type,
			{"name": ("in", ordered[start : start + CHUNK])},
			sorted(fields | {"name"} - {"*"} if "*" not in fields else fields),
			limit=CHUNK,
			order_by=None,
		)
		for row in rows:
			row.doctype = robot.document_type
			found[row.name] = row
	return found


def _examples(draft, fired: list[tuple[str, datetime]]) -> list[dict[str, Any]]:
	"""The newest ones, with their texts."""
	examples = []
	subject, text = texts_of(draft)
	for name, at in sorted(fired, key=lambda row: row[1], reverse=True)[:SHOWN]:
		doc = frappe.get_doc(draft.document_type, name)
		examples.append(
			{
				"name": name,
				"title": doc.get_title(),
				"at": at,
				"subject": render(subject, doc),
				"message": render(text, doc),
			}
		)
	return examples
