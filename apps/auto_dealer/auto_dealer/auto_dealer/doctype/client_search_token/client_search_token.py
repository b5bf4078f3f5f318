import frappe
from frappe.model.document import Document


class ClientSearchToken(Document):
	pass


def on_doctype_update():
	"""Search reads the first index alone; by the second one the tokens of one document are found."""
	frappe.db.add_index(
		"Client Search Token", ["reference_doctype", "token", "reference_name"], "doctype_token"
	)
	frappe.db.add_index(
		"Client Search Token", ["reference_name", "reference_doctype", "token"], "reference_token"
	)
