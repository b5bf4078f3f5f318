"""A work that the client put off. The rules are in `auto_dealer.orders`."""

from frappe.model.document import Document

from auto_dealer.orders import deferred_card


class DeferredWork(Document):
	def validate(self):
		deferred_card.check(self)
