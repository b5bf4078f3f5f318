"""Work on the whole client base that is done in the background."""

from pypika.terms import ExistsCriterion

import frappe

from auto_dealer.clients.client_keys import claim_keys, keys_of
from auto_dealer.clients.search_index import index_many
from auto_dealer.overrides.contact import contact_tokens
from auto_dealer.overrides.customer import customer_tokens

BATCH = 200
TOKENS = {"Contact": contact_tokens, "Customer": customer_tokens}


def index_existing_clients() -> int:
	"""Gives keys and search tokens to the contacts and customers that were there before the app; returns how many.

	Goes in batches, each committed; stopped in the middle it continues where it was when called again.
	"""
	return sum(_index_all(doctype) for doctype in TOKENS)


def _index_all(doctype: str) -> int:
	count, last = 0, ""
	while names := _next_names(doctype, last):
		docs = [frappe.get_doc(doctype, name) for name in names]
		if doctype == "Contact":
			claim_keys({key: doc.name for doc in reversed(docs) for key in keys_of(doc)})
		index_many([(doctype, doc.name, TOKENS[doctype](doc)) for doc in docs])
		# A job runner's own commit: a batch that is done stays done.
		frappe.db.commit()  # noqa: TID251
		count, last = count + len(names), names[-1]
	return count


def _next_names(doctype: str, after: str) -> list[str]:
	"""The next documents without tokens, by name."""
	table, token = frappe.qb.DocType(doctype), frappe.qb.DocType("Client Search Token")
	known = (
		frappe.qb.from_(token)
		.select(1)
		.where((token.reference_name == table.name) & (token.reference_doctype == doctype))
	)
	query = frappe.qb.from_(table).select(table.name).where(table.name > after)
	return [
		name
		for (name,) in query.where(ExistsCriterion(known).negate()).orderby(table.name).limit(BATCH).run()
	]
