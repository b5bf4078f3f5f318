"""What guests see of the dealer, and which pages are open to them."""

from frappe.model.document import Document


class ClientPortalSettings(Document):
	def validate(self):
		self.validate_numbers()

	def validate_numbers(self):
		"""Nothing that would close the portal by mistake."""
		self.booking_days = min(max(self.booking_days or 0, 1), 60)
		self.draft_days = min(max(self.draft_days or 0, 1), 365)
		self.link_days = min(max(self.link_days or 0, 1), 365)
