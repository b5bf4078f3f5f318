"""A notice that nobody answers is rung again."""

from __future__ import annotations

import frappe
from frappe import _

from auto_dealer.notices.bell import ring
from auto_dealer.notices.rules.answers import OPEN, TAKEN
from auto_dealer.robots import schedule


def remind(doctype: str, name: str) -> str | None:
	"""Timed action: tells those who have not answered; what is answered is rung no more."""
	notice = frappe.get_doc(doctype, name) if frappe.db.exists(doctype, name) else None
	if (
		not notice
		or notice.status not in (OPEN, TAKEN)
		or (notice.status == TAKEN and notice.kind == "First Wins")
	):
		schedule.cancel(f"notice:{name}")
		return None
	waited_for = (
		[notice.owner_user]
		if notice.owner_user
		else [row.user for row in notice.recipients if not row.answer]
	)
	for user in waited_for:
		ring(user, _("Not answered yet: {0}").format(notice.subject), doctype, name, author=notice.author)
	return _("Reminded: {0}").format(", ".join(waited_for))
