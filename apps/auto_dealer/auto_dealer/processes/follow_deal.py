"""A deal that is lost has no use for a visit or a detailing: what is under way for it is cancelled."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from auto_dealer.pipelines.rules.stages import LOST
from auto_dealer.processes import steps
from auto_dealer.processes.start import KINDS


def after_deal_change(deal: Document, before: Document | None = None) -> None:
	"""After every save of a deal; costs no SQL unless it has just been lost. A workflow without Cancel is left alone."""
	entered = deal.flags.stage_entered
	if not entered or entered[1].kind != LOST:
		return
	for doctype in KINDS.values():
		name = frappe.db.get_value(doctype, {"running_key": deal.name})
		if not name:
			continue
		request = frappe.get_doc(doctype, name, for_update=True)
		if steps.edges_of(request, request.state, action="Cancel"):
			steps.apply(request, "Cancel")
