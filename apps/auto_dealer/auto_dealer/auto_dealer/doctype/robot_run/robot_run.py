"""What a robot did on an event, or why it did nothing; written by `auto_dealer.robots`."""

from frappe.model.document import Document

from auto_dealer.robots.indexes import add_run_indexes


class RobotRun(Document):
	pass


def on_doctype_update():
	add_run_indexes()
