from frappe.model.document import Document

from auto_dealer.appraisal.appraisal_card import check_settings


class AppraisalSettings(Document):
	def validate(self):
		check_settings(self)
