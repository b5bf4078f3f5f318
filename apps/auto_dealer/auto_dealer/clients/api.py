"""What the desk asks about clients."""

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit

from auto_dealer.clients import company_details, merge_documents
from auto_dealer.clients import possible_duplicates as duplicates
from auto_dealer.clients import quick_search as searching

READERS = ("Auto Deal", "Auto Lead", "Auto Vehicle")
# Questions to the register of companies from one address (often a whole dealership); its free plan has 10,000 a day.
MOST_COMPANIES, HOUR = 300, 3600


def check_read() -> None:
	if not any(frappe.has_permission(doctype, "read") for doctype in READERS):
		raise frappe.PermissionError(_("No permission to search clients and cars."))


@frappe.whitelist()
def quick_search(text: str) -> list[dict]:
	"""Clients, deals, leads, cars and customers by fragments. A stranger gets a 403; staff see in each group what
	their role opens, and of colleagues' clients the name, a masked phone and who works with them."""
	check_read()
	return searching.quick_search(text)


@frappe.whitelist()
def possible_duplicates(
	client_name: str | None = None,
	phone: str | None = None,
	email: str | None = None,
	messenger: str | None = None,
	vin: str | None = None,
	plate: str | None = None,
	doctype: str | None = None,
	name: str | None = None,
) -> list[dict]:
	"""Clients, open leads and cars that may be the same as what is being typed; limits as in `quick_search`."""
	check_read()
	return duplicates.possible_duplicates(client_name, phone, email, messenger, vin, plate, doctype, name)


@frappe.whitelist()
def merge_preview(doctype: str, kept: str, removed: str) -> dict:
	"""`{fields, links}`: both cards side by side and what would move. Needs the right to merge the two."""
	merge_documents.check_write(doctype, kept, removed)
	return merge_documents.preview(doctype, kept, removed)


@frappe.whitelist(methods=["POST"])
def merge(doctype: str, kept: str, removed: str) -> str:
	"""Merges `removed` into `kept`; returns the name of the Client Merge by which it can be undone."""
	merge_documents.check_write(doctype, kept, removed)
	return merge_documents.merge(doctype, kept, removed)


@frappe.whitelist(methods=["POST"])
def undo_merge(merge: str) -> dict:
	"""Brings the removed card back with what was moved; `{restored, skipped}`. Needs write on the card that stayed."""
	frappe.get_doc("Client Merge", merge).check_permission("read")
	return merge_documents.undo(merge)


@frappe.whitelist(methods=["POST"])
@rate_limit(limit=MOST_COMPANIES, seconds=HOUR)
def get_companies(inn: str) -> list[dict]:
	"""Companies of a tax number from the register, for whoever writes deals; strangers get a 403.

	A POST, because each question is logged.
	"""
	frappe.has_permission("Auto Deal", "write", throw=True)
	return company_details.find_companies(inn)


@frappe.whitelist(methods=["POST"])
def take_company(deal: str, inn: str, kpp: str = "") -> str:
	"""The company becomes the deal's customer; needs write on the deal."""
	frappe.has_permission("Auto Deal", "write", doc=deal, throw=True)
	return company_details.take_company(deal, inn, kpp)
