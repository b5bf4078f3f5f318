"""Two cards of one client (Contact).

The removed card is deleted, not hidden: Contact has no switch for that, and a hidden card would still be found by
ERPNext. Its rows are deleted directly, since Frappe's delete_doc would later, in a job, delete the comments and files of
a card of this name, also when an undo has brought it back meanwhile. The snapshot holds every column.
"""

import frappe

from auto_dealer.clients.client_keys import keys_of, lock_client
from auto_dealer.clients.merge_fields import compare, empty_fields_to_fill, row, take_back
from auto_dealer.clients.search_index import remove_document
from auto_dealer.overrides.contact import index_contact

# Derived from the rows, or part of the name, or the account of a portal user.
LEFT_OUT = (
	"first_name",
	"middle_name",
	"last_name",
	"full_name",
	"email_id",
	"phone",
	"mobile_no",
	"user",
	"status",
	"google_contacts",
	"google_contacts_id",
)
# Table: what makes two rows the same, marks that only one row may have.
TABLES = {
	"phone_nos": (("phone",), ("is_primary_phone", "is_primary_mobile_no")),
	"email_ids": (("email_id",), ("is_primary",)),
	"links": (("link_doctype", "link_name"), ()),
}


def lock(names: list[str]) -> set[str]:
	"""Locks the two clients, then their cards; returns the cards that exist now."""
	keys = frappe.get_all("Client Key", {"contact": ("in", names)}, pluck="name")
	lock_client(keys)
	rows = frappe.db.sql(
		"select name from `tabContact` force index (primary) where name in %s order by name for update",
		(names,),
	)
	return {name for (name,) in rows}


def fields(kept, removed) -> list[dict]:
	"""The preview: names, rows, then single fields."""
	rows = [row("full_name", "Name", kept.full_name, removed.full_name, kept.full_name)]
	for table, (identity, _marks) in TABLES.items():
		mine, theirs = ([_text(r, identity) for r in doc.get(table)] for doc in (kept, removed))
		if mine or theirs:
			label = kept.meta.get_label(table)
			rows.append(
				row(table, label, ", ".join(mine), ", ".join(theirs), ", ".join(dict.fromkeys(mine + theirs)))
			)
	return rows + compare(kept, removed, empty_fields_to_fill(kept, removed, LEFT_OUT), LEFT_OUT)


def _text(table_row, identity: tuple[str, ...]) -> str:
	return str(table_row.get(identity[-1]) or "")


def unite(kept, removed) -> dict:
	"""Gives the card that stays what only the other one has, deletes the other; returns what an undo needs."""
	keys = frappe.get_all("Client Key", {"contact": removed.name}, pluck="name")
	frappe.db.sql("update `tabClient Key` set contact = %s where contact = %s", (kept.name, removed.name))
	fill = empty_fields_to_fill(kept, removed, LEFT_OUT)
	_delete(removed)
	kept.update(fill)
	appended = {table: _append(kept, removed, table) for table in TABLES}
	kept.flags.keys_locked = True
	kept.save()
	return {
		"keys": keys,
		"fill": fill,
		"appended": {t: [r.as_dict(no_default_fields=False) for r in rows] for t, rows in appended.items()},
	}


def _append(kept, removed, table: str) -> list:
	identity, marks = TABLES[table]
	known = {tuple(r.get(f) for f in identity) for r in kept.get(table)}
	rows = []
	for theirs in removed.get(table):
		key = tuple(theirs.get(f) for f in identity)
		if key not in known:
			known.add(key)
			taken = {mark for mark in marks for r in kept.get(table) if r.get(mark)}
			values = {f: theirs.get(f) for f in (*identity, *marks)} | dict.fromkeys(taken, 0)
			if table == "links":
				values["link_title"] = theirs.link_title
			rows.append(kept.append(table, values))
	return rows


def _delete(removed) -> None:
	for df in removed.meta.get_table_fields():
		frappe.db.delete(df.options, {"parent": removed.name, "parenttype": "Contact"})
	frappe.db.delete("Contact", {"name": removed.name})
	remove_document("Contact", removed.name)
	frappe.clear_document_cache("Contact", removed.name)


def part(kept, removed_values: dict, changes: dict) -> str:
	"""The undo: takes the appended rows and filled fields back, then inserts the removed card as it was."""
	for table, rows in changes["appended"].items():
		identity, _marks = TABLES[table]
		gone = {values["name"]: values for values in rows}
		for mine in list(kept.get(table)):
			values = gone.get(mine.name)
			if values and all(mine.get(f) == values.get(f) for f in identity):
				kept.remove(mine)
	take_back(kept, changes["fill"])
	kept.flags.keys_locked = True
	kept.save()
	restored = frappe.get_doc(removed_values)
	restored.db_insert()
	for child in restored.get_all_children():
		child.db_insert()
	_give_keys_back(restored, kept.name, changes["keys"])
	index_contact(restored, is_new=True)
	return restored.name


def _give_keys_back(restored, kept: str, keys: list[str]) -> None:
	lock_client(keys_of(restored), claim_for=restored.name)
	if keys:
		frappe.db.sql(
			"update `tabClient Key` force index (primary) set contact = %s where name in %s and contact = %s",
			(restored.name, keys, kept),
		)
