"""The switched-on robots as frozen rules, cached in the process; a save that starts none costs no SQL.

The cache is valid for one token in Redis, which changes when a robot's change is committed. Without Redis the robots
are read anew each time.
"""

from __future__ import annotations

import frappe

from auto_dealer.robots.rules.robot import RobotRule, seconds_of

VERSION_KEY = "auto_dealer:robots"
PARAMETERS = (
	*("recipient", "recipient_role", "recipient_user", "recipient_field", "subject", "message", "send_by"),
	"email_template",
	*(
		"due_in_hours",
		"observers",
		"target_field",
		"target_value",
		"target_stage",
		"target_doctype",
		"process_name",
		"invoice_share",
	),
	*("webhook_url", "server_script", "field_values", "seed_key"),
)
ENABLED = "select * from `tabStage Robot` where is_enabled = 1 order by sort_order, name"
# What is committed now, whatever this transaction has seen before: an old view must not be kept under a new token.
ENABLED_NOW = ENABLED + " lock in share mode"

_cache: dict[str, tuple[str, dict[str, RobotRule]]] = {}


def load(doctype: str) -> tuple[RobotRule, ...]:
	"""The switched-on robots of a document type, in their order."""
	return tuple(robot for robot in load_all().values() if robot.document_type == doctype)


def find(name: str | None) -> RobotRule | None:
	"""The robot if it is switched on."""
	return load_all().get(name) if name else None


def load_all() -> dict[str, RobotRule]:
	"""All switched-on robots by name, as this transaction would have them."""
	if frappe.flags.dealer_robots_changed:
		return _read(ENABLED)
	token = frappe.cache.get_value(VERSION_KEY)
	cached = _cache.get(frappe.local.site)
	if token and cached and cached[0] == token:
		return cached[1]
	if not token:
		token = frappe.generate_hash(length=12)
		frappe.cache.set_value(VERSION_KEY, token)
	robots = _read(ENABLED_NOW)
	_cache[frappe.local.site] = (token, robots)
	return robots


def forget_after_commit() -> None:
	"""A robot has changed: this transaction reads anew from now on, everybody else once it is committed."""
	frappe.flags.dealer_robots_changed = True
	frappe.db.after_commit.add(forget)
	frappe.db.after_rollback.add(_keep)


def forget() -> None:
	frappe.flags.dealer_robots_changed = False
	frappe.cache.set_value(VERSION_KEY, frappe.generate_hash(length=12))


def _keep() -> None:
	frappe.flags.dealer_robots_changed = False


def _read(query: str) -> dict[str, RobotRule]:
	return {row.name: from_document(row) for row in frappe.db.sql(query, as_dict=True)}


def from_document(doc) -> RobotRule:
	"""The rule that a Stage Robot says, saved or not."""
	return RobotRule(
		name=doc.name or "new",
		title=doc.title or "",
		document_type=doc.document_type or "",
		event=doc.event or "",
		action=doc.action or "",
		pipeline=doc.pipeline or "",
		stage=(doc.stage or "").strip(),
		watched_field=(doc.watched_field or "").strip(),
		delay=seconds_of(doc.delay, doc.delay_unit),
		repeat_every=seconds_of(doc.repeat_every, doc.repeat_unit),
		condition=(doc.condition or "").strip(),
		until_condition=(doc.until_condition or "").strip(),
		has_quiet_hours=bool(doc.has_quiet_hours),
		run_as=doc.run_as or "",
		active_since=doc.active_since,
		params={field: doc.get(field) for field in PARAMETERS},
	)
