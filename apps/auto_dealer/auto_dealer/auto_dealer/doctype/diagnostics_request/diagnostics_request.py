"""A diagnostics request of a deal. The rules are in `auto_dealer.processes`."""

from frappe.model.document import Document

from auto_dealer.processes import diagnostics_card


class DiagnosticsRequest(Document):
	def autoname(self):
		diagnostics_card.set_name(self)

	def before_insert(self):
		diagnostics_card.fill_new(self)

	def validate(self):
		diagnostics_card.check(self)

	def validate_workflow(self):
		if not diagnostics_card.check_workflow(self):
			super().validate_workflow()

	def on_update(self):
		diagnostics_card.after_save(self)

	def run_post_save_methods(self):
		with diagnostics_card.without_workflow_actions():
			super().run_post_save_methods()

	def on_trash(self):
		diagnostics_card.before_delete(self)

	def before_rename(self, old, new, merge=False):
		diagnostics_card.before_rename(self, old, new, merge)
