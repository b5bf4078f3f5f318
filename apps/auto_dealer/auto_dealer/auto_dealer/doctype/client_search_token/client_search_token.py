import frappe
from frappe.model.document import Document


class ClientSearchToken(Document):
	pass


def on_doctype_update():
	"""Search reads the first index alone; the second one finds the tokens of one document."""
	frappe.db.add_index(
		"Client Search Token", ["token", "reference_doctype", "reference_name"], "token_reference"
	)
	frappe.db.add_index(
		"Client Search Token", ["reference_name", "reference_doctype", "token"], "reference_token"
	)
