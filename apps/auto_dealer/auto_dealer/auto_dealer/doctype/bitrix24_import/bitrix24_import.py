"""One import of a Bitrix24 portal's CSV exports: its files, its preview, its progress and what it refused."""

import json

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.integrations.bitrix24.attached_files import FILE_FIELDS, REFUSED_DOCTYPE, check_readable
from auto_dealer.integrations.bitrix24.preview_import import make_preview
from auto_dealer.integrations.bitrix24.start_import import is_silent, start

FIXED_AFTER_START = (
	*FILE_FIELDS.values(),
	"default_pipeline",
	"default_enquiry_type",
	"default_responsible",
	"default_department",
)


class Bitrix24Import(Document):
	def validate(self):
		self.validate_unchanged()
		self.validate_files()
		self.validate_enquiry_type()
		self.set_status()

	def on_trash(self):
		if self.status == "Running":
			frappe.throw(_("The import is running."))
		frappe.db.delete(REFUSED_DOCTYPE, {"bitrix24_import": self.name})

	def validate_unchanged(self):
		"""The cursor counts rows of these very files."""
		before = self.get_doc_before_save()
		if (
			before
			and before.cursor
			and any(self.get(field) != before.get(field) for field in FIXED_AFTER_START)
		):
			frappe.throw(_("The import has begun: its files cannot be changed. Make a new import."))

	def validate_files(self):
		"""Naming a file's address must not open somebody else's private file: Frappe attaches whatever is named."""
		before = self.get_doc_before_save()
		for field in FILE_FIELDS.values():
			if self.get(field) and not (before and before.get(field) == self.get(field)):
				check_readable(self.get(field))

	def validate_enquiry_type(self):
		"""A repeat contact has no meaning without the deal that it repeats."""
		if self.default_enquiry_type and frappe.db.get_value(
			"Enquiry Type", self.default_enquiry_type, "is_secondary"
		):
			frappe.throw(_("Choose a primary enquiry type."))

	def set_status(self):
		if self.status in ("Draft", "Ready"):
			self.status = "Ready" if any(self.get(field) for field in FILE_FIELDS.values()) else "Draft"

	# -- from the form -----------------------------------------------------------------------------

	@frappe.whitelist(methods=["POST"])
	def make_preview(self) -> list[dict]:
		"""What the import would do; stored with it. Needs the right to write imports."""
		self.check_permission("write")
		preview = make_preview(self)
		self.db_set(
			"preview_data", json.dumps(preview, ensure_ascii=False, default=str), update_modified=False
		)
		return preview

	@frappe.whitelist(methods=["POST"])
	def start_import(self) -> str:
		"""Starts or continues the import in the background. Needs the right to write imports; twice is refused."""
		self.check_permission("write")
		start(self)
		return self.status

	@frappe.whitelist()
	def get_progress(self) -> dict:
		"""The stored counters, and whether the job has gone silent so that it should be continued."""
		self.check_permission("read")
		fields = [
			"status",
			"total",
			"processed",
			"created_count",
			"merged_count",
			"skipped_count",
			"refused_count",
		]
		progress = frappe.db.get_value(self.doctype, self.name, [*fields, "progress_at"], as_dict=True)
		progress.is_stalled = progress.status == "Running" and is_silent(progress.progress_at)
		return progress
