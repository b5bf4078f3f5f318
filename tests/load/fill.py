"""Fills a site with many leads and deals for the benchmarks: straight SQL, so that 100,000 deals take a minute.

The rows are what the app's documents would have stored (names, keys, tokens, stage logs), spread over pipelines, stages,
people and two years. The peers (ERPNext Lead and Opportunity, Frappe CRM's deal) get as many rows of the same people.
"""

from __future__ import annotations

import datetime
import random

import frappe

MANAGERS = [f"bench-manager-{number}@test.example" for number in range(50)]
START = datetime.datetime(2026, 1, 1)
FIRST_NAMES = (
	"Иван Пётр Анна Мария Олег Ольга Сергей Дмитрий Елена Юрий Павел Никита Ирина Вера Глеб Лев".split()
)
LAST_NAMES = (
	"Иванов Петров Сидоров Кузнецов Смирнов Волков Зайцев Соловьёв Орлов Лебедев Козлов Новиков Морозов Фёдоров Белов "
	"Гусев Титов Крылов Макаров Беляев Тарасов Комаров Киселёв Ильин Громов Фомин Давыдов Мельников Щербаков Блинов"
).split()
CLIENTS_PER_DEAL = 3
BATCH = 5000


def person(number: int) -> tuple[str, str]:
	"""Name and E.164 phone of the client with this number."""
	last = LAST_NAMES[number % len(LAST_NAMES)]
	first = FIRST_NAMES[number // len(LAST_NAMES) % len(FIRST_NAMES)]
	return f"{last} {first} {number}", f"+79{number:09d}"


def fill(done: int, size: int) -> None:
	"""Brings the site from `done` to `size` deals; commits as it goes."""
	for start in range(done, size, BATCH):
		numbers = range(start, min(start + BATCH, size))
		_clients([number for number in numbers if number % CLIENTS_PER_DEAL == 0])
		_deals(numbers)
		_peers(numbers)
		frappe.db.commit()
	for doctype in (
		"Auto Deal",
		"Auto Lead",
		"Contact",
		"Client Key",
		"Client Search Token",
		"Lead",
		"Opportunity",
	):
		frappe.db.sql(f"ANALYZE TABLE `tab{doctype}`")


def _insert(doctype: str, rows: list[dict]) -> None:
	"""Bulk insert of dicts that all have the same keys."""
	if not rows:
		return
	stamp = {"creation": START, "modified": START, "owner": "Administrator", "modified_by": "Administrator"}
	rows = [{**stamp, **row} for row in rows]
	fields = list(rows[0])
	frappe.db.bulk_insert(
		doctype, fields, [[row[field] for field in fields] for row in rows], chunk_size=BATCH
	)


def _clients(numbers: list[int]) -> None:
	from auto_dealer.clients.rules.tokens import client_tokens

	contacts, phones, keys, tokens = [], [], [], []
	for number in numbers:
		name, phone = person(number)
		contact = f"BENCH-{number}"
		contacts.append(
			{"name": contact, "first_name": name, "full_name": name, "mobile_no": phone, "phone": phone}
		)
		phones.append(
			{
				"name": f"BP-{number}",
				"parent": contact,
				"parenttype": "Contact",
				"parentfield": "phone_nos",
				"idx": 1,
				"phone": phone,
				"is_primary_mobile_no": 1,
			}
		)
		keys.append({"name": f"phone:{phone}", "kind": "phone", "contact": contact})
		for position, token in enumerate(sorted(client_tokens(name, [phone]))):
			tokens.append(
				{
					"name": f"BT-{number}-{position}",
					"token": token,
					"reference_doctype": "Contact",
					"reference_name": contact,
				}
			)
	_insert("Contact", contacts)
	_insert("Contact Phone", phones)
	_insert("Client Key", keys)
	_insert("Client Search Token", tokens)


def _deals(numbers: range) -> None:
	pipelines = {
		name: frappe.get_all(
			"Deal Stage",
			filters={"parent": name, "is_enabled": 1},
			fields=["stage_name", "kind", "probability"],
			order_by="idx",
		)
		for name in ("New Cars", "Used Cars")
	}
	leads, deals, logs = [], [], []
	for number in numbers:
		dice = random.Random(number)
		client = number - number % CLIENTS_PER_DEAL
		name, phone = person(client)
		pipeline = dice.choice(list(pipelines))
		stage = dice.choice(pipelines[pipeline])
		# As in life most deals are closed; one of ten is open.
		if stage.kind == "Open" and dice.random() < 0.85:
			stage = pipelines[pipeline][-1 - dice.randrange(2)]
		when = START + datetime.timedelta(minutes=dice.randrange(60 * 24 * 300))
		manager = dice.choice(MANAGERS)
		closed = stage.kind != "Open"
		common = {
			"creation": when,
			"modified": when,
			"client_name": name,
			"phone": phone,
			"contact": f"BENCH-{client}",
			"responsible": manager,
			"queue": manager,
			"department": _department(),
			"ad_channel": None,
		}
		leads.append(
			{
				**common,
				"name": f"BL-{number}",
				"status": "Converted",
				"enquiry_type": "Primary Call",
				"deal": f"BD-{number}",
			}
		)
		deals.append(
			{
				**common,
				"name": f"BD-{number}",
				"title": f"{name} · Deal {number}",
				"pipeline": pipeline,
				"stage": stage.stage_name,
				"lead": f"BL-{number}",
				"amount": dice.randrange(500_000, 5_000_000, 10_000),
				"currency": "RUB",
				"is_closed": int(closed),
				"result": stage.kind if closed else None,
				"closed_at": when if closed else None,
				"stage_changed_at": when,
				"stage_deadline": None if closed else when + datetime.timedelta(days=2),
				"probability": stage.probability,
			}
		)
		logs.append(
			{
				"creation": when,
				"name": f"BLOG-{number}",
				"deal": f"BD-{number}",
				"pipeline": pipeline,
				"to_stage": stage.stage_name,
				"changed_by": manager,
				"changed_at": when,
				"seconds_in_stage": 0,
			}
		)
	_insert("Auto Lead", leads)
	_insert("Auto Deal", deals)
	_insert("Deal Stage Log", logs)


def _department() -> str | None:
	if not hasattr(frappe.local, "bench_department"):
		frappe.local.bench_department = frappe.db.get_value("Department", {"is_group": 0})
	return frappe.local.bench_department


def _peers(numbers: range) -> None:
	company = frappe.db.get_value("Company", {})
	leads, opportunities, crm_leads, crm_deals = [], [], [], []
	for number in numbers:
		name, phone = person(number)
		leads.append(
			{
				"name": f"BEL-{number}",
				"lead_name": name,
				"first_name": name,
				"title": name,
				"mobile_no": phone,
				"status": "Lead",
				"company": company,
				"lead_owner": MANAGERS[number % 50],
				"naming_series": "CRM-LEAD-.YYYY.-",
			}
		)
		opportunities.append(
			{
				"name": f"BEO-{number}",
				"opportunity_from": "Lead",
				"party_name": f"BEL-{number}",
				"title": name,
				"customer_name": name,
				"status": "Open",
				"company": company,
				"currency": "RUB",
				"opportunity_owner": MANAGERS[number % 50],
				"naming_series": "CRM-OPP-.YYYY.-",
				"transaction_date": START.date(),
				"sales_stage": "Prospecting",
			}
		)
		crm_leads.append(
			{
				"name": f"BCL-{number}",
				"first_name": name,
				"lead_name": name,
				"mobile_no": phone,
				"status": "New",
				"lead_owner": MANAGERS[number % 50],
			}
		)
		crm_deals.append(
			{
				"name": f"BCD-{number}",
				"organization_name": name,
				"status": "Qualification",
				"deal_owner": MANAGERS[number % 50],
				"mobile_no": phone,
			}
		)
	_insert("Lead", leads)
	_insert("Opportunity", opportunities)
	if frappe.db.exists("DocType", "CRM Deal"):
		_insert("CRM Lead", crm_leads)
		_insert("CRM Deal", crm_deals)
