"""The last number given in one year to one kind of contract of one company; written by SQL only."""

from frappe.model.document import Document

from auto_dealer.documents.number_contract import add_counter_index


class ContractCounter(Document):
	pass


def on_doctype_update():
	add_counter_index()
