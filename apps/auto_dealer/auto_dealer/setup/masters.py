"""Lists that a dealer starts with: makes and models, kinds of cars and of clients. Each is given once; an admin's
edits and deletions survive every migrate."""

import json
from pathlib import Path

import frappe
from frappe.utils import now

from auto_dealer.setup.seeded_once import seed_once

OBJECT_KINDS = (
	"Passenger Car",
	"Light Commercial Vehicle",
	"Truck",
	"Bus",
	"After an Accident",
	"Fuel Semitrailer",
	"Semitrailer",
)
# Name: is it a company, does it go first.
CLIENT_KINDS = {
	"Private Person": (0, 0),
	"Sole Proprietor": (1, 0),
	"Company (up to 3 cars)": (1, 0),
	"Company (5-10 cars)": (1, 0),
	"Fleet": (1, 1),
	"Taxi": (1, 0),
	"Insurance Company": (1, 0),
}


def add_masters() -> None:
	seed_once("object kinds", _add_object_kinds)
	seed_once("client kinds", _add_client_kinds)
	seed_once("makes and models", _add_makes)


def _add_object_kinds() -> None:
	_add("Object Kind", [{"name": kind, "kind_name": kind, "is_enabled": 1} for kind in OBJECT_KINDS])


def _add_client_kinds() -> None:
	rows = [
		{"name": kind, "kind_name": kind, "is_company": company, "is_priority": priority, "is_enabled": 1}
		for kind, (company, priority) in CLIENT_KINDS.items()
	]
	_add("Client Kind", rows)


def _add_makes() -> None:
	data = json.loads((Path(__file__).parent / "seed_data/makes.json").read_text(encoding="utf-8"))
	countries = set(frappe.get_all("Country", pluck="name"))
	makes, models = [], []
	for make in data:
		country = make["country"] if make["country"] in countries else None
		makes.append(
			{
				"name": make["make"],
				"make_name": make["make"],
				"aliases": "\n".join(make["aliases"]),
				"country": country,
				"is_enabled": 1,
			}
		)
		for model in make["models"]:
			models.append(
				{
					"name": f"{make['make']} {model['model']}",
					"make": make["make"],
					"model_name": model["model"],
					"aliases": "\n".join(model.get("aliases", ())),
					"is_enabled": 1,
				}
			)
	_add("Vehicle Make", makes)
	_add("Vehicle Model", models)
	frappe.cache.delete_value("auto_dealer:make_names")


def _add(doctype: str, rows: list[dict]) -> None:
	"""Inserts all rows at once, without those that exist: these lists have no rules of their own."""
	existing = set(frappe.get_all(doctype, pluck="name"))
	stamp = {"creation": now(), "modified": now(), "owner": "Administrator", "modified_by": "Administrator"}
	rows = [{**row, **stamp} for row in rows if row["name"] not in existing]
	if rows:
		frappe.db.bulk_insert(
			doctype, list(rows[0]), [tuple(row.values()) for row in rows], ignore_duplicates=True
		)
