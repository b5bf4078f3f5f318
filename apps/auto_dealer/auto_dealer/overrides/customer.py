"""ERPNext's Customer in our search."""

from auto_dealer.clients.client_keys import forget
from auto_dealer.clients.rules.tokens import client_tokens
from auto_dealer.clients.search_index import index_document


def on_update(doc, method=None):
	index_document("Customer", doc.name, customer_tokens(doc), is_new=bool(doc.flags.in_insert))


def on_trash(doc, method=None):
	forget("Customer", doc.name)


def customer_tokens(doc) -> set[str]:
	tokens = client_tokens(doc.customer_name, filter(None, [doc.mobile_no]), filter(None, [doc.email_id]))
	return tokens | ({doc.tax_id.strip().lower()} if doc.tax_id else set())
