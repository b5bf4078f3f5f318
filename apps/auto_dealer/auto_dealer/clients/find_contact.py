"""The client behind a phone, an e-mail or a messenger account: found, or made when there is none."""

from collections.abc import Iterable

import frappe

from auto_dealer.clients.client_keys import lock_client, phone_region
from auto_dealer.clients.rules.email import split_emails
from auto_dealer.clients.rules.identity import client_keys
from auto_dealer.clients.rules.person_name import NUMERIC_NAME, split_name
from auto_dealer.clients.rules.phone import split_phones

LONGEST_NAME = 120


class ClientInput:
	"""What is known of a client, normalised. `phone` and `email` may hold several, as cells of a file do."""

	def __init__(self, phone: str | None = None, email: str | None = None, messenger: str | None = None):
		self.phones = split_phones(phone, phone_region()) if phone else []
		self.emails = split_emails(email)
		self.messengers = [messenger.strip()] if messenger and messenger.strip() else []
		self.keys = client_keys(self.phones, self.emails, self.messengers)


def keys_for(phone: str | None = None, email: str | None = None, messenger: str | None = None) -> list[str]:
	"""The Client Keys of raw input; unreadable phones and e-mails give none."""
	return ClientInput(phone, email, messenger).keys


def find_contact(
	phone: str | None = None, email: str | None = None, messenger: str | None = None
) -> str | None:
	"""The contact with this phone, else e-mail, else messenger account. No lock; one SQL."""
	given = ClientInput(phone, email, messenger)
	if not given.keys:
		return None
	rows = frappe.db.sql(
		"select name, contact from `tabClient Key` where name in %s and ifnull(contact, '') != ''",
		(given.keys,),
	)
	return _best({key.lower(): contact for key, contact in rows}, given)


def find_or_create_contact(
	client_name: str | None = None,
	phone: str | None = None,
	email: str | None = None,
	messenger: str | None = None,
	client_kind: str | None = None,
) -> str:
	"""The client's contact. Safe in parallel: two events of one phone get the same contact.

	Only a name is needed for somebody new; without phone, e-mail and account a new contact is made each time, since
	a name identifies nobody. A known contact gains the phones and e-mails it did not have, and its real name when
	it was known by its number only.
	"""
	given = ClientInput(phone, email, messenger)
	client_name = _clean_name(client_name, given)[:LONGEST_NAME]
	new_name = f"{client_name}-{frappe.generate_hash(length=6)}"
	owners = lock_client(given.keys, claim_for=new_name)
	found = _best({key: owner for key, owner in owners.items() if owner and owner != new_name}, given)
	if not found:
		return _create(new_name, client_name, given, client_kind)
	free = [key for key, owner in owners.items() if owner == new_name]
	if free:
		frappe.db.sql(
			"update `tabClient Key` force index (primary) set contact = %s where name in %s", (found, free)
		)
	_complete(found, client_name, given, free)
	return found


def _best(contact_by_key: dict[str, str], given: ClientInput) -> str | None:
	"""Phone before e-mail before messenger, in the order given."""
	ordered = [
		*client_keys_in_order("phone", given.phones),
		*client_keys_in_order("email", given.emails),
		*client_keys_in_order("messenger", given.messengers),
	]
	return next((contact_by_key[key] for key in ordered if contact_by_key.get(key)), None)


def client_keys_in_order(kind: str, values: Iterable[str]) -> list[str]:
	from auto_dealer.clients.rules.identity import make_key

	return [make_key(kind, value) for value in values]


def _clean_name(client_name: str | None, given: ClientInput) -> str:
	"""The typed name, or what the client is known by."""
	name = " ".join((client_name or "").replace("<", " ").replace(">", " ").split())
	return (
		name
		or next(iter([*given.phones, *given.emails, *given.messengers]), "")
		or frappe._("Unnamed client")
	)


def _create(name: str, client_name: str, given: ClientInput, client_kind: str | None) -> str:
	person = split_name(client_name)
	contact = frappe.new_doc("Contact")
	contact.update({"first_name": person.first, "middle_name": person.middle, "last_name": person.last})
	contact.update(
		{"dealer_client_kind": client_kind, "dealer_messenger": next(iter(given.messengers), None)}
	)
	_append(contact, given.phones, given.emails)
	contact.name = name
	contact.flags.name_set = True
	contact.flags.keys_locked = True
	# ERPNext would look through its whole call log and commit, which would give up our lock.
	contact.flags.ignore_auto_link_call_log = True
	# Whoever may register an enquiry gets the client's card with it, also a channel that is no person.
	contact.insert(ignore_permissions=True)
	return contact.name


def _append(contact, phones: list[str], emails: list[str]) -> None:
	"""Adds what the contact does not have; the first phone and e-mail become the primary ones."""
	known = {row.phone for row in contact.phone_nos} | {row.email_id for row in contact.email_ids}
	for phone in phones:
		if phone not in known:
			contact.append(
				"phone_nos", {"phone": phone, "is_primary_mobile_no": 0 if contact.phone_nos else 1}
			)
	for email in emails:
		if email not in known:
			contact.append("email_ids", {"email_id": email, "is_primary": 0 if contact.email_ids else 1})


def _complete(name: str, client_name: str, given: ClientInput, new_keys: list[str]) -> None:
	"""A phone, an e-mail or a name learnt from this enquiry goes into the card; usually there is nothing new."""
	full_name = frappe.db.get_value("Contact", name, "full_name") or ""
	is_name_learnt = (
		bool(NUMERIC_NAME.match(full_name)) and not NUMERIC_NAME.match(client_name) and "@" not in client_name
	)
	if not new_keys and not is_name_learnt:
		return
	contact = frappe.get_doc("Contact", name, for_update=True)
	fresh = {key.split(":", 1)[1] for key in new_keys}
	_append(contact, [p for p in given.phones if p in fresh], [e for e in given.emails if e in fresh])
	if given.messengers and not contact.get("dealer_messenger"):
		contact.dealer_messenger = given.messengers[0]
	if is_name_learnt:
		person = split_name(client_name)
		contact.update({"first_name": person.first, "middle_name": person.middle, "last_name": person.last})
	contact.flags.keys_locked = True
	# The enquiry may be registered by a channel or by staff who cannot edit the client base.
	contact.save(ignore_permissions=True)
