"""An enquiry: one record of traffic. The rules are in `auto_dealer.sales.lead_card`."""

from frappe.model.document import Document

from auto_dealer.sales import lead_card
from auto_dealer.sales.indexes import add_lead_indexes
from auto_dealer.sales.link_check import validate_links
from auto_dealer.sales.numbering import next_name


class AutoLead(Document):
	def autoname(self):
		self.name = next_name(self.doctype)

	def _validate_links(self):
		validate_links(self)

	def before_insert(self):
		lead_card.fill_new(self)

	def validate(self):
		lead_card.check(self)

	def after_insert(self):
		lead_card.record_created(self)

	def on_update(self):
		lead_card.record_change(self)

	def on_trash(self):
		lead_card.before_delete(self)

	def before_rename(self, old, new, merge=False):
		lead_card.before_rename(self, old, new, merge)


def on_doctype_update():
	add_lead_indexes()
