"""What the scheduler runs for the portal."""

from __future__ import annotations

import frappe
from frappe.utils import add_days, now_datetime

from auto_dealer.portal.estimate_draft import DRAFT
from auto_dealer.portal.shell import get_settings

BATCH = 200


def delete_old_drafts() -> None:
	"""Forms that were begun and never sent, with their photos. Sent ones stay: they hold the consent."""
	before = add_days(now_datetime(), -(get_settings().draft_days or 30))
	drafts = frappe.get_all(
		DRAFT, {"status": "Draft", "modified": ("<", before)}, pluck="name", limit=BATCH, order_by="modified"
	)
	for draft in drafts:
		files = {"attached_to_doctype": DRAFT, "attached_to_name": draft}
		for file in frappe.get_all("File", files, pluck="name"):
			frappe.delete_doc("File", file, delete_permanently=True)
		frappe.db.delete(DRAFT, {"name": draft})
