from frappe.model.document import Document

from auto_dealer.workshop.check_calendar import check_calendar


class WorkingCalendar(Document):
	def validate(self):
		check_calendar(self)
