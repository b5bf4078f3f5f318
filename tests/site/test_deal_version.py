"""The time line of a deal is Frappe's, row by row, though it is written without a document's life cycle."""

from __future__ import annotations

import json

from factories import make_pipeline, make_pipeline_deal

import frappe
from frappe.core.doctype.version.version import get_diff


def versions(deal) -> list[dict]:
	rows = frappe.get_all("Version", {"ref_doctype": "Auto Deal", "docname": deal.name}, ["*"])
	return [{**row, "data": json.loads(row.data)} for row in rows]


def test_a_version_says_what_frappes_own_would_say(monkeypatch):
	monkeypatch.setattr(frappe.flags, "in_test", False)
	make_pipeline()
	deal = make_pipeline_deal(amount=100)
	assert versions(deal) == []
	before = frappe.get_doc("Auto Deal", deal.name)
	deal.reload()
	deal.amount = 250
	deal.stage = "Drive"
	deal.save()
	(version,) = versions(deal)
	expected = json.loads(frappe.as_json(get_diff(before, frappe.get_doc("Auto Deal", deal.name))))
	changed = {row[0]: row[1:] for row in version["data"]["changed"]}
	assert changed == {row[0]: row[1:] for row in expected["changed"]}
	assert [str(value) for value in changed["stage"]] == ["New", "Drive"]
	assert (version["owner"], version["modified_by"]) == ("Administrator", "Administrator")


def test_what_changes_nothing_leaves_no_version(monkeypatch):
	monkeypatch.setattr(frappe.flags, "in_test", False)
	make_pipeline()
	deal = make_pipeline_deal(amount=100)
	deal.reload()
	deal.save()
	deal.amount = 1
	deal.save(ignore_version=True)
	assert versions(deal) == []
