"""What a booking takes. The rows are written with their booking only: its save takes and frees the time."""

from frappe.model.document import Document

from auto_dealer.booking import booking_card


class ServiceBookingResource(Document):
	def validate(self):
		"""Frappe calls this for a row that is saved on its own, never for rows saved with their booking."""
		booking_card.refuse_loose_row(self)

	def on_trash(self):
		booking_card.refuse_loose_row(self)
