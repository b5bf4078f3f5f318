from frappe.model.document import Document

from auto_dealer.payments.settings import check_settings


class DealerPaymentSettings(Document):
	def validate(self):
		check_settings(self)
