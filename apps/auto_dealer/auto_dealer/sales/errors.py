"""Refusals of the sales rules that the desk answers with an offer; each carries a machine-readable body."""

import frappe
from frappe import _
from frappe.utils import escape_html


class ActiveDealExists(frappe.ValidationError):
	"""The client has an open deal; `active_deal` in the response names it (417)."""


class DealNeedsLead(frappe.ValidationError):
	"""The pipeline takes no deal without an enquiry; `needs_lead` in the response holds what was typed (417)."""


class AlreadyTaken(frappe.ValidationError):
	"""Somebody else took the deal or the lead first; `taken_by` in the response names them (417)."""


class SecondaryWithoutDeal(frappe.ValidationError):
	"""A repeat contact of a client who has no open deal: there is nothing to attach it to."""


class EmptyCard(frappe.ValidationError):
	"""A target enquiry that names nobody."""


class LeadStatusError(frappe.ValidationError):
	"""The enquiry's status cannot be changed that way."""


class DealWithoutContact(frappe.ValidationError):
	"""Nothing is known about the client of a deal."""


class LeadHasDeal(frappe.ValidationError):
	"""The enquiry belongs to another deal already."""


def throw_active_deal(deals: list[dict], can_separate: bool) -> None:
	"""Refuses a repeat enquiry and names the client's open deals, the best match first."""
	shown = ("name", "title", "responsible", "responsible_name", "stage", "pipeline")
	frappe.response["active_deal"] = {
		"deals": [{key: deal.get(key) for key in shown} for deal in deals],
		"can_separate": bool(can_separate),
	}
	first = deals[0]
	frappe.throw(
		_(
			"This client has an active deal: {0} ({1}), responsible: {2}. Attach the enquiry to this deal."
		).format(
			escape_html(first.get("title") or first["name"]),
			first["name"],
			escape_html(first.get("responsible_name") or first.get("responsible") or _("nobody")),
		),
		ActiveDealExists,
		title=_("Active Deal"),
	)


def throw_needs_lead(pipeline: str, values: dict) -> None:
	"""Refuses a deal without an enquiry; the values go back so that `create_lead_and_deal` can take them."""
	frappe.response["needs_lead"] = {"pipeline": pipeline, "values": values}
	frappe.throw(
		_("A deal in the pipeline {0} needs a lead. Create the lead and the deal together.").format(
			escape_html(_(pipeline))
		),
		DealNeedsLead,
		title=_("Lead Required"),
	)


def throw_already_taken(user: str) -> None:
	"""Tells who was faster."""
	full_name = frappe.get_cached_value("User", user, "full_name") or user
	frappe.response["taken_by"] = {"user": user, "full_name": full_name}
	frappe.throw(
		_("{0} has already taken this to work.").format(escape_html(full_name)),
		AlreadyTaken,
		title=_("Already Taken"),
	)
