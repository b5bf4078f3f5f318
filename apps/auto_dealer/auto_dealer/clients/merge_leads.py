"""Two enquiries that are one (Auto Lead).

Every enquiry is counted as traffic and nobody deletes one, so the removed lead stays as a record: attached to the deal of
the lead that stays, or, without a deal, as junk with the reason "Duplicate enquiry"; `merged_into` names the other one.
"""

import frappe

from auto_dealer.clients.client_keys import lock_client
from auto_dealer.clients.find_contact import keys_for
from auto_dealer.clients.merge_fields import compare, empty_fields_to_fill, take_back
from auto_dealer.clients.rules.tokens import client_tokens
from auto_dealer.clients.search_index import index_document, remove_document

LEFT_OUT = ("status", "responsible", "department", "deal", "lost_reason", "enquiry_type", "merged_into")
ATTACHED, CONVERTED, JUNK = "Attached to Deal", "Converted", "Junk"
DUPLICATE = "Duplicate enquiry"


def lock(names: list[str]) -> set[str]:
	"""Locks the clients behind the two leads, then the leads; returns those that are still leads of their own."""
	people = frappe.get_all("Auto Lead", {"name": ("in", names)}, ["phone", "email", "messenger"])
	lock_client(key for person in people for key in keys_for(person.phone, person.email, person.messenger))
	rows = frappe.db.sql(
		"select name, merged_into from `tabAuto Lead` force index (primary) where name in %s order by name for update",
		(names,),
	)
	return {name for name, merged_into in rows if not merged_into}


def fields(kept, removed) -> list[dict]:
	shown = [name for name in LEFT_OUT if name not in ("status", "deal", "responsible", "enquiry_type")]
	return compare(kept, removed, empty_fields_to_fill(kept, removed, LEFT_OUT), shown)


def unite(kept, removed) -> dict:
	"""Fills the empty fields of the lead that stays and retires the other; returns what an undo needs."""
	fill = empty_fields_to_fill(kept, removed, LEFT_OUT)
	takes_deal = removed.deal and not kept.deal
	before = {"status": kept.status, "deal": kept.deal}
	kept.update(fill)
	if takes_deal:
		kept.update({"deal": removed.deal, "status": removed.status})
	_save(kept)
	removed.update({"merged_into": kept.name, **_end_of(kept)})
	_save(removed)
	remove_document("Auto Lead", removed.name)
	after = {"status": removed.status, "deal": removed.deal, "lost_reason": removed.lost_reason}
	return {"fill": fill, "kept_before": before if takes_deal else {}, "removed_after": after}


def _end_of(kept) -> dict:
	if kept.deal:
		return {"status": ATTACHED, "deal": kept.deal}
	reason = DUPLICATE if frappe.db.exists("Lost Reason", DUPLICATE) else None
	return {"status": JUNK, "lost_reason": reason}


def _save(lead) -> None:
	"""Past the rules for changes by hand: the merge is a use case of its own. Rights were checked by the caller."""
	lead.flags.by_use_case = True
	lead.save()


def part(kept, removed_values: dict, changes: dict) -> str:
	"""The undo: fields go back where nobody has changed them since."""
	take_back(kept, changes["fill"])
	kept.update(changes["kept_before"])
	_save(kept)
	lead = frappe.get_doc("Auto Lead", removed_values["name"], for_update=True)
	lead.merged_into = None
	if all((lead.get(field) or None) == (value or None) for field, value in changes["removed_after"].items()):
		lead.update({field: removed_values.get(field) for field in changes["removed_after"]})
	_save(lead)
	given = (filter(None, [lead.get(field)]) for field in ("phone", "email", "messenger"))
	index_document("Auto Lead", lead.name, client_tokens(lead.client_name, *given))
	return lead.name
