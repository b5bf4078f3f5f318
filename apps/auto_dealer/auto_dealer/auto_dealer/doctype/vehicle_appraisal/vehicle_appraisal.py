"""An appraisal of the car that a client offers. The rules are in `auto_dealer.appraisal`."""

from frappe.model.document import Document

from auto_dealer.appraisal import appraisal_card


class VehicleAppraisal(Document):
	def autoname(self):
		appraisal_card.set_name(self)

	def before_insert(self):
		appraisal_card.fill_new(self)

	def validate(self):
		appraisal_card.check(self)

	def on_update(self):
		appraisal_card.show_change(self)

	def run_post_save_methods(self):
		with appraisal_card.without_workflow_actions():
			super().run_post_save_methods()

	def on_trash(self):
		appraisal_card.before_delete(self)

	def before_rename(self, old, new, merge=False):
		appraisal_card.before_rename(self, old, new, merge)


def on_doctype_update():
	appraisal_card.add_indexes()
