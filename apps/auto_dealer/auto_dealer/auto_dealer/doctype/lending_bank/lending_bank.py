from frappe.model.document import Document

from auto_dealer.credit.banks.connectors import check_bank


class LendingBank(Document):
	def validate(self):
		check_bank(self)
