"""Numbers of contracts without gaps: a counter row for each company, kind and year, locked until the transaction ends.

Whoever asks for a number waits for the one before to be committed or rolled back; a rolled back number is given
again. So the number is taken as late as possible, just before the contract's own INSERT.
"""

from __future__ import annotations

import frappe

COUNTER = "Contract Counter"


def take_number(company: str, kind: str, year: int) -> int:
	"""The next number of this company, kind and year: 1, 2, 3 …"""
	counter = find_counter(company, kind, year) or add_counter(company, kind, year)
	frappe.db.sql("update `tabContract Counter` set last_number = last_number + 1 where name = %s", counter)
	return frappe.db.sql("select last_number from `tabContract Counter` where name = %s", counter)[0][0]


def find_counter(company: str, kind: str, year: int) -> str | None:
	return frappe.db.get_value(COUNTER, {"company": company, "kind": kind, "counter_year": year})


def add_counter(company: str, kind: str, year: int) -> str:
	"""The first contract of a year makes the counter, one after another under the lock of the company's row.

	Without that lock, the ways into the same gap of the index would deadlock when the first one is rolled back.
	"""
	frappe.db.sql("select name from tabCompany where name = %s for update", company)
	found = frappe.db.sql(
		"select name from `tabContract Counter` where company = %s and kind = %s and counter_year = %s for update",
		(company, kind, year),
	)
	if found:
		return found[0][0]
	counter = frappe.get_doc(
		{"doctype": COUNTER, "company": company, "kind": kind, "counter_year": year, "last_number": 0}
	)
	counter.set_new_name()
	counter.set_user_and_timestamp()
	counter.db_insert()
	return counter.name


def add_counter_index() -> None:
	frappe.db.add_unique(COUNTER, ["company", "kind", "counter_year"], "company_kind_year")


def add_contract_indexes() -> None:
	columns = ["company", "kind", "contract_year", "sequence_number"]
	frappe.db.add_unique("Dealer Contract", columns, "company_kind_year_number")
