"""What is known of a client, for a new deal and for the desk (R48): name, phones, cars, earlier enquiries, documents,
talks. Everything only as far as the session's user may read it."""

import frappe

from auto_dealer.clients.client_access import check_read

LATEST = 20


@frappe.whitelist()
def get_card(contact: str | None = None, customer: str | None = None) -> dict:
	"""The client's card. For staff who work with enquiries; of a card closed to them they get the name only, so a
	stranger learns nothing and a colleague no phone."""
	check_read()
	if not contact and not customer:
		return {}
	person = _person(contact)
	linked = {"contact": contact, "customer": customer or person.pop("customer", None)}
	deals = _of_client(
		"Auto Deal",
		linked,
		["title", "pipeline", "stage", "amount", "currency", "responsible", "result", "is_closed", "vehicle"],
	)
	leads = _of_client(
		"Auto Lead", linked, ["client_name", "enquiry_type", "status", "ad_channel", "responsible", "deal"]
	)
	_add_names(deals + leads)
	documents = [("Auto Deal", deal.name) for deal in deals] + [("Auto Lead", lead.name) for lead in leads]
	if person.get("can_open"):
		documents.append(("Contact", contact))
	vehicles = _vehicles(linked)
	return {
		**person,
		**linked,
		**_from_other_domains(linked, [car["name"] for car in vehicles]),
		"vehicles": vehicles,
		"deals": deals,
		"leads": leads,
		"files": _attached("File", documents),
		"communications": _attached("Communication", documents),
		"tasks": _tasks(documents),
	}


def _from_other_domains(linked: dict, cars: list[str]) -> dict:
	"""Hook `dealer_client_card`: each answers for the user's rights itself."""
	parts = {}
	for path in frappe.get_hooks("dealer_client_card"):
		parts.update(frappe.get_attr(path)(linked["contact"], linked["customer"], cars))
	return parts


def _person(contact: str | None) -> dict:
	if not contact:
		return {"can_open": 0}
	doc = frappe.get_doc("Contact", contact)
	if not doc.has_permission("read"):
		return {"name": contact, "client_name": doc.full_name, "can_open": 0}
	return {
		"name": contact,
		"client_name": doc.full_name,
		"client_kind": doc.get("dealer_client_kind"),
		"phone": doc.mobile_no or doc.phone,
		"email": doc.email_id,
		"messenger": doc.get("dealer_messenger"),
		"phones": [row.phone for row in doc.phone_nos],
		"emails": [row.email_id for row in doc.email_ids],
		"customer": doc.get_link_for("Customer"),
		"can_open": 1,
	}


def _of_client(doctype: str, linked: dict, fields: list[str]) -> list[dict]:
	"""The client's leads or deals that the user may read, newest first."""
	if not frappe.has_permission(doctype, "read"):
		return []
	return frappe.get_list(
		doctype,
		or_filters=[[field, "=", value] for field, value in linked.items() if value],
		fields=["name", "creation", *fields],
		order_by="creation desc",
		limit=LATEST,
	)


def _add_names(rows: list[dict]) -> None:
	users = {row.responsible for row in rows if row.responsible}
	names = (
		dict(frappe.get_all("User", {"name": ("in", list(users))}, ["name", "full_name"], as_list=True))
		if users
		else {}
	)
	for row in rows:
		row.responsible_name = names.get(row.responsible)


def _vehicles(linked: dict) -> list[dict]:
	if not frappe.has_permission("Auto Vehicle", "read"):
		return []
	owners = [[f"owner_{kind}", "=", value] for kind, value in linked.items() if value]
	return frappe.get_list(
		"Auto Vehicle",
		or_filters=owners,
		fields=["name", "title", "vin", "licence_plate", "make", "model", "year", "mileage", "ownership"],
		order_by="modified desc",
		limit=LATEST,
	)


def _attached(doctype: str, documents: list[tuple[str, str]]) -> list[dict]:
	"""Files of, or talks about, documents that the user may read (the caller has made sure of that)."""
	if not documents:
		return []
	if doctype == "File":
		place, fields = ("attached_to_doctype", "attached_to_name"), ["file_name", "file_url"]
	else:
		place = ("reference_doctype", "reference_name")
		fields = ["communication_medium", "sent_or_received", "subject", "sender", "communication_date"]
	filters = [
		[place[1], "in", [name for _doctype, name in documents]],
		[place[0], "in", list({d for d, _name in documents})],
	]
	rows = frappe.get_all(
		doctype, filters, ["name", "creation", *place, *fields], order_by="creation desc", limit=LATEST
	)
	allowed = set(documents)
	return [row for row in rows if (row[place[0]], row[place[1]]) in allowed]


def _tasks(documents: list[tuple[str, str]]) -> list[dict]:
	if not documents:
		return []
	return frappe.get_list(
		"ToDo",
		[["reference_name", "in", [name for _doctype, name in documents]], ["status", "=", "Open"]],
		["name", "description", "date", "allocated_to", "reference_type", "reference_name"],
		order_by="date",
		limit=LATEST,
	)
