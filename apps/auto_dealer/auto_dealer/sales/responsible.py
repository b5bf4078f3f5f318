"""Who answers for a new lead or deal when nobody was named."""

import frappe
from frappe.model.document import Document

# Who talks to clients: what they register themselves is theirs from the start.
FRONT_LINE = frozenset({"Dealer Sales Manager", "Dealer Service Advisor"})


def default_responsible(doc: Document) -> str | None:
	"""The session's user when they are front-line staff; None (unsorted) for machines, heads and administrators."""
	user = frappe.session.user
	if doc.flags.ignore_permissions or user in ("Administrator", "Guest"):
		return None
	return user if FRONT_LINE.intersection(frappe.get_roles(user)) else None
