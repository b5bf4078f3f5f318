"""What a kind of contract must be like before it is saved."""

import frappe
from frappe import _


def check_kind(kind) -> None:
	"""The own text is tried, so that an error in it is found here and not at the client's side."""
	kind.prefix = (kind.prefix or "").strip()
	if (
		kind.print_format
		and frappe.db.get_value("Print Format", kind.print_format, "doc_type") != "Dealer Contract"
	):
		frappe.throw(_("{0} is not a print format of contracts.").format(kind.print_format))
	if kind.text_template:
		frappe.utils.jinja.validate_template(kind.text_template)
