"""Notices and links that nobody needs any more."""

from __future__ import annotations

import frappe
from frappe.utils import add_days, now_datetime

from auto_dealer.notices.rules.answers import CANCELLED, DONE, INFO

DAYS, LINK_DAYS = 180, 30
MOST = 5000


def delete_old() -> None:
	"""Every night: what is over for DAYS goes as lines of the bell do; what still waits for an answer stays."""
	before = add_days(now_datetime(), -DAYS)
	frappe.db.delete("Action Link", {"expires_at": ("<", add_days(now_datetime(), -LINK_DAYS))})
	names = frappe.get_all(
		"Staff Notice",
		filters={"modified": ("<", before)},
		or_filters={"kind": INFO, "status": ("in", (DONE, CANCELLED))},
		pluck="name",
		limit=MOST,
	)
	if names:
		frappe.db.delete("Action Link", {"notice": ("in", names)})
		frappe.db.delete("Staff Notice Recipient", {"parent": ("in", names)})
		frappe.db.delete("Staff Notice", {"name": ("in", names)})
