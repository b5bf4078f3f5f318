"""Where enquiries come from, and what becomes of them. The rules are in `auto_dealer.channels`."""

import frappe
from frappe.model.document import Document

from auto_dealer.channels.check_channel import check_channel


class AdChannel(Document):
	def validate(self):
		check_channel(self)


def on_doctype_update():
	frappe.db.add_index("Ad Channel", ["token_hash"], index_name="dealer_token")
