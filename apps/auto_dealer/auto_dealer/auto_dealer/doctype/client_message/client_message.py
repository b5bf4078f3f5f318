"""A message to a client on its way out; written and sent by `auto_dealer.channels.send_to_client`."""

from frappe.model.document import Document

from auto_dealer.channels.outbox import add_indexes


class ClientMessage(Document):
	pass


def on_doctype_update():
	add_indexes()
