"""What a robot must be to be saved, and what follows when it changes."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import now_datetime

from auto_dealer.robots import render, schedule
from auto_dealer.robots.conditions import find_problem
from auto_dealer.robots.effects.create_document import is_closed, read_values
from auto_dealer.robots.effects.registry import find_path
from auto_dealer.robots.load_robots import forget_after_commit
from auto_dealer.robots.plan_standing import plan_after_commit
from auto_dealer.robots.recipients import HEADS
from auto_dealer.robots.rules.robot import (
	DATE_NEAR,
	DATE_PAST,
	FIELD_CHANGED,
	REPEAT_IN_STAGE,
	STAGE_TIMERS,
	TIME_IN_STAGE,
)
from auto_dealer.robots.stage_of import stage_field
from auto_dealer.robots.texts import texts_of

# Fields that have an owner of their own: stage rules, money from the ledger, the queue.
OWNED_FIELDS = {
	*("stage", "status", "pipeline", "queue", "is_closed", "closed_at", "result", "stage_changed_at"),
	*(
		"stage_deadline",
		"probability",
		"is_unsorted",
		"paid_amount",
		"outstanding_amount",
		"owner",
		"docstatus",
	),
}
# A change of one of these makes what was planned wrong.
TIMING = ("event", "pipeline", "stage", "watched_field", "delay", "delay_unit", "repeat_every", "repeat_unit")
# They reach beyond the system: only who may change the system itself sets them up.
OUTER_ACTIONS = ("Webhook", "Run Server Script")


class BadRobot(frappe.ValidationError):
	"""The robot cannot be as it was typed; the message says what to change."""


def check(robot) -> None:
	robot.stage = (robot.stage or "").strip()
	_check_document_type(robot)
	_check_stage(robot)
	_check_event(robot)
	_check_texts(robot)
	_check_action(robot)
	_check_rights(robot)
	before = robot.get_doc_before_save()
	if robot.is_enabled and (not before or not before.is_enabled or not robot.active_since):
		robot.active_since = now_datetime()


def after_change(robot) -> None:
	"""What waits was planned by the robot as it was: when its timing changed or it was switched off, it goes."""
	before = robot.get_doc_before_save()
	was_on = bool(before and before.is_enabled)
	is_retimed = was_on and any((before.get(field) or None) != (robot.get(field) or None) for field in TIMING)
	if was_on and not robot.is_enabled:
		schedule.cancel_of_robot(robot.name, _("The robot was switched off."))
	elif is_retimed:
		schedule.cancel_of_robot(robot.name, _("The robot was changed."))
	forget_after_commit()
	if robot.is_enabled and robot.event in STAGE_TIMERS and (is_retimed or not was_on):
		plan_after_commit(robot.name)


def before_delete(robot) -> None:
	schedule.cancel_of_robot(robot.name, _("The robot was deleted."))
	forget_after_commit()


# -- steps -----------------------------------------------------------------------------------------


def _check_document_type(robot) -> None:
	meta = frappe.get_meta(robot.document_type)
	if robot.document_type not in watched_doctypes():
		_refuse(_("Robots do not look at {0}.").format(_(robot.document_type)))
	if robot.pipeline and not meta.has_field("pipeline"):
		_refuse(_("{0} has no field {1}").format(_(robot.document_type), "pipeline"))


def watched_doctypes() -> list[str]:
	"""Document types that show their saves to robots, each by the hook of the domain that owns it."""
	return frappe.get_hooks("dealer_robot_doctypes")


def _check_stage(robot) -> None:
	field = stage_field(robot.document_type)
	if robot.stage and robot.pipeline:
		# A pack is checked before its pipeline is there.
		stages = robot.flags.known_stages or frappe.get_all(
			"Deal Stage", {"parent": robot.pipeline, "parenttype": "Deal Pipeline"}, pluck="stage_name"
		)
		if robot.stage not in stages:
			_refuse(_("The pipeline {0} has no stage {1}.").format(_(robot.pipeline), robot.stage))
	elif robot.stage and not field:
		_refuse(_("{0} has no stages.").format(_(robot.document_type)))
	if robot.event in (TIME_IN_STAGE, REPEAT_IN_STAGE) and not robot.stage:
		_refuse(_("Name the stage whose time is counted."))


def _check_event(robot) -> None:
	if robot.event in (FIELD_CHANGED, DATE_NEAR, DATE_PAST):
		df = frappe.get_meta(robot.document_type).get_field((robot.watched_field or "").strip())
		if not df:
			_refuse(_("{0} has no field {1}").format(_(robot.document_type), robot.watched_field or "?"))
		if robot.event != FIELD_CHANGED and df.fieldtype not in ("Date", "Datetime"):
			_refuse(_("{0} is no date.").format(_(df.label)))
	if robot.event == REPEAT_IN_STAGE and not robot.repeat_every:
		_refuse(_("Name the period of the repetition."))
	if robot.event == TIME_IN_STAGE and not robot.delay:
		_refuse(_("Name how long the document stands in the stage."))


def _check_texts(robot) -> None:
	for field in ("condition", "until_condition"):
		if (robot.get(field) or "").strip() and (
			problem := find_problem(robot.get(field), robot.document_type)
		):
			_refuse(problem)
	if robot.email_template and frappe.db.exists("Email Template", robot.email_template):
		for text in texts_of(robot):
			if problem := render.find_problem(text):
				_refuse(_("{0}: {1}").format(robot.email_template, problem))
	for field in ("subject", "message", "target_value"):
		if problem := render.find_problem(robot.get(field)):
			_refuse(_("{0}: {1}").format(_(robot.meta.get_label(field)), problem))
	value = (robot.target_value or "").strip()
	if value.startswith("=") and (problem := find_problem(value[1:], robot.document_type)):
		_refuse(problem)
	try:
		read_values(robot.field_values)
	except ValueError as error:
		_refuse(_("{0}: {1}").format(_(robot.meta.get_label("field_values")), error))


def _check_action(robot) -> None:
	meta = frappe.get_meta(robot.document_type)
	if not find_path(robot.action):
		_refuse(_("The action {0} is not installed here.").format(_(robot.action)))
	if robot.action == "Set Field":
		df = meta.get_field(robot.target_field or "")
		if not df or robot.target_field in OWNED_FIELDS or df.permlevel:
			_refuse(_("Robots do not set the field {0}.").format(robot.target_field or "?"))
	if robot.action == "Move Stage" and not robot.target_stage:
		_refuse(_("Name the stage to move to."))
	if robot.action == "Assign" and not meta.has_field("responsible"):
		_refuse(_("{0} has no field {1}").format(_(robot.document_type), "responsible"))
	if robot.action == "Create Document" and (not robot.target_doctype or is_closed(robot.target_doctype)):
		_refuse(_("Robots do not create {0}.").format(_(robot.target_doctype or "?")))
	if robot.action == "Message Client" and robot.send_by == "Do Not Send":
		_refuse(_("A message to the client is sent: choose how."))
	if robot.action == "Message Client" and not meta.has_field("contact"):
		_refuse(_("{0} has no field {1}").format(_(robot.document_type), "contact"))
	if robot.recipient == "Heads" and not robot.recipient_role:
		robot.recipient_role = HEADS


def _check_rights(robot) -> None:
	"""A robot must not be a way round the rights of who sets it up."""
	user, roles = frappe.session.user, frappe.get_roles()
	if user == "Administrator" or "System Manager" in roles:
		return
	before = robot.get_doc_before_save()
	if robot.action in OUTER_ACTIONS:
		_refuse(_("Only a System Manager sets up the action {0}.").format(_(robot.action)))
	if robot.run_as and robot.run_as != user and robot.run_as != (before and before.run_as):
		_refuse(_("Only a System Manager lets a robot run with another user's rights."))
	if robot.action == "Create Document" and not frappe.has_permission(robot.target_doctype, "create"):
		_refuse(_("Robots do not create {0}.").format(_(robot.target_doctype)))
	if robot.action in ("Set Field", "Move Stage", "Assign") and not frappe.has_permission(
		robot.document_type, "write"
	):
		_refuse(_("You may not write {0}, so your robot may not either.").format(_(robot.document_type)))


def _refuse(message: str) -> None:
	frappe.throw(message, BadRobot, title=_("Robot"))
