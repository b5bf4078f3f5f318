"""What a deal shows of its processes."""

from __future__ import annotations

import frappe
from frappe import _

from auto_dealer.processes.rules import detailing, diagnostics
from auto_dealer.processes.start import KINDS

FIELDS = {
	"Diagnostics": ["name", "state", "leader", "visitor", "visit_at", "deal_note", "modified"],
	"Detailing": [
		"name",
		"state",
		"price_leader",
		"administrator",
		"photographer",
		"due_at",
		"deal_note",
		"modified",
	],
}
FINAL = {"Diagnostics": diagnostics.FINAL, "Detailing": detailing.FINAL}


def get_state(deal: str) -> list[dict]:
	"""The last request of each kind. The caller has checked the deal."""
	found = []
	for kind, doctype in KINDS.items():
		row = frappe.db.get_value(
			doctype, {"deal": deal}, FIELDS[kind], order_by="creation desc", as_dict=True
		)
		if row:
			found.append(
				{
					**row,
					"kind": kind,
					"doctype": doctype,
					"state_label": _(row.state, context=doctype),
					"is_over": row.state in FINAL[kind],
					"may_open": bool(frappe.has_permission(doctype, "read", doc=row.name)),
				}
			)
	return found
