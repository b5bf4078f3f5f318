"""A run of a robot that waits for its moment; written and worked off by `auto_dealer.robots`."""

from frappe.model.document import Document

from auto_dealer.robots.indexes import add_task_indexes


class RobotTask(Document):
	pass


def on_doctype_update():
	add_task_indexes()
