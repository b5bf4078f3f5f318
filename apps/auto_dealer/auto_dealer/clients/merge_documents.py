"""Merge of two clients or two enquiries, and its undo.

check_write → preview → merge (lock both, move links by meta, unite the cards, keep a snapshot) → undo within
`Dealer Settings.merge_undo_days` (lock, part the cards, move back what still stands where the merge put it).
"""

import json

import frappe
from frappe import _
from frappe.utils import add_days, get_datetime, now_datetime

from auto_dealer.clients import merge_contacts, merge_leads
from auto_dealer.clients.merge_links import find_links, move_links, without_rows_of

WAYS = {"Contact": merge_contacts, "Auto Lead": merge_leads}


class CannotMerge(frappe.ValidationError):
	pass


class CannotUndoMerge(frappe.ValidationError):
	pass


def check_write(doctype: str, kept: str, removed: str) -> None:
	"""Write on both cards, and a role that works with merges at all."""
	if doctype not in WAYS:
		frappe.throw(_("Only contacts and leads can be merged."), CannotMerge)
	frappe.has_permission("Client Merge", "read", throw=True)
	for name in (kept, removed):
		frappe.get_doc(doctype, name).check_permission("write")
	if kept == removed:
		frappe.throw(_("Choose two different cards."), CannotMerge)


def preview(doctype: str, kept: str, removed: str) -> dict:
	"""`{fields: [{label, kept, removed, result}], links: [{doctype, count}]}`; nothing is changed."""
	cards = [frappe.get_doc(doctype, name) for name in (kept, removed)]
	counts: dict[str, int] = {}
	for link in without_rows_of(find_links(doctype, removed), doctype, removed):
		counts[link["doctype"]] = counts.get(link["doctype"], 0) + len(link["names"])
	return {
		"fields": WAYS[doctype].fields(*cards),
		"links": [{"doctype": name, "count": count} for name, count in sorted(counts.items())],
	}


def merge(doctype: str, kept: str, removed: str) -> str:
	"""Merges; the caller has checked the rights. Of two parallel merges of one card the later is refused."""
	way = WAYS[doctype]
	here = way.lock(sorted({kept, removed}))
	for name in (kept, removed):
		if name not in here:
			frappe.throw(
				_("{0} {1} has been merged or deleted meanwhile.").format(_(doctype), name), CannotMerge
			)
	kept_doc, removed_doc = (frappe.get_doc(doctype, name, for_update=True) for name in (kept, removed))
	snapshot = {"removed": removed_doc.as_dict(convert_dates_to_str=True, no_nulls=False)}
	links = without_rows_of(find_links(doctype, removed), doctype, removed)
	move_links(links, removed, kept)
	snapshot["links"] = links
	snapshot["changes"] = way.unite(kept_doc, removed_doc)
	kept_doc.add_comment("Info", _("{0} was merged into this card.").format(frappe.bold(_title(removed_doc))))
	return _record(doctype, kept, removed, snapshot)


def _title(doc) -> str:
	return frappe.utils.escape_html(f"{doc.get_title() or ''} ({doc.name})")


def _record(doctype: str, kept: str, removed: str, snapshot: dict) -> str:
	record = frappe.get_doc(
		{
			"doctype": "Client Merge",
			"document_type": doctype,
			"kept": kept,
			"removed": removed,
			"status": "Merged",
			"merged_by": frappe.session.user,
			"merged_at": now_datetime(),
			"snapshot": json.dumps(snapshot, ensure_ascii=False, default=str, indent=1),
		}
	)
	# Nobody makes such a record by hand; the right to merge has been checked on both cards.
	record.insert(ignore_permissions=True)
	return record.name


def undo(merge_name: str) -> dict:
	"""`{restored, skipped}`: the card that is back, and the links that somebody has changed since and that stay."""
	record = frappe.get_doc("Client Merge", merge_name, for_update=True)
	_check_undo(record)
	way = WAYS[record.document_type]
	way.lock([record.kept])
	kept_doc = frappe.get_doc(record.document_type, record.kept, for_update=True)
	kept_doc.check_permission("write")
	snapshot = json.loads(record.snapshot)
	restored = way.part(kept_doc, snapshot["removed"], snapshot["changes"])
	skipped = move_links(snapshot["links"], record.kept, restored)
	record.status, record.undone_by, record.undone_at = "Undone", frappe.session.user, now_datetime()
	# The record is read-only for everybody; who may undo has been checked above.
	record.save(ignore_permissions=True)
	return {
		"restored": restored,
		"skipped": [{"doctype": s["doctype"], "names": s["names"]} for s in skipped],
	}


def _check_undo(record) -> None:
	if record.status != "Merged":
		frappe.throw(_("This merge has been undone already."), CannotUndoMerge)
	days = frappe.get_cached_doc("Dealer Settings").merge_undo_days or 0
	if now_datetime() > add_days(get_datetime(record.merged_at), days):
		frappe.throw(_("A merge can be undone within {0} days only.").format(days), CannotUndoMerge)
	if not frappe.db.exists(record.document_type, record.kept):
		frappe.throw(
			_("The card {0} that stayed is gone, so nothing can be moved back.").format(record.kept),
			CannotUndoMerge,
		)
	if record.document_type == "Contact" and frappe.db.exists("Contact", record.removed):
		frappe.throw(_("There is a card {0} again already.").format(record.removed), CannotUndoMerge)
