"""A kind of contract: its prefix, print format and own text."""

from frappe.model.document import Document

from auto_dealer.documents.check_kind import check_kind


class ContractKind(Document):
	def validate(self):
		check_kind(self)
