"""The rows that say whose phone, e-mail or messenger account it is; also the lock of one client.

A `Client Key` row is named by its key ("phone:+7916…"). Its row lock, held until commit, makes two events of one
client wait for each other. Keys are always taken in sorted order, so two holders cannot wait for each other.
"""

from collections.abc import Iterable

import frappe
from frappe.utils import now

from auto_dealer.clients.rules.email import normalise_email
from auto_dealer.clients.rules.identity import client_keys, key_kind
from auto_dealer.clients.rules.phone import normalise_phone


def phone_region() -> str:
	"""Country of phones typed without a country code."""
	return frappe.get_cached_doc("Dealer Settings").phone_region or "RU"


def lock_client(keys: Iterable[str], claim_for: str | None = None) -> dict[str, str | None]:
	"""Locks the client behind the keys until the end of the transaction; returns the contact of each key, or None.

	Two transactions with a common key run one after the other from here on. `claim_for`: keys that have no contact
	get this one in the same statement (the name of a contact that the caller inserts right after).

	A contact that another transaction made while this one waited is made readable here; other rows made meanwhile
	are not in this transaction's snapshot: read them with a locking read (`find_active_deals` does).
	"""
	keys = sorted(set(keys))
	if not keys:
		return {}
	_upsert(keys, claim_for)
	found = _read(keys)
	_make_readable(sorted({c for c in found.values() if c and c != claim_for}))
	return found


def claim_keys(contacts: dict[str, str]) -> None:
	"""Gives each key to its contact in one statement; a key that has a contact keeps it. For imports."""
	if contacts:
		_upsert(sorted(contacts), contacts)


def _upsert(keys: list[str], contact: str | dict[str, str] | None) -> None:
	"""One statement: makes missing rows, locks all, gives free ones to `contact` (or to the one named for the key)."""
	moment, user = now(), frappe.session.user
	owners = contact if isinstance(contact, dict) else dict.fromkeys(keys, contact)
	rows = ", ".join(["(%s, %s, %s, %s, %s, %s, %s)"] * len(keys))
	values = [v for key in keys for v in (key, key_kind(key), owners.get(key), moment, moment, user, user)]
	frappe.db.sql(
		f"""insert into `tabClient Key` (name, kind, contact, creation, modified, owner, modified_by) values {rows}
		on duplicate key update contact = if(ifnull(contact, '') = '', values(contact), contact)""",  # noqa: S608
		values,
	)


def _read(keys: list[str]) -> dict[str, str | None]:
	# Without the hint a small table is scanned by another index, which locks rows of clients that are not ours.
	rows = frappe.db.sql(
		"select name, contact from `tabClient Key` force index (primary) where name in %s for update", (keys,)
	)
	by_key = {name.lower(): contact or None for name, contact in rows}
	return {key: by_key.get(key.lower()) for key in keys}


def _make_readable(contacts: list[str]) -> None:
	"""A contact committed after our snapshot opened is invisible to plain reads, so a link to it would be refused.

	Touching it brings it into the snapshot. It is milliseconds old then: nobody has it open.
	"""
	if not contacts:
		return
	visible = {row[0] for row in frappe.db.sql("select name from `tabContact` where name in %s", (contacts,))}
	if hidden := [contact for contact in contacts if contact not in visible]:
		frappe.db.sql(
			"update `tabContact` force index (primary) set modified = modified + interval 1 microsecond where name in %s",
			(hidden,),
		)


def keys_of(contact_doc) -> list[str]:
	"""The keys of a Contact document, from its phones, e-mails and messenger account."""
	region = phone_region()
	phones = [normalise_phone(row.phone, region) for row in contact_doc.get("phone_nos") or []]
	emails = [normalise_email(row.email_id) for row in contact_doc.get("email_ids") or []]
	return client_keys(
		filter(None, phones), filter(None, emails), filter(None, [contact_doc.get("dealer_messenger")])
	)


def sync_contact(contact_doc, keys_before: Iterable[str] = ()) -> dict[str, str]:
	"""Makes the keys say what the saved contact says; returns the keys that belong to another contact, with its name.

	A key of another contact is not taken away: two people may share a phone, and the first card stays the one that a
	call finds. Keys that the contact no longer has pass to another contact that has them, or become free.
	"""
	keys = keys_of(contact_doc)
	release(sorted(set(keys_before) - set(keys)), contact_doc.name)
	new = sorted(set(keys) - set(keys_before))
	owners = lock_client(new, claim_for=contact_doc.name)
	return {key: owner for key, owner in owners.items() if owner and owner != contact_doc.name}


def release(keys: Iterable[str], contact: str) -> None:
	"""Takes the keys from the contact and hands each to the next contact that has it."""
	for key in sorted(keys):
		heir = _other_holder(key, contact)
		if heir:
			frappe.db.sql(
				"update `tabClient Key` set contact = %s where name = %s and contact = %s",
				(heir, key, contact),
			)
		else:
			frappe.db.sql("delete from `tabClient Key` where name = %s and contact = %s", (key, contact))


def forget(doctype: str, name: str) -> None:
	"""A document is gone: its keys are released, its search tokens deleted."""
	from auto_dealer.clients.search_index import remove_document

	remove_document(doctype, name)
	if doctype == "Contact":
		release(frappe.get_all("Client Key", {"contact": name}, pluck="name"), name)


def _other_holder(key: str, contact: str) -> str | None:
	"""Another contact with this phone, e-mail or account, the oldest first."""
	kind, value = key.split(":", 1)
	token = "".join(c for c in value if c.isdigit()) if kind == "phone" else value[:60]
	candidates = frappe.get_all(
		"Client Search Token",
		{"token": token, "reference_doctype": "Contact", "reference_name": ("!=", contact)},
		pluck="reference_name",
		limit=20,
	)
	if not candidates:
		return None
	for name in frappe.get_all("Contact", {"name": ("in", candidates)}, order_by="creation", pluck="name"):
		if key in keys_of(frappe.get_doc("Contact", name)):
			return name
	return None
