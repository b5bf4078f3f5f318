"""Indexes of the tables of notices."""

from __future__ import annotations

import frappe


def add_indexes() -> None:
	"""For the notices of a document."""
	frappe.db.add_index("Staff Notice", ["reference_name", "status"], "dealer_reference")


def add_recipient_index() -> None:
	"""For "what waits for me"; its table is made after that of the notices."""
	frappe.db.add_index("Staff Notice Recipient", ["user", "parent"], "dealer_user")
