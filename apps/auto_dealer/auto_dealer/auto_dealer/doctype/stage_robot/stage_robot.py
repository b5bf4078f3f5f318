"""A robot: what is done by itself with a document, and when. The rules are in `auto_dealer.robots`."""

from frappe.model.document import Document

from auto_dealer.robots import check_robot


class StageRobot(Document):
	def validate(self):
		check_robot.check(self)

	def on_update(self):
		check_robot.after_change(self)

	def on_trash(self):
		check_robot.before_delete(self)
