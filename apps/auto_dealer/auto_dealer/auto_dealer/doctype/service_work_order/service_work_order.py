"""An order of the workshop. The rules are in `auto_dealer.orders`."""

from frappe.model.document import Document

from auto_dealer.orders import order_card


class ServiceWorkOrder(Document):
	def autoname(self):
		order_card.set_name(self)

	def before_insert(self):
		order_card.fill_new(self)

	def validate(self):
		order_card.check(self)

	def on_update(self):
		order_card.show_change(self)

	def on_trash(self):
		order_card.before_delete(self)

	def before_rename(self, old, new, merge=False):
		order_card.before_rename(self, old, new, merge)


def on_doctype_update():
	order_card.add_indexes()
