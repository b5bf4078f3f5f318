"""A detailing request of a deal. The rules are in `auto_dealer.processes`."""

from frappe.model.document import Document

from auto_dealer.processes import detailing_card


class DetailingRequest(Document):
	def autoname(self):
		detailing_card.set_name(self)

	def before_insert(self):
		detailing_card.fill_new(self)

	def validate(self):
		detailing_card.check(self)

	def validate_workflow(self):
		if not detailing_card.check_workflow(self):
			super().validate_workflow()

	def on_update(self):
		detailing_card.after_save(self)

	def run_post_save_methods(self):
		with detailing_card.without_workflow_actions():
			super().run_post_save_methods()

	def on_trash(self):
		detailing_card.before_delete(self)

	def before_rename(self, old, new, merge=False):
		detailing_card.before_rename(self, old, new, merge)
