from frappe.model.document import Document


class Bitrix24Import(Document):
	pass
