"""What a client saw and answered; frozen once it is written. The rules are in `auto_dealer.orders`."""

from frappe.model.document import Document

from auto_dealer.orders import frozen_records


class WorkOrderApproval(Document):
	def validate(self):
		frozen_records.refuse_change(self)

	def on_trash(self):
		frozen_records.refuse_deletion(self)
