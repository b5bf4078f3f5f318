"""A row that an import refused, with the reason. Written by the import's job only."""

from frappe.model.document import Document


class Bitrix24RefusedRow(Document):
	pass
