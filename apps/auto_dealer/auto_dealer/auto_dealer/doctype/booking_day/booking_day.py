"""The lock of one resource on one day, with a map of what is taken. Written by `auto_dealer.booking.days` only."""

from frappe.model.document import Document

from auto_dealer.booking import days


class BookingDay(Document):
	def validate(self):
		days.refuse_edit()


def on_doctype_update():
	days.add_indexes()
