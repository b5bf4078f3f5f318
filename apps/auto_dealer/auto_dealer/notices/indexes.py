"""Indexes of the tables of notices."""

from __future__ import annotations

import frappe


def add_indexes() -> None:
	"""For "what waits for me" and for the notices of a document."""
	frappe.db.add_index("Staff Notice", ["reference_name", "status"], "dealer_reference")
	frappe.db.add_index("Staff Notice Recipient", ["user", "parent"], "dealer_user")
