"""Banks that answer by themselves, so that the credit of a demo deal can be played through."""

from __future__ import annotations

import frappe

BANKS = (
	("Учебный банк «Волга»", 17.9, 2.0),
	("Учебный банк «Кама»", 16.5, 1.5),
	("Учебный банк «Ока»", 19.4, 3.0),
)


def make_banks(made: dict[str, list[str]]) -> None:
	"""Approves up to a debt burden of 50 %; nothing leaves the system."""
	for name, rate, commission in BANKS:
		bank = {"bank_name": name, "connector": "Simulated", "rate": rate, "commission_percent": commission}
		if not frappe.db.exists("Lending Bank", name):
			frappe.get_doc({"doctype": "Lending Bank", **bank}).insert()
			made.setdefault("Lending Bank", []).append(name)
