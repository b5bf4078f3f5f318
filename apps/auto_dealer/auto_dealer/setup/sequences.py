"""Database sequences that number leads and deals without locking anybody."""

import frappe

NUMBERED = (
	"Auto Lead",
	"Auto Deal",
	"Credit Application",
	"Service Work Order",
	"Service Booking",
	"Diagnostics Request",
	"Detailing Request",
	"Vehicle Appraisal",
)


def add_sequences():
	for doctype in NUMBERED:
		frappe.db.create_sequence(doctype, check_not_exists=True)


def delete_sequences() -> None:
	"""For an uninstall: a later install counts from one."""
	for doctype in NUMBERED:
		# The names are constants of this file.
		frappe.db.sql_ddl(f"drop sequence if exists `{frappe.scrub(doctype + '_id_seq')}`")
