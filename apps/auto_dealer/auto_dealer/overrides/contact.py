"""What our client base adds to Frappe's Contact: readable phones, exact identification, search."""

import frappe
from frappe import _

from auto_dealer.clients.client_keys import forget, keys_of, phone_region, sync_contact
from auto_dealer.clients.contact_input import UnreadablePhone, read_email
from auto_dealer.clients.rules.phone import has_letters, normalise_phone
from auto_dealer.clients.rules.tokens import client_tokens
from auto_dealer.clients.search_index import index_document

# Frappe asks gravatar.com for a picture of every new e-mail, inside the transaction. A client's address is nobody
# else's business, and a name server that hangs would hang every enquiry.
NO_GRAVATAR = "no-gravatar"


def before_validate(doc, method=None):
	normalise_phones(doc)
	normalise_emails(doc)
	if not doc.image:
		doc.image = NO_GRAVATAR


def validate(doc, method=None):
	if doc.image == NO_GRAVATAR:
		doc.image = None


def after_insert(doc, method=None):
	if not doc.flags.keys_locked:
		report_other_owners(doc, sync_contact(doc))
	index_contact(doc, is_new=True)


def on_update(doc, method=None):
	before = doc.get_doc_before_save()
	if doc.flags.in_insert or not before:
		return
	index_contact(doc)
	if not doc.flags.keys_locked:
		report_other_owners(doc, sync_contact(doc, keys_of(before)))


def on_trash(doc, method=None):
	forget("Contact", doc.name)


def after_rename(doc, method=None, old=None, new=None, merge=False):
	"""Link fields follow a rename by themselves, search tokens and keys do too; a merge leaves both sets: index anew."""
	if merge:
		frappe.db.delete(
			"Client Search Token", {"reference_doctype": "Contact", "reference_name": ("in", (old, new))}
		)
		index_contact(frappe.get_doc("Contact", new))


def normalise_phones(doc) -> None:
	"""E.164 where it can be read. Letters are refused; other unreadable numbers (an inner 101) stay as typed."""
	region = phone_region()
	for row in doc.get("phone_nos") or []:
		phone = normalise_phone(row.phone, region)
		if phone:
			row.phone = phone
		elif has_letters(row.phone):
			frappe.throw(
				_("Row {0} of the phones: “{1}” is not a phone number. Example: {2}").format(
					row.idx, frappe.utils.escape_html(row.phone[:60]), "+7 916 123-45-67"
				),
				UnreadablePhone,
			)
	_drop_repeated(doc, "phone_nos", "phone", ("is_primary_phone", "is_primary_mobile_no"))


def normalise_emails(doc) -> None:
	for row in doc.get("email_ids") or []:
		row.email_id = read_email(row.email_id, "Email ID")
	_drop_repeated(doc, "email_ids", "email_id", ("is_primary",))


def _drop_repeated(doc, table: str, field: str, marks: tuple[str, ...]) -> None:
	"""The same number twice stays once, with the marks of both rows."""
	first: dict[str, object] = {}
	for row in list(doc.get(table) or []):
		kept = first.setdefault(row.get(field), row)
		if kept is not row:
			for mark in marks:
				kept.set(mark, kept.get(mark) or row.get(mark))
			doc.remove(row)


def index_contact(doc, is_new: bool = False) -> None:
	index_document("Contact", doc.name, contact_tokens(doc), is_new=is_new)


def contact_tokens(doc) -> set[str]:
	name = " ".join(filter(None, (doc.first_name, doc.middle_name, doc.last_name, doc.company_name)))
	return client_tokens(
		name,
		[row.phone for row in doc.get("phone_nos") or []],
		[row.email_id for row in doc.get("email_ids") or []],
		filter(None, [doc.get("dealer_messenger")]),
	)


def report_other_owners(doc, owners: dict[str, str]) -> None:
	"""Says over the form whose phone or e-mail it also is: a likely duplicate, which is for a person to merge."""
	for key, owner in owners.items():
		frappe.msgprint(
			_("{0} already belongs to the client {1}. If it is the same client, merge the two cards.").format(
				frappe.bold(key.split(":", 1)[1]), frappe.utils.get_link_to_form("Contact", owner)
			),
			title=_("Possible duplicate"),
			indicator="orange",
		)
