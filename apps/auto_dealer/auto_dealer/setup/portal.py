"""The channel through which the portal's forms come in, given once; an admin's changes stay."""

import frappe

from auto_dealer.setup.seeded_once import seed_once

CHANNEL = {
	"channel_name": "Photos for an Estimate",
	"kind": "Web Form",
	"address": "/estimate",
	"creates": "Lead and Deal",
	"pipeline": "Body Repair",
	"enquiry_type": "Web Form",
}


def add_portal() -> None:
	"""After pipelines and enquiry masters; nothing when the dealer repairs no bodies."""
	if frappe.db.exists("Deal Pipeline", CHANNEL["pipeline"]):
		seed_once("portal channel", _add_channel)


def _add_channel() -> None:
	values = dict(CHANNEL)
	if not frappe.db.exists("Enquiry Type", values["enquiry_type"]):
		values.pop("enquiry_type")
	if not frappe.db.exists("Ad Channel", values["channel_name"]):
		frappe.get_doc({"doctype": "Ad Channel", **values}).insert()
	if not frappe.db.get_single_value("Client Portal Settings", "estimate_channel"):
		settings = frappe.get_single("Client Portal Settings")
		settings.estimate_channel = values["channel_name"]
		settings.save()
