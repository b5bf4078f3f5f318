"""Database sequences that number leads and deals without locking anybody."""

import frappe

NUMBERED = ("Auto Lead", "Auto Deal")


def add_sequences():
	for doctype in NUMBERED:
		frappe.db.create_sequence(doctype, check_not_exists=True)
