"""Non-target enquiries and refusals are sifted out at the first stage, with a reason (R14)."""

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.sales.errors import LeadStatusError
from auto_dealer.sales.rules import enquiry


def close_lead(lead: str, status: str, lost_reason: str) -> Document:
	"""The lead as Junk or Refused. It can be taken to work again; leads with a deal are not closed here."""
	if status not in enquiry.CLOSED_WITHOUT_DEAL:
		frappe.throw(
			_("A lead is closed as {0} or {1}.").format(_(enquiry.JUNK), _(enquiry.REFUSED)), LeadStatusError
		)
	doc = frappe.get_doc("Auto Lead", lead, for_update=True)
	doc.check_permission("write")
	doc.update({"status": status, "lost_reason": lost_reason})
	doc.save()
	return doc
