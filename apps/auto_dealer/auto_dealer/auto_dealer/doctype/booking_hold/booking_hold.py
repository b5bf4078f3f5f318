"""A quarter of an hour of one seat of a resource, taken by a booking. Written by `auto_dealer.booking.holds` only."""

from frappe.model.document import Document

from auto_dealer.booking import holds


class BookingHold(Document):
	def validate(self):
		holds.refuse_edit()

	def on_trash(self):
		holds.refuse_edit()


def on_doctype_update():
	holds.add_indexes()
