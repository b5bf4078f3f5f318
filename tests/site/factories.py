"""All factories of the site tests: `make_<doctype>(**values)` gives a saved document of the named test company.

Each takes any field by name. Nothing is committed; see the fixtures for what is undone.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from site_fixtures import ensure_user

import frappe
from frappe.model.document import Document
from frappe.utils import now_datetime


def test_company() -> str:
	"""The one company of the test site."""
	return frappe.get_all("Company", pluck="name", limit=1)[0]


test_company.__test__ = False  # a factory, not a test


def make_department(name: str, parent: str | None = None) -> str:
	"""The department's document name; below `parent` when given. An existing one is returned as it is."""
	company = test_company()
	found = frappe.db.get_value("Department", {"department_name": name, "company": company})
	if found:
		return found
	department = frappe.get_doc(
		{
			"doctype": "Department",
			"department_name": name,
			"company": company,
			"is_group": 1,
			"parent_department": parent or frappe.db.get_value("Department", {"lft": 1}),
		}
	)
	return department.insert().name


def make_staff(name: str, *roles: str, department: str | None = None) -> str:
	"""A desk user with these roles who works in the department; gives the user id."""
	user = ensure_user(*roles, name=name, dealer_department=department)
	if frappe.db.get_value("User", user, "dealer_department") != department:
		doc = frappe.get_doc("User", user)
		doc.dealer_department = department
		doc.save()
	return user


def make_row(doctype: str, **values: Any) -> Document:
	"""A row as it may lie in the table: no rule of the document is run, names and times are filled."""
	doc = frappe.new_doc(doctype)
	doc.update(values)
	doc.owner = doc.modified_by = values.get("owner") or "Administrator"
	doc.creation = doc.modified = now_datetime()
	doc.name = values.get("name") or frappe.generate_hash(length=10)
	doc.db_insert()
	for index, child in enumerate(doc.get_all_children(), 1):
		child.update({"parent": doc.name, "parenttype": doctype, "idx": index})
		child.name = frappe.generate_hash(length=10)
		child.db_insert()
	return doc


def make_pipeline(name: str = "Test Pipeline", stages: list[dict] | None = None, **values: Any) -> Document:
	"""A pipeline of four open stages and two final ones, or of the given stages; no lead is required."""
	default = [{"stage_name": stage} for stage in ("New", "Drive", "Contract", "Payment")]
	default += [{"stage_name": "Won", "kind": "Won"}, {"stage_name": "Lost", "kind": "Lost"}]
	values = {"deal_kind": "Sale", "lead_required": 0, **values}
	return frappe.get_doc(
		{"doctype": "Deal Pipeline", "pipeline_name": name, "stages": stages or default, **values}
	).insert()


def make_pipeline_deal(pipeline: str = "Test Pipeline", **values: Any) -> Document:
	"""A deal of a client of its own in a pipeline that needs no lead."""
	values.setdefault("client_name", "Иван Петров")
	values.setdefault("phone", f"+7916{frappe.db.get_next_sequence_val('Auto Deal'):07d}")
	return frappe.get_doc({"doctype": "Auto Deal", "pipeline": pipeline, **values}).insert()


def free_phone() -> str:
	"""A Russian mobile number that no other test uses."""
	return f"+7903{frappe.db.get_next_sequence_val('Auto Lead'):07d}"


def make_lead(do_not_save: bool = False, **values: Any) -> Document:
	"""A primary call of a new client; `phone=None` for none."""
	values = {"client_name": "Иван Петров", "phone": free_phone(), "enquiry_type": "Primary Call", **values}
	lead = frappe.get_doc({"doctype": "Auto Lead", **values})
	return lead if do_not_save else lead.insert()


def make_deal(do_not_save: bool = False, **values: Any) -> Document:
	"""A deal in New Cars with a lead of its own, unless another pipeline or lead is given."""
	pipeline = values.setdefault("pipeline", "New Cars")
	if "lead" not in values and frappe.db.get_value("Deal Pipeline", pipeline, "lead_required"):
		own = {
			key: values[key]
			for key in ("client_name", "phone", "email", "contact", "responsible")
			if key in values
		}
		values["lead"] = make_lead(**own).name
	elif not values.get("lead") and "contact" not in values:
		values = {"client_name": "Иван Петров", "phone": free_phone(), **values}
	deal = frappe.get_doc({"doctype": "Auto Deal", **values})
	return deal if do_not_save else deal.insert()


def make_channel(name: str = "Test Channel", **values: Any) -> Document:
	"""An advertising channel that makes leads and deals in New Cars, all unsorted."""
	values = {"kind": "Web Form", "creates": "Lead and Deal", "pipeline": "New Cars", **values}
	return frappe.get_doc({"doctype": "Ad Channel", "channel_name": name, **values}).insert()


def make_contact(name: str = "Иван Петров", phones: Any = (), emails: Any = (), **values: Any) -> Document:
	"""A client's card with these phones and e-mails; the first of each is the primary one."""
	contact = frappe.get_doc({"doctype": "Contact", "first_name": name, **values})
	for phone in phones:
		contact.append("phone_nos", {"phone": phone, "is_primary_mobile_no": not contact.phone_nos})
	for email in emails:
		contact.append("email_ids", {"email_id": email, "is_primary": not contact.email_ids})
	return contact.insert()


def make_vehicle(**values: Any) -> Document:
	"""A client's car; a Toyota Camry unless said otherwise."""
	return frappe.get_doc({"doctype": "Auto Vehicle", "model": "Toyota Camry", **values}).insert()


def make_bitrix24_import(**values: Any) -> Document:
	"""An import; `contacts`, `leads`, `deals` are the content of its files (bytes, or text stored as UTF-8)."""
	from auto_dealer.integrations.bitrix24.import_files import attach

	files = {
		kind: values.pop(field, None)
		for kind, field in (("contact", "contacts"), ("lead", "leads"), ("deal", "deals"))
	}
	document = frappe.get_doc({"doctype": "Bitrix24 Import", "title": "test", **values}).insert()
	for kind, content in files.items():
		if content is not None:
			content = content.encode() if isinstance(content, str) else content
			attach(document, kind, f"{document.name}-{kind}.csv", content)
	return document


def make_robot(**values: Any) -> Document:
	"""A switched-on robot that tells the responsible when a deal enters a stage of the test pipeline."""
	values = {"title": "Test robot", "document_type": "Auto Deal", "pipeline": "Test Pipeline", **values}
	values = {
		"event": "Stage Entered",
		"action": "Notify Staff",
		"is_enabled": 1,
		"subject": "{{ doc.title }}",
		**values,
	}
	return frappe.get_doc({"doctype": "Stage Robot", **values}).insert()


def make_contract(**values: Any) -> Document:
	"""A draft of a contract without a deal, of the test company."""
	values = {
		"kind": "Sale",
		"company": test_company(),
		"client_name": "Иван Петров",
		"amount": 1000,
		**values,
	}
	return frappe.get_doc({"doctype": "Dealer Contract", **values}).insert()


def make_credit_application(specialist: str, **values: Any) -> Document:
	"""The application that a deal in New Cars has made for the specialist, ready for the banks; 1 000 000 for 36 months."""
	deal = make_deal(needs_credit=1, credit_specialist=specialist, amount=1_500_000)
	application = frappe.get_doc("Credit Application", {"deal": deal.name})
	application.update(
		{
			"birth_date": "1985-05-05",
			"passport_number": "4509 123456",
			"has_consent": 1,
			"consent_date": "2026-01-10",
			"down_payment": 500_000,
			"term_months": 36,
			"rate": 18,
			"incomes": [{"kind": "Salary", "source": "Ромашка", "monthly_amount": 150_000}],
			"debts": [{"kind": "Credit Card", "monthly_payment": 10_000}],
			**values,
		}
	)
	return application.save()


def make_lending_bank(name: str = "Test Bank", **values: Any) -> Document:
	"""A simulated bank that approves at 18 %, and pays the dealer 2 %."""
	values = {
		"connector": "Simulated",
		"simulated_outcome": "Approve",
		"rate": 18,
		"commission_percent": 2,
		**values,
	}
	return frappe.get_doc({"doctype": "Lending Bank", "bank_name": name, **values}).insert()


def make_service_group(name: str = "Test Group", **values: Any) -> str:
	"""The group's name; an existing one is returned as it is."""
	if not frappe.db.exists("Service Group", name):
		frappe.get_doc({"doctype": "Service Group", "group_name": name, **values}).insert()
	return name


def make_service_skill(name: str = "Test Skill") -> str:
	"""The skill's name; an existing one is returned as it is."""
	if not frappe.db.exists("Service Skill", name):
		frappe.get_doc({"doctype": "Service Skill", "skill_name": name}).insert()
	return name


def make_working_calendar(
	name: str = "Test Calendar", shifts: list[dict] | None = None, **values: Any
) -> str:
	"""The calendar's name: every day of the week 9:00-18:00 with lunch at 13:00, or the given shifts."""
	days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
	usual = {"start": "09:00:00", "end": "18:00:00", "break_start": "13:00:00", "break_end": "14:00:00"}
	if not frappe.db.exists("Working Calendar", name):
		rows = shifts or [{"weekday": day, **usual} for day in days]
		frappe.get_doc(
			{"doctype": "Working Calendar", "calendar_name": name, "shifts": rows, **values}
		).insert()
	return name


def make_service_resource(name: str = "Test Mechanic", skills: Any = (), **values: Any) -> Document:
	"""A mechanic of the test calendar with these skills, unless another kind is given."""
	values = {"resource_kind": "Mechanic", "capacity": 1, **values}
	values.setdefault("working_calendar", make_working_calendar())
	rows = [{"skill": make_service_skill(skill)} for skill in skills]
	return frappe.get_doc(
		{"doctype": "Service Resource", "resource_name": name, "skills": rows, **values}
	).insert()


def make_labour_operation(name: str = "Test Operation", **values: Any) -> str:
	"""The operation's name; an existing one is returned as it is."""
	if not frappe.db.exists("Labour Operation", name):
		frappe.get_doc({"doctype": "Labour Operation", "operation_name": name, **values}).insert()
	return name


def make_labour_norm(operation: str, hours: float, **values: Any) -> Document:
	return frappe.get_doc(
		{"doctype": "Labour Norm", "operation": operation, "hours": hours, **values}
	).insert()


def make_labour_rate(rate: float, **values: Any) -> Document:
	"""In force since 2020 for all work unless said otherwise."""
	values = {"valid_from": "2020-01-01", **values}
	return frappe.get_doc({"doctype": "Labour Rate", "rate": rate, **values}).insert()


def make_service_offering(name: str = "Test Service", needs: Any = (), **values: Any) -> Document:
	"""An hour of one mechanic for 1000; `needs` are kinds, (kind, skill) or (kind, skill, count)."""
	values = {"group": "Test Group", "price_kind": "Fixed", "price": 1000, "duration_minutes": 60, **values}
	make_service_group(values["group"])
	rows = [(need,) if isinstance(need, str) else need for need in needs]
	rows = [(*row, *(None, 1)[len(row) - 1 :]) for row in rows]
	values["needs"] = [
		{"resource_kind": kind, "skill": skill and make_service_skill(skill), "count": count}
		for kind, skill, count in rows
	]
	return frappe.get_doc({"doctype": "Service Offering", "offering_name": name, **values}).insert()


def next_monday(hours: float = 10, weeks: int = 1) -> datetime:
	"""This many hours after midnight of a coming Monday: the test calendar works on weekdays."""
	today = now_datetime().replace(hour=0, minute=0, second=0, microsecond=0)
	return today + timedelta(days=7 * weeks - today.weekday(), hours=hours)


def make_service_booking(
	offering: str = "Test Service", start: Any = None, do_not_save: bool = False, **values: Any
) -> Document:
	"""A booking of a new client on a coming Monday at ten, unless said otherwise."""
	resources = [{"resource": name} for name in values.pop("resources", ())]
	if not {"contact", "phone", "deal"} & set(values):
		values = {"client_name": "Иван Петров", "phone": free_phone(), **values}
	booking = frappe.get_doc(
		{
			"doctype": "Service Booking",
			"start": start or next_monday(),
			"offerings": [{"offering": name} for name in offering.split("+")],
			"resources": resources,
			**values,
		}
	)
	return booking if do_not_save else booking.insert()


def make_preparation_staff(leaders: int = 3, **settings: Any) -> dict[str, Any]:
	"""Everybody who takes part in diagnostics and detailing, named in Preparation Settings; their bells are empty."""
	staff: dict[str, Any] = {
		"author": make_staff("prep-author", "Dealer Sales Manager"),
		"leaders": [make_staff(f"prep-leader-{n}", "Dealer Buyout Head") for n in range(1, leaders + 1)],
		"visitor": make_staff("prep-visitor", "Dealer Diagnostician"),
		"administrator": make_staff("prep-administrator", "Dealer Detailing Administrator"),
		"photographer": make_staff("prep-photographer", "Dealer Photographer"),
		"seller": make_staff("prep-seller", "Dealer Sales Manager"),
	}
	everybody = [user for users in staff.values() for user in ([users] if isinstance(users, str) else users)]
	frappe.db.delete("Notification Log", {"for_user": ("in", everybody)})
	document = frappe.get_single("Preparation Settings")
	document.update({"photos_needed": 2, "unanswered_hours": 0, **settings})
	document.people = []
	duties = [("Diagnostics Leader", user) for user in staff["leaders"]]
	duties += [("Price Leader", user) for user in staff["leaders"]]
	duties += [
		("Detailing Administrator", staff["administrator"]),
		("Photographer", staff["photographer"]),
		("Sales Responsible", staff["seller"]),
	]
	for duty, user in duties:
		document.append("people", {"duty": duty, "user": user})
	document.save()
	return staff


def make_work_order(do_not_save: bool = False, **values: Any) -> Document:
	"""An order of a client of its own with a car of its own; New, without lines."""
	if "contact" not in values:
		values["contact"] = make_contact(phones=[free_phone()]).name
	if "vehicle" not in values:
		values["vehicle"] = make_vehicle(frame_number=frappe.generate_hash(length=9).upper()).name
	values = {"complaint": "Стук спереди", "mileage": 50_000, **values}
	order = frappe.get_doc({"doctype": "Service Work Order", **values})
	return order if do_not_save else order.insert()


def make_agreed_order(**values: Any) -> Document:
	"""An order whose client has approved every line; a work of 2 hours at 1 500 unless lines are given."""
	from auto_dealer.orders.answer_estimate import answer_estimate
	from auto_dealer.orders.estimate_snapshot import open_line_ids, snapshot_hash, take_snapshot

	if not {"labour", "parts", "sublets"} & set(values):
		values["labour"] = [{"description": "Замена колодок", "hours": 2, "rate": 1500}]
	order = make_work_order(**values)
	order.stage = "Estimate"
	order.save()
	shown = take_snapshot(order)
	answers = dict.fromkeys(open_line_ids(shown), True)
	answer_estimate(order.name, answers, "Иван Петров", snapshot_hash(shown))
	return order.reload()


def make_stock_item(code: str = "Test Brake Pad", price: float = 1000, qty: float = 0, **values: Any) -> str:
	"""A part with a selling price; `qty` of it are put into the company's default warehouse at 600 each."""
	if not frappe.db.exists("Item", code):
		group = frappe.db.get_value("Item Group", {"is_group": 0})
		unit = frappe.db.get_single_value("Stock Settings", "stock_uom")
		frappe.get_doc(
			{
				"doctype": "Item",
				"item_code": code,
				"item_name": code,
				"item_group": group,
				"stock_uom": unit,
				"standard_rate": price,
				"is_stock_item": 1,
				**values,
			}
		).insert()
	if qty:
		receive_stock(code, qty)
	return code


def receive_stock(item: str, qty: float, warehouse: str | None = None) -> Document:
	"""A submitted receipt of the item."""
	warehouse = warehouse or frappe.db.get_single_value("Stock Settings", "default_warehouse")
	row = {"item_code": item, "qty": qty, "t_warehouse": warehouse, "basic_rate": 600}
	kind = frappe.db.get_value("Stock Entry Type", {"purpose": "Material Receipt"})
	return frappe.get_doc(
		{
			"doctype": "Stock Entry",
			"stock_entry_type": kind,
			"company": test_company(),
			"items": [row],
		}
	).submit()


def stock_of(item: str, kind: str | None = None) -> float:
	"""Pieces in the default warehouse, or in the one of this Warehouse Type (Work Order Reserve, Work Order Issue)."""
	warehouse = frappe.db.get_single_value("Stock Settings", "default_warehouse")
	if kind:
		warehouse = frappe.db.get_value("Warehouse", {"company": test_company(), "warehouse_type": kind})
	return frappe.db.get_value("Bin", {"item_code": item, "warehouse": warehouse}, "actual_qty") or 0


def make_appraisal(appraiser: str, **values: Any) -> Document:
	"""The appraisal that a deal in Used Cars has made for the appraiser: a Camry of 2020, inspected, with three offers."""
	deal = (
		values.pop("deal", None)
		or make_deal(pipeline="Used Cars", needs_appraisal=1, appraiser=appraiser).name
	)
	appraisal = frappe.get_doc("Vehicle Appraisal", {"deal": deal})
	for row in appraisal.checks:
		row.result = "Good"
	offers = ((1_500_000, 2020, 60_000), (1_400_000, 2019, 60_000), (1_600_000, 2021, 60_000))
	appraisal.update(
		{
			"vin": free_vin(),
			"model": "Toyota Camry",
			"year": 2020,
			"mileage": 60_000,
			"target_margin": 10,
			"fixed_costs": 0,
			"comparables": [
				{"title": f"Camry {number}", "price": price, "year": year, "mileage": mileage}
				for number, (price, year, mileage) in enumerate(offers, 1)
			],
			**values,
		}
	)
	return appraisal.save()


def free_vin() -> str:
	"""A VIN that no other car has."""
	return f"XTA2109{frappe.db.get_next_sequence_val('Auto Lead'):010d}"


def make_serviced_vehicle(owner: str, serviced_on: Any, mileage: int = 30_000, **values: Any) -> Document:
	"""A client's car that was serviced on that day, as noted in its maintenance plan."""
	car = make_vehicle(owner_contact=owner, vin=free_vin(), **values)
	plan = {"vehicle": car.name, "own_service_on": serviced_on, "own_service_mileage": mileage}
	frappe.get_doc({"doctype": "Maintenance Plan", **plan}).insert()
	return car
