"""One of those who are to react to a staff notice."""

from frappe.model.document import Document

from auto_dealer.notices import indexes


class StaffNoticeRecipient(Document):
	pass


def on_doctype_update():
	indexes.add_recipient_index()
