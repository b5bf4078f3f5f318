"""Time that a mechanic worked on a job; written by `auto_dealer.orders.mechanic_time` only."""

from frappe.model.document import Document

from auto_dealer.orders import frozen_records


class MechanicTime(Document):
	def on_trash(self):
		frozen_records.refuse_deletion(self)


def on_doctype_update():
	frozen_records.add_time_indexes()
