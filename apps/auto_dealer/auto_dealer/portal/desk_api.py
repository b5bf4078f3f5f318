"""What staff may call: the client's link to a deal of the body shop. Work orders have their own button."""

from __future__ import annotations

import frappe
from frappe import _

from auto_dealer.portal.link_tokens import ensure_link, open_link, revoke_links
from auto_dealer.portal.order_view import DEAL, PURPOSE

REPAIR = "Repair"


class NoClientPage(frappe.ValidationError):
	"""Clients see repairs; the stages of a sale are the dealer's own."""


@frappe.whitelist(methods=["POST"])
def make_deal_link(deal: str) -> dict[str, str]:
	"""{url} of the client's page, the same each time until it is revoked. Needs write on the deal."""
	frappe.has_permission(DEAL, "write", doc=deal, throw=True)
	if not is_repair(deal):
		frappe.throw(_("Only deals of a repair have a page for the client."), NoClientPage)
	return {"url": ensure_link(PURPOSE, DEAL, deal)}


@frappe.whitelist(methods=["POST"])
def revoke_deal_links(deal: str) -> dict[str, int]:
	"""{closed}: how many links of the deal open nothing from now on. Needs write on the deal."""
	frappe.has_permission(DEAL, "write", doc=deal, throw=True)
	return {"closed": revoke_links(DEAL, deal)}


def is_repair(deal: str) -> bool:
	pipeline = frappe.db.get_value(DEAL, deal, "pipeline")
	return frappe.get_cached_value("Deal Pipeline", pipeline, "deal_kind") == REPAIR


def robot_value(doc) -> str:
	"""`{{ client_page }}` in the texts of robots: the link that staff have made; makes nothing."""
	return open_link(PURPOSE, doc.doctype, doc.name)
