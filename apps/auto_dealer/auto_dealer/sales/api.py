"""What the desk and outer programs may call. Each function checks the session user's rights through the documents.

Refusals come as 417 with `active_deal`, `needs_lead`, `taken_by` or `stage_gate` in the body; see `sales.errors`.
"""

from typing import Any

import frappe

from auto_dealer.sales import attach_lead as attaching
from auto_dealer.sales import close_lead as closing
from auto_dealer.sales import convert_lead as converting
from auto_dealer.sales import create_lead_and_deal as creating
from auto_dealer.sales import invite_colleague as inviting
from auto_dealer.sales import take_to_work as taking
from auto_dealer.sales.client_history import get_history
from auto_dealer.sales.retry import run_locked

JSON = dict[str, Any] | str | None


@frappe.whitelist(methods=["POST"])
def convert_lead(lead: str, pipeline: str | None = None, values: JSON = None) -> str:
	"""The deal that the lead became; the same deal when asked again. Needs write on the lead, create on deals."""
	frappe.has_permission("Auto Deal", "create", throw=True)
	return run_locked(lambda: converting.convert_lead(lead, pipeline, _parse(values)))


@frappe.whitelist(methods=["POST"])
def create_lead_and_deal(values: JSON) -> dict[str, str]:
	"""`{"lead", "deal"}` from the fields of an unsaved deal. Needs create on both."""
	frappe.has_permission("Auto Lead", "create", throw=True)
	return run_locked(lambda: creating.create_lead_and_deal(_parse(values)))


@frappe.whitelist(methods=["POST"])
def take_to_work(deal: str) -> dict[str, str]:
	"""Makes the caller responsible for an unsorted deal that they may see; one of two at once wins."""
	frappe.has_permission("Auto Deal", "write", throw=True)
	doc = run_locked(lambda: taking.take_to_work(deal))
	return {"name": doc.name, "stage": doc.stage, "responsible": doc.responsible}


@frappe.whitelist(methods=["POST"])
def take_lead_to_work(lead: str) -> dict[str, str]:
	"""Makes the caller responsible for a lead that they may see; one of two at once wins."""
	frappe.has_permission("Auto Lead", "write", throw=True)
	doc = run_locked(lambda: taking.take_lead_to_work(lead))
	return {"name": doc.name, "status": doc.status, "responsible": doc.responsible}


@frappe.whitelist(methods=["POST"])
def attach_lead(deal: str, lead: str | None = None, lead_values: JSON = None) -> str:
	"""The name of the lead, attached to the deal. `lead` is a saved one, `lead_values` what was typed into a new one.

	The deal must be the client's own or visible to the caller.
	"""
	frappe.has_permission("Auto Lead", "create", throw=True)
	return run_locked(lambda: attaching.attach_lead(deal, lead, _parse(lead_values))).name


@frappe.whitelist(methods=["POST"])
def close_lead(lead: str, status: str, lost_reason: str) -> str:
	"""Closes a lead as Junk or Refused; returns its status. Needs write on the lead."""
	frappe.has_permission("Auto Lead", "write", throw=True)
	return run_locked(lambda: closing.close_lead(lead, status, lost_reason)).status


@frappe.whitelist(methods=["POST"])
def invite(deal: str, user: str, message: str) -> str:
	"""Shows the deal to a colleague and asks them in its feed; the comment's name. Needs write on the deal."""
	frappe.has_permission("Auto Deal", "write", doc=deal, throw=True)
	return inviting.invite(deal, user, message).name


@frappe.whitelist()
def client_history(doctype: str, name: str) -> dict[str, Any]:
	"""Earlier leads, deals and cars of the client of a lead or deal that the caller may read (R48)."""
	frappe.has_permission(doctype, "read", doc=name, throw=True)
	return get_history(doctype, name)


def _parse(values: JSON) -> dict[str, Any]:
	"""Arguments come as JSON text from forms and as an object from programs."""
	parsed = frappe.parse_json(values) if values else {}
	if not isinstance(parsed, dict):
		frappe.throw(frappe._("Values must be an object of field names and values."))
	return parsed
