"""A notice to members of staff, with what they answered. The rules are in `auto_dealer.notices`."""

from frappe.model.document import Document

from auto_dealer.notices.indexes import add_indexes


class StaffNotice(Document):
	pass


def on_doctype_update():
	add_indexes()
