"""A booking of a client's time and of the resources it takes. The rules are in `auto_dealer.booking`."""

from frappe.model.document import Document

from auto_dealer.booking import booking_card
from auto_dealer.booking.retry_save import retried


class ServiceBooking(Document):
	def insert(self, *args, **kwargs):
		return retried(self, lambda: super(ServiceBooking, self).insert(*args, **kwargs))

	def save(self, *args, **kwargs):
		return retried(self, lambda: super(ServiceBooking, self).save(*args, **kwargs))

	def autoname(self):
		booking_card.set_name(self)

	def before_insert(self):
		booking_card.fill_new(self)

	def validate(self):
		booking_card.check(self)

	def on_update(self):
		booking_card.record_change(self)

	def on_trash(self):
		booking_card.before_delete(self)

	def before_rename(self, old, new, merge=False):
		booking_card.before_rename(self, old, new, merge)


def on_doctype_update():
	booking_card.add_indexes()
