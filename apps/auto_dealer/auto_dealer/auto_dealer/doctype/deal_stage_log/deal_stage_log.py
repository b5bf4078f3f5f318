"""One change of a deal's stage. Written by `auto_dealer.pipelines.log_stage`, never by hand."""

import frappe
from frappe.model.document import Document


class DealStageLog(Document):
	pass


def on_doctype_update():
	frappe.db.add_index("Deal Stage Log", ["deal", "changed_at"])
	frappe.db.add_index("Deal Stage Log", ["pipeline", "changed_at"])
	# The order of its list.
	frappe.db.add_index("Deal Stage Log", ["changed_at"])
