"""One question to one service about one VIN. The rules are in `auto_dealer.appraisal`."""

import frappe
from frappe.model.document import Document


class VINLookup(Document):
	pass


def on_doctype_update():
	frappe.db.add_index("VIN Lookup", ["appraisal", "vin"], "dealer_appraisal_vin")
	frappe.db.add_index("VIN Lookup", ["status", "next_try_at"], "dealer_next_try")
