"""What the benchmarks need on a site before they run: a bare DocType to compare with, users, facts to ask for."""

from __future__ import annotations

from fill import MANAGERS

LINKS = {
	"contact": "Contact",
	"responsible": "User",
	"department": "Department",
	"currency": "Currency",
	"company": "Company",
}
OPEN_DEALS = 200


def prepare(frappe) -> str:
	"""Makes users and the bare DocType; returns `key:secret` of a user with all deals in sight."""
	frappe.set_user("Administrator")
	frappe.flags.in_import = True  # no welcome mails, no password checks
	for email in [*MANAGERS, "bench-head@test.example"]:
		if not frappe.db.exists("User", email):
			roles = (
				["Dealer Sales Manager"] if email in MANAGERS else ["Dealer Administrator", "System Manager"]
			)
			user = frappe.new_doc("User")
			user.update({"email": email, "first_name": email.split("@")[0], "send_welcome_email": 0})
			user.append_roles(*roles, "Sales Manager", "Sales User")
			user.insert()
	frappe.flags.in_import = False
	_bare_doctype(frappe)
	user = frappe.get_doc("User", "bench-head@test.example")
	user.api_key, user.api_secret = frappe.generate_hash(length=15), frappe.generate_hash(length=15)
	user.save()
	frappe.db.commit()
	return f"{user.api_key}:{user.get_password('api_secret')}"


def _bare_doctype(frappe) -> None:
	if frappe.db.exists("DocType", "Bench Bare"):
		return
	plain = ["title", "status", "phone", "email", "note", "source"]
	fields = [{"fieldname": name, "fieldtype": "Data", "label": name.title()} for name in plain]
	fields.append({"fieldname": "amount", "fieldtype": "Currency", "label": "Amount"})
	for name, doctype in LINKS.items():
		fields.append({"fieldname": name, "fieldtype": "Link", "options": doctype, "label": name.title()})
	frappe.get_doc(
		{
			"doctype": "DocType",
			"name": "Bench Bare",
			"module": "Custom",
			"custom": 1,
			"autoname": "hash",
			"fields": fields,
			"permissions": [
				{"role": "Dealer Administrator", "read": 1, "write": 1, "create": 1, "delete": 0}
			],
		}
	).insert()


def gather(frappe, size: int) -> dict:
	"""Facts that the operations ask for, and the documents that they will change."""
	from auto_dealer.vehicles.rules.plate import fold_plate

	manager, department = MANAGERS[0], frappe.db.get_value("Department", {"is_group": 0})
	channel = frappe.db.get_value("Ad Channel", {})
	links = {
		"contact": "BENCH-0",
		"responsible": manager,
		"department": department,
		"currency": "RUB",
		"company": frappe.db.get_value("Company", {}),
	}
	names = [_bare(frappe, links, number) for number in range(OPEN_DEALS)]
	if not frappe.db.exists("Auto Vehicle", {"vin": "XTA217030C0123456"}):
		vehicle = frappe.new_doc("Auto Vehicle")
		vehicle.update({"vin": "XTA217030C0123456", "licence_plate": "А123ВС777", "year": 2020})
		vehicle.insert()
	assert fold_plate("А123ВС777")
	open_deals = frappe.get_all(
		"Auto Deal",
		filters={"is_closed": 0, "pipeline": "New Cars"},
		fields=["name", "stage"],
		limit=OPEN_DEALS,
	)
	for deal in open_deals:
		frappe.db.set_value("Auto Deal", deal.name, "stage", "Vehicle Selection", update_modified=False)
		deal.stage = "Vehicle Selection"
	free_leads = _free_leads(frappe) if size <= 20_000 else []
	frappe.db.commit()
	return {
		"size": size,
		"manager": manager,
		"department": department,
		"channel": channel,
		"bare_links": links,
		"bare_names": names,
		"vin": "0123456",
		"plate": "А123ВС",
		"open_deals": open_deals,
		"free_leads": free_leads,
		# The shipped defaults are English names, which a site set up in another language does not have.
		"opportunity": {
			"opportunity_type": frappe.db.get_value("Opportunity Type", {}),
			"sales_stage": frappe.db.get_value("Sales Stage", {}),
		},
	}


def _bare(frappe, links: dict, number: int) -> str:
	return frappe.get_doc({"doctype": "Bench Bare", "title": f"Bare {number}", **links}).insert().name


def _free_leads(frappe, count: int = 3000) -> list[dict]:
	"""Leads of clients without any deal, each ready to become one."""
	from fill import BATCH, START, person

	stamp = [START, START, "Administrator", "Administrator"]
	contacts, leads = [], []
	for number in range(count):
		name, phone = person(80_000_000 + number)
		contacts.append([f"BF-{number}", *stamp, name])
		leads.append([f"BFL-{number}", *stamp, name, phone, f"BF-{number}", "New", "Primary Call"])
	common = ["name", "creation", "modified", "owner", "modified_by"]
	if not frappe.db.exists("Contact", "BF-0"):
		frappe.db.bulk_insert("Contact", [*common, "first_name"], contacts, chunk_size=BATCH)
		fields = [*common, "client_name", "phone", "contact", "status", "enquiry_type"]
		frappe.db.bulk_insert("Auto Lead", fields, leads, chunk_size=BATCH)
	used = set(frappe.get_all("Auto Deal", filters={"lead": ["like", "BFL-%"]}, pluck="lead"))
	return [{"name": lead[0], "contact": lead[7]} for lead in leads if lead[0] not in used]
