"""A deal: one enquiry carried to its end. The rules are in `auto_dealer.sales.deal_card` and in `pipelines`."""

from frappe.model.document import Document

from auto_dealer.sales import deal_card
from auto_dealer.sales.deal_version import write_version
from auto_dealer.sales.indexes import add_deal_indexes
from auto_dealer.sales.numbering import next_name


class AutoDeal(Document):
	def autoname(self):
		self.name = next_name(self.doctype)

	def _validate_links(self):
		deal_card.check_links(self)

	def load_doc_before_save(self, *, raise_exception=False):
		"""Who has locked the deal's row and kept a copy of it as stored (`flags.stored`) spares reading it again."""
		self._doc_before_save = self.flags.pop("stored", None)
		if not self._doc_before_save:
			super().load_doc_before_save(raise_exception=raise_exception)

	def before_validate(self):
		deal_card.read_stage(self)

	def before_insert(self):
		deal_card.fill_new(self)

	def validate(self):
		deal_card.check(self)

	def validate_workflow(self):
		"""Instead of Frappe's check: the pipeline is the one source of what a move needs."""
		deal_card.check_stage(self)

	def after_insert(self):
		deal_card.record_created(self)

	def on_update(self):
		deal_card.record_change(self)
		deal_card.show_followers(self)

	def update_children(self):
		if deal_card.has_rows(self):
			super().update_children()

	def run_post_save_methods(self):
		with deal_card.without_workflow_actions():
			super().run_post_save_methods()

	def save_version(self):
		if not write_version(self):
			super().save_version()

	def on_trash(self):
		deal_card.before_delete(self)

	def before_rename(self, old, new, merge=False):
		deal_card.before_rename(self, old, new, merge)


def on_doctype_update():
	add_deal_indexes()
