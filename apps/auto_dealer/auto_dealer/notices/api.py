"""What the desk may call for notices. Whoever is no recipient is refused by `react` itself, too."""

from __future__ import annotations

import frappe

from auto_dealer.notices import notice_view
from auto_dealer.notices import react as reacting
from auto_dealer.sales.retry import run_locked

NOTICE = "Staff Notice"


@frappe.whitelist()
def get_waiting() -> list[dict]:
	"""The notices that wait for the caller's answer."""
	frappe.has_permission(NOTICE, "read", throw=True)
	user = frappe.session.user
	return [notice_view.view(frappe.get_doc(NOTICE, name), user) for name in notice_view.waiting_for(user)]


@frappe.whitelist(methods=["POST"])
def open_notice(notice: str) -> dict:
	"""The notice for its reader, noted as read; an approval that nobody has is theirs thereby."""
	frappe.has_permission(NOTICE, "read", doc=notice, throw=True)
	user = frappe.session.user
	return notice_view.view(run_locked(lambda: reacting.open_notice(notice, user)), user)


@frappe.whitelist(methods=["POST"])
def react(notice: str, answer: str, comment: str | None = None, date: str | None = None) -> dict:
	"""The caller's answer, in one tap; refused for others than the recipients and when somebody else was first."""
	frappe.has_permission(NOTICE, "read", doc=notice, throw=True)
	user = frappe.session.user
	return notice_view.view(run_locked(lambda: reacting.react(notice, user, answer, comment, date)), user)
