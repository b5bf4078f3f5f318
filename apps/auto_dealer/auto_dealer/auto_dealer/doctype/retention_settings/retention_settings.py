from frappe.model.document import Document

from auto_dealer.retention.plan_card import check_settings


class RetentionSettings(Document):
	def validate(self):
		check_settings(self)
