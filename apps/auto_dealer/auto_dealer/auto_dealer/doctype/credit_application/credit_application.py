"""A credit application of a deal. The rules are in `auto_dealer.credit`."""

from frappe.model.document import Document

from auto_dealer.credit import application_card


class CreditApplication(Document):
	def autoname(self):
		application_card.set_name(self)

	def before_insert(self):
		application_card.fill_new(self)

	def validate(self):
		application_card.check(self)

	def on_update(self):
		application_card.show_change(self)

	def run_post_save_methods(self):
		with application_card.without_workflow_actions():
			super().run_post_save_methods()

	def on_trash(self):
		application_card.before_delete(self)

	def before_rename(self, old, new, merge=False):
		application_card.before_rename(self, old, new, merge)


def on_doctype_update():
	application_card.add_indexes()
