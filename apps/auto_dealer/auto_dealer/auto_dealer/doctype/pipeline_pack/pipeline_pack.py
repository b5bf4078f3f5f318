"""A pack that was applied, with the state before it. Written by `auto_dealer.packs` only."""

from frappe.model.document import Document

from auto_dealer.packs import pack_log


class PipelinePack(Document):
	def validate(self):
		pack_log.refuse_by_hand(self)

	def on_trash(self):
		pack_log.refuse_by_hand(self)
