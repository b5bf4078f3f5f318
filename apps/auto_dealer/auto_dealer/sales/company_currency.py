"""The currency of the dealer's company: of new deals and of the board's sums."""

import frappe


def company_currency() -> str | None:
	"""From the company in Dealer Settings, else the site's default company; no SQL once cached."""
	company = frappe.get_cached_doc("Dealer Settings").company or frappe.db.get_default("company")
	return frappe.get_cached_value("Company", company, "default_currency") if company else None
