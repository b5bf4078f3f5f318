"""Photos of a sent form go over to the deal (or lead) that the channel made of it."""

from __future__ import annotations

import frappe

from auto_dealer.portal.estimate_draft import DRAFT, EVENT_PREFIX


def hand_over(event: str, external_id: str, doctype: str, name: str) -> None:
	"""Hook `dealer_event_files`: the files of the draft that this very event came from; robots see each of them.

	Does nothing for events of other origin: what an outer system writes as its id names no draft, for the draft
	itself remembers its event.
	"""
	if not external_id.startswith(EVENT_PREFIX):
		return
	draft = frappe.db.get_value(DRAFT, {"inbound_event": event}, "name")
	if not draft:
		return
	if doctype == "Auto Deal":
		frappe.db.set_value(DRAFT, draft, "deal", name)
	files = frappe.get_all(
		"File",
		{"attached_to_doctype": DRAFT, "attached_to_name": draft},
		["name", "file_name", "file_url"],
		order_by="creation, name",
	)
	for number, file in enumerate(files, 1):
		copy = frappe.get_doc(
			{
				"doctype": "File",
				"file_name": f"photo-{draft}-{number}.jpg",
				"file_url": file.file_url,
				"is_private": 1,
				"attached_to_doctype": doctype,
				"attached_to_name": name,
			}
		)
		# The event speaks, no person: the photos were checked when they came in.
		copy.insert(ignore_permissions=True)
		# Only the row: its content on the disk now belongs to the deal's file.
		frappe.db.delete("File", {"name": file.name})
