"""One call, form or message as an outer system sent it. Written by `auto_dealer.channels`, never edited."""

import frappe
from frappe import _
from frappe.model.document import Document


class InboundEvent(Document):
	def validate(self):
		if not self.is_new():
			frappe.throw(
				_("An inbound event is kept as it came. Run it again with a corrected payload instead.")
			)


def on_doctype_update():
	frappe.db.add_index("Inbound Event", ["status", "received_at"], index_name="dealer_waiting")
	frappe.db.add_index("Inbound Event", ["channel", "received_at"], index_name="dealer_channel")
	frappe.db.add_index("Inbound Event", ["lead"], index_name="dealer_lead")
	frappe.db.add_index("Inbound Event", ["deal"], index_name="dealer_deal")
