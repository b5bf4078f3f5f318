"""A contract with a client. The rules are in `auto_dealer.documents`."""

from frappe.model.document import Document

from auto_dealer.documents import contract_card
from auto_dealer.documents.number_contract import add_contract_indexes


class DealerContract(Document):
	def before_insert(self):
		contract_card.fill_new(self)

	def validate(self):
		contract_card.check(self)

	def db_insert(self, *args, **kwargs):
		contract_card.number(self)
		super().db_insert(*args, **kwargs)

	def on_trash(self):
		contract_card.before_delete(self)


def on_doctype_update():
	add_contract_indexes()
