from frappe.model.document import Document

from auto_dealer.credit.application_card import check_settings


class CreditSettings(Document):
	def validate(self):
		check_settings(self)
