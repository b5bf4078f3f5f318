"""The clients behind the rows of one chunk: found by phone, e-mail, messenger or Bitrix24's ID, or made.

Does for many rows what `clients.find_contact.find_or_create_contact` does for one, with the same rules: phone before
e-mail before messenger; a known client gains what was not known; nobody's key is taken away.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import frappe
from frappe import _

from auto_dealer.clients.client_keys import claim_keys, lock_client
from auto_dealer.clients.find_contact import LONGEST_NAME, client_keys_in_order
from auto_dealer.clients.rules.person_name import NUMERIC_NAME
from auto_dealer.clients.rules.tokens import client_tokens
from auto_dealer.clients.search_index import index_many
from auto_dealer.integrations.bitrix24.bulk_insert import insert_rows, stamps
from auto_dealer.integrations.bitrix24.rules.headings import CONTACT
from auto_dealer.integrations.bitrix24.rules.rows import ImportedRow, Person, external_key

CONTACT_FIELDS = (
	"name",
	"full_name",
	"mobile_no",
	"phone",
	"email_id",
	"dealer_client_kind",
	"dealer_messenger",
)


@dataclass
class Client:
	"""A contact as the rows of this chunk see it; `added` is what they taught us about it."""

	name: str
	is_new: bool
	card: frappe._dict
	person: Person = field(default_factory=Person)
	created: datetime | None = None
	added: Person = field(default_factory=Person)


def identity_keys(person: Person) -> list[str]:
	"""The client keys of a row, the strongest first."""
	return [
		*client_keys_in_order("phone", person.phones),
		*client_keys_in_order("email", person.emails),
		*client_keys_in_order("messenger", person.messengers[:1]),
	]


def portal_key(row: ImportedRow) -> str | None:
	"""The key that says which contact of the portal this is, where the row says it."""
	contact_id = row.bitrix_id if row.kind == CONTACT else row.contact_id
	return external_key(CONTACT, contact_id) if contact_id else None


class ChunkClients:
	"""Locks the keys of its rows until the commit; `find` and `find_or_make` answer from memory, `write` stores."""

	def __init__(self, rows: Iterable[ImportedRow], user: str):
		self.user = user
		self.keys = {id(row): identity_keys(row.person) for row in rows}
		portal = [key for row in rows if (key := portal_key(row))]
		names = {row.linked_contact for row in rows if row.linked_contact and not self.keys[id(row)]}
		self.owners = lock_client([key for keys in self.keys.values() for key in keys] + portal)
		self.known_before = {key for key, owner in self.owners.items() if owner}
		self.by_name = _contacts_by_name(names)
		self.clients: dict[str, Client] = {}
		self._load({*filter(None, self.owners.values()), *self.by_name.values()})

	def find(self, row: ImportedRow) -> Client | None:
		"""By Bitrix24's ID, then by phone, e-mail, messenger, then by the full name of one imported contact."""
		keys = [portal_key(row), *self.keys[id(row)]]
		owner = next((self.owners[key] for key in keys if key and self.owners.get(key)), None)
		if not owner and len(keys) == 1:
			owner = self.by_name.get(row.linked_contact.lower())
		return self.clients.get(owner) if owner else None

	def find_or_make(self, row: ImportedRow, created: datetime) -> Client:
		client = self.find(row) or self._make(row, created)
		self._claim(client, row)
		return client

	def is_imported(self, row: ImportedRow) -> bool:
		"""Whether this contact of the portal was imported before this chunk."""
		return portal_key(row) in self.known_before

	def write(self, modified: datetime) -> None:
		"""Stores the new contacts and what was learnt about the known ones."""
		claim_keys(
			{key: owner for key, owner in self.owners.items() if owner and key not in self.known_before}
		)
		new = [client for client in self.clients.values() if client.is_new]
		_insert_contacts(new, self.user)
		for client in self.clients.values():
			if not client.is_new and (client.added.phones or client.added.emails or client.added.first_name):
				_add_to_contact(client)
			elif not client.is_new and client.added.messengers:
				frappe.db.set_value("Contact", client.name, "dealer_messenger", client.added.messengers[0])

	def _load(self, names: set[str]) -> None:
		if not names:
			return
		for card in frappe.get_all("Contact", {"name": ("in", sorted(names))}, CONTACT_FIELDS, order_by=None):
			self.clients[card.name] = Client(card.name, False, card)

	def _make(self, row: ImportedRow, created: datetime) -> Client:
		person = row.person
		full_name = person.full_name or next(iter([*person.phones, *person.emails, *person.messengers]), "")
		full_name = full_name or _("Unnamed client")
		name = (
			f"{full_name.replace('<', ' ').replace('>', ' ')[:LONGEST_NAME]}-{frappe.generate_hash(length=6)}"
		)
		card = frappe._dict(
			name=name,
			full_name=full_name,
			mobile_no=next(iter(person.phones), ""),
			phone="",
			email_id=next(iter(person.emails), ""),
			dealer_messenger=next(iter(person.messengers), None),
		)
		kept = Person(
			person.first_name or ("" if person.company else full_name), person.middle_name, person.last_name
		)
		kept.company = person.company
		self.clients[name] = Client(name, True, card, kept, created)
		return self.clients[name]

	def _claim(self, client: Client, row: ImportedRow) -> None:
		"""Keys that nobody has become this client's, and with them the phones and e-mails behind them."""
		free = {key for key in self.keys[id(row)] if not self.owners.get(key)}
		for key in free:
			self.owners[key] = client.name
		key = portal_key(row)
		if key and not self.owners.get(key):
			self.owners[key] = client.name
		target = client.person if client.is_new else client.added
		person = row.person
		target.phones += [p for p in person.phones if f"phone:{p}" in free]
		target.emails += [e for e in person.emails if client_keys_in_order("email", [e])[0] in free]
		if person.messengers and not client.card.dealer_messenger:
			client.card.dealer_messenger = person.messengers[0]
			target.messengers = person.messengers[:1]
		elif client.is_new and person.messengers and not target.messengers:
			target.messengers = person.messengers[:1]
		self._learn_name(client, person, target)

	@staticmethod
	def _learn_name(client: Client, person: Person, target: Person) -> None:
		"""A client known by the number only gets the name that a later row knows."""
		if not person.full_name or not NUMERIC_NAME.match(client.card.full_name or ""):
			return
		target.first_name, target.middle_name, target.last_name = (
			person.first_name,
			person.middle_name,
			person.last_name,
		)
		target.first_name = target.first_name or ("" if target.last_name else person.full_name)
		client.card.full_name = person.full_name


def _contacts_by_name(names: set[str]) -> dict[str, str]:
	"""Contacts imported from the portal by full name, those only whose name is borne by one of them."""
	if not names:
		return {}
	rows = frappe.db.sql(
		"""select lower(c.full_name), min(c.name), count(distinct c.name) from `tabContact` c
		join `tabClient Key` k on k.contact = c.name and k.kind = 'bitrix24'
		where c.full_name in %s group by lower(c.full_name)""",
		(sorted(names),),
	)
	return {full_name: name for full_name, name, count in rows if count == 1}


def _insert_contacts(clients: list[Client], user: str) -> None:
	contacts, phones, emails, tokens = [], [], [], []
	for client in clients:
		person = client.person
		base = stamps(client.created, client.created, user)
		contacts.append(
			{
				"name": client.name,
				**base,
				"first_name": person.first_name,
				"middle_name": person.middle_name,
				"last_name": person.last_name,
				"full_name": client.card.full_name,
				"company_name": person.company or None,
				"status": "Passive",
				"mobile_no": next(iter(person.phones), ""),
				"phone": "",
				"email_id": next(iter(person.emails), ""),
				"dealer_messenger": next(iter(person.messengers), None),
			}
		)
		phones += _child_rows(client, base, "phone_nos", "phone", person.phones, "is_primary_mobile_no")
		emails += _child_rows(client, base, "email_ids", "email_id", person.emails, "is_primary")
		name = " ".join((person.first_name, person.middle_name, person.last_name, person.company))
		tokens.append(
			("Contact", client.name, client_tokens(name, person.phones, person.emails, person.messengers))
		)
	insert_rows("Contact", contacts)
	insert_rows("Contact Phone", phones)
	insert_rows("Contact Email", emails)
	index_many(tokens)


def _child_rows(
	client: Client, base: dict, table: str, column: str, values: list[str], mark: str
) -> list[dict]:
	"""The first phone and the first e-mail are the primary ones."""
	return [
		{
			"name": frappe.generate_hash(length=10),
			**base,
			"idx": number,
			"parent": client.name,
			"parenttype": "Contact",
			"parentfield": table,
			column: value,
			mark: 1 if number == 1 else 0,
		}
		for number, value in enumerate(values, 1)
	]


def _add_to_contact(client: Client) -> None:
	"""What a row knows more of a client who is here already goes through the document, as an enquiry's would."""
	contact = frappe.get_doc("Contact", client.name, for_update=True)
	for phone in client.added.phones:
		contact.append("phone_nos", {"phone": phone, "is_primary_mobile_no": 0 if contact.phone_nos else 1})
	for email in client.added.emails:
		contact.append("email_ids", {"email_id": email, "is_primary": 0 if contact.email_ids else 1})
	if client.added.messengers and not contact.dealer_messenger:
		contact.dealer_messenger = client.added.messengers[0]
	if client.added.first_name or client.added.last_name:
		contact.update({f: getattr(client.added, f) for f in ("first_name", "middle_name", "last_name")})
	contact.flags.keys_locked = True
	contact.flags.ignore_auto_link_call_log = True
	# The import is the administrator's; the client base is edited by its rules, not by his rights on Contact.
	contact.save(ignore_permissions=True)
