"""When a car is due for its next maintenance. The rules are in `auto_dealer.retention`."""

from frappe.model.document import Document

from auto_dealer.retention import plan_card


class MaintenancePlan(Document):
	def validate(self):
		plan_card.check(self)


def on_doctype_update():
	plan_card.add_indexes()
