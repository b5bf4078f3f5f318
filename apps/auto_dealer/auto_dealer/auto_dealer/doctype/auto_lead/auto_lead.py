from frappe.model.document import Document

from auto_dealer.sales.numbering import next_name


class AutoLead(Document):
	def autoname(self):
		self.name = next_name(self.doctype)
