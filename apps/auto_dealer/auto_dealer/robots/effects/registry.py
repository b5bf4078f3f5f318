"""Which function does what an action says: `run(robot, doc, params, run) -> list of what it made`.

Another app or domain adds or replaces one by the hook `dealer_robot_actions = {"Create Invoice": "dotted.path.run"}`.
"""

from __future__ import annotations

from collections.abc import Callable

import frappe
from frappe import _

SHIPPED = {
	"Assign": "auto_dealer.robots.effects.assign.run",
	"Create Document": "auto_dealer.robots.effects.create_document.run",
	"Create Task": "auto_dealer.robots.effects.create_task.run",
	"Message Client": "auto_dealer.robots.effects.message_client.run",
	"Move Stage": "auto_dealer.robots.effects.move_stage.run",
	"Notify Staff": "auto_dealer.robots.effects.notify_staff.run",
	"Run Server Script": "auto_dealer.robots.effects.run_server_script.run",
	"Set Field": "auto_dealer.robots.effects.set_field.run",
	"Webhook": "auto_dealer.robots.effects.webhook.run",
}
# They may wait for the outer world: nobody's save waits with them.
LOCKLESS = frozenset({"Webhook", "Run Server Script"})


class ActionNotHere(frappe.ValidationError):
	"""No installed part of the system does this action."""


def find_effect(action: str) -> Callable:
	path = find_path(action)
	if not path:
		frappe.throw(_("The action {0} is not installed here.").format(_(action)), ActionNotHere)
	return frappe.get_attr(path)


def find_path(action: str) -> str | None:
	hooked = (frappe.get_hooks("dealer_robot_actions", default={}) or {}).get(action)
	return hooked[-1] if hooked else SHIPPED.get(action)
