"""The list of everything that the demo made: kept in the database, so that a reset removes that and nothing else."""

import json

import frappe

from auto_dealer.booking.take_time import free
from auto_dealer.clients.client_keys import release

# Defaults of this parent belong to nobody: they are sent to no browser.
PARENT = "__auto_dealer_demo"
# In this order: what points at others goes first.
REMOVED_BY_SQL = (
	"Service Work Order",
	"Service Booking",
	"Auto Lead",
	"Auto Deal",
	"Auto Vehicle",
	"Contact",
)
REMOVED_BY_DOCUMENT = (
	*("Lending Bank", "Service Offering", "Labour Norm", "Labour Operation", "Labour Rate"),
	*("Service Resource", "Working Calendar", "Holiday List", "Customer", "User", "Department"),
)
CHILDREN = {
	"Service Booking": ("Service Booking Offering", "Service Booking Resource"),
	"Service Work Order": (
		*("Work Order Offering", "Work Order Labour", "Work Order Part", "Work Order Sublet"),
		*("Work Order Inspection", "Work Order Photo", "Work Order Invoice", "Work Order Part Request"),
	),
	"Auto Deal": ("Deal Vehicle Interest",),
	"Auto Vehicle": ("Vehicle Owner", "Vehicle Mileage"),
	"Contact": ("Contact Phone", "Contact Email", "Dynamic Link"),
	"Credit Application": ("Credit Income", "Credit Debt", "Credit Application Product", "Bank Offer"),
	"Vehicle Appraisal": ("Appraisal Check", "Appraisal Damage", "Appraisal Comparable", "Appraisal Offer"),
}
PIPELINES = "Deal Pipeline"
# Made by deals and orders themselves, and gone with them.
FOLLOWERS = {
	"Auto Deal": ("Credit Application", "Vehicle Appraisal"),
	"Service Work Order": ("Work Order Approval", "Deferred Work", "Mechanic Time"),
}


def is_seeded() -> bool:
	return bool(frappe.db.exists("DefaultValue", {"parent": PARENT}))


def save(made: dict[str, list[str]]) -> None:
	"""Stores the names by DocType."""
	for doctype, names in made.items():
		frappe.defaults.add_default(doctype, json.dumps(names, ensure_ascii=False), PARENT)


def load() -> dict[str, list[str]]:
	rows = frappe.get_all("DefaultValue", {"parent": PARENT}, ["defkey", "defvalue"])
	return {row.defkey: json.loads(row.defvalue) for row in rows}


def remove() -> None:
	"""Removes what the demo made. What people's own documents have come to use meanwhile stays: a client with a real
	deal, a demo user who answers for one."""
	made = load()
	for doctype in REMOVED_BY_SQL:
		_remove_rows(doctype, [name for name in made.get(doctype, []) if not _is_used(doctype, name, made)])
	for doctype in REMOVED_BY_DOCUMENT:
		for name in made.get(doctype, []):
			if frappe.db.exists(doctype, name) and not _is_used(doctype, name, made):
				_delete(doctype, name)
	for pipeline in made.get(PIPELINES, []):
		_forget_department(pipeline)
	frappe.db.delete("DefaultValue", {"parent": PARENT})


def _remove_rows(doctype: str, names: list[str]) -> None:
	"""By SQL: a deal is never deleted by its document, not even by us, and a thousand documents would take minutes."""
	if not names:
		return
	files = {"attached_to_doctype": doctype, "attached_to_name": ("in", names)}
	for file in frappe.get_all("File", files, pluck="name"):
		frappe.delete_doc("File", file, force=True)
	frappe.db.delete("Comment", {"reference_doctype": doctype, "reference_name": ("in", names)})
	frappe.db.delete("Version", {"ref_doctype": doctype, "docname": ("in", names)})
	frappe.db.delete("DocShare", {"share_doctype": doctype, "share_name": ("in", names)})
	for child in CHILDREN.get(doctype, ()):
		frappe.db.delete(child, {"parenttype": doctype, "parent": ("in", names)})
	frappe.db.delete("ToDo", {"reference_type": doctype, "reference_name": ("in", names)})
	frappe.db.delete("Notification Log", {"document_type": doctype, "document_name": ("in", names)})
	_remove_what_hangs_on(doctype, names)
	frappe.db.delete("Client Search Token", {"reference_doctype": doctype, "reference_name": ("in", names)})
	frappe.db.delete(doctype, {"name": ("in", names)})


def _remove_what_hangs_on(doctype: str, names: list[str]) -> None:
	if doctype == "Auto Deal":
		frappe.db.delete("Deal Stage Log", {"deal": ("in", names)})
	for document in FOLLOWERS.get(doctype, ()):
		field = "deal" if doctype == "Auto Deal" else "work_order"
		_remove_rows(document, frappe.get_all(document, {field: ("in", names)}, pluck="name"))
	if doctype == "Service Booking":
		for name in names:
			free(frappe.get_doc(doctype, name))
		frappe.db.delete("Robot Task", {"reference_doctype": doctype, "reference_name": ("in", names)})
	if doctype == "Auto Vehicle":
		frappe.db.delete("Maintenance Plan", {"vehicle": ("in", names)})
	if doctype == "Contact":
		release_all(names)


def release_all(contacts: list[str]) -> None:
	"""A phone that a real client shares with one of the demo is the real client's from now on."""
	for contact in contacts:
		release(frappe.get_all("Client Key", {"contact": contact}, pluck="name"), contact)


LINKS = {
	"Service Booking": (("Service Work Order", "booking"),),
	"Service Work Order": (),
	"Auto Lead": (("Auto Deal", "lead"),),
	"Auto Deal": (("Auto Lead", "deal"),),
	"Auto Vehicle": (
		*(("Auto Deal", "vehicle"), ("Service Booking", "vehicle")),
		("Service Work Order", "vehicle"),
	),
	"Holiday List": (("Working Calendar", "holiday_list"),),
	"Labour Norm": (),
	"Labour Operation": (
		*(("Labour Norm", "operation"), ("Service Offering Operation", "operation")),
		("Work Order Labour", "operation"),
	),
	"Labour Rate": (),
	"Lending Bank": (("Bank Offer", "bank"),),
	"Service Offering": (("Service Booking Offering", "offering"), ("Work Order Offering", "offering")),
	"Service Resource": (("Service Booking Resource", "resource"),),
	"Working Calendar": (("Service Resource", "working_calendar"),),
	"Contact": (
		*(("Auto Deal", "contact"), ("Auto Lead", "contact"), ("Auto Vehicle", "owner_contact")),
		*(("Service Booking", "contact"), ("Service Work Order", "contact")),
	),
	"Customer": (("Auto Deal", "customer"), ("Auto Lead", "customer"), ("Auto Vehicle", "owner_customer")),
	"User": (("Auto Deal", "responsible"), ("Auto Lead", "responsible"), ("Service Resource", "user")),
	"Department": (("Auto Deal", "department"), ("Auto Lead", "department"), ("User", "dealer_department")),
}


def _is_used(doctype: str, name: str, made: dict[str, list[str]]) -> bool:
	"""Whether a document that the demo did not make points at this one."""
	for other, field in LINKS[doctype]:
		users = frappe.get_all(other, {field: name}, pluck="name", limit=50)
		if set(users) - set(made.get(other, [])):
			return True
	return doctype == "Customer" and _has_contact(name)


def _has_contact(customer: str) -> bool:
	"""A person who stays keeps the firm: ERPNext would delete both."""
	person = {"parenttype": "Contact", "link_doctype": "Customer", "link_name": customer}
	return bool(frappe.db.exists("Dynamic Link", person))


def _delete(doctype: str, name: str) -> None:
	if doctype == "User":
		for contact in frappe.get_all("Contact", {"user": name}, pluck="name"):
			frappe.delete_doc("Contact", contact, force=True)
		frappe.db.delete("Notification Settings", {"name": name})
	frappe.delete_doc(doctype, name, force=True, delete_permanently=True)


def _forget_department(pipeline: str) -> None:
	if frappe.db.exists(PIPELINES, pipeline):
		document = frappe.get_doc(PIPELINES, pipeline)
		document.department = None
		document.save()
