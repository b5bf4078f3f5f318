"""A pipeline with its stages. The rules are in `auto_dealer.pipelines`."""

from frappe.model.document import Document

from auto_dealer.pipelines import save_pipeline


class DealPipeline(Document):
	def load_from_db(self):
		if self.flags.for_update:
			save_pipeline.lock_first(self)
		return super().load_from_db()

	def check_if_latest(self):
		save_pipeline.lock_first(self)
		super().check_if_latest()

	def before_insert(self):
		save_pipeline.read_input(self)

	def before_validate(self):
		save_pipeline.read_input(self)

	def validate(self):
		save_pipeline.check(self)

	def on_update(self):
		save_pipeline.after_save(self)

	def on_trash(self):
		save_pipeline.before_delete(self)

	def after_delete(self):
		save_pipeline.after_delete(self)

	def before_rename(self, old, new, merge=False):
		return save_pipeline.before_rename(self, old, new, merge)

	def after_rename(self, old, new, merge=False):
		save_pipeline.after_rename(old, new)
