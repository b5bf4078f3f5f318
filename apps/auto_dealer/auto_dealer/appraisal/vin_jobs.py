"""Runs one question about a VIN: claims it, asks the service without any lock, fills in what is still empty.

Queued ──claim──► Running ──answer──► Done / Not Found
   ▲                 │
   └── Failed ◄──────┘ tried again after 1, 5, 30, 120 minutes, then by hand
"""

from __future__ import annotations

import json

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_to_date, now_datetime

from auto_dealer.appraisal.car_fields import filled_fields, is_open
from auto_dealer.appraisal.events import note
from auto_dealer.appraisal.rules.retries import next_try
from auto_dealer.appraisal.rules.vin_merge import fill_empty
from auto_dealer.appraisal.vin_services.connectors import get_connector
from auto_dealer.appraisal.vin_services.interface import VinData
from auto_dealer.integrations.http_api.errors import ServiceRefused, ServiceUnavailable
from auto_dealer.sales.retry import retry_on_deadlock
from auto_dealer.vehicles.resolve_make_model import resolve_make_model

LOOKUP, DOCTYPE = "VIN Lookup", "Vehicle Appraisal"
FILLED = "dealer_appraisal_filled"
# A worker that died in the middle: the question is taken up again after this.
LOST_MINUTES = 15
LOOKUPS_A_ROUND = 100


def look_up(lookup: str) -> None:
	"""The job of one question. Never raises for the service's sake: its failure is recorded."""
	row = retry_on_deadlock(lambda: claim(lookup))
	frappe.db.commit()  # noqa: TID251 - no lock is held while the service is asked
	if not row:
		return
	try:
		found = ask(row)
	except Exception as error:
		problem = error
		retry_on_deadlock(lambda: record_failure(lookup, problem))
	else:
		# The log of the requests stays, also when the answer meets a deadlock.
		frappe.db.commit()  # noqa: TID251
		retry_on_deadlock(lambda: record_answer(lookup, found))
	frappe.db.commit()  # noqa: TID251


def claim(lookup: str) -> frappe._dict | None:
	"""Marks the question as being asked; None when another worker has it or nothing is to be asked any more."""
	fields = ["name", "appraisal", "connector", "vin", "status", "attempts", "asked_at", "found"]
	row = frappe.db.get_value(LOOKUP, lookup, fields, as_dict=True, for_update=True)
	if not row or row.status == "Not Found" or (row.status == "Running" and not is_lost(row)):
		return None
	if frappe.db.get_value(DOCTYPE, row.appraisal, "vin") != row.vin:
		return None
	if row.status != "Done":
		row.attempts = (row.attempts or 0) + 1
		values = {"status": "Running", "attempts": row.attempts, "asked_at": now_datetime()}
		frappe.db.set_value(LOOKUP, lookup, {**values, "next_try_at": None})
	return row


def is_lost(row: frappe._dict) -> bool:
	return not row.asked_at or row.asked_at < add_to_date(now_datetime(), minutes=-LOST_MINUTES)


def ask(row: frappe._dict) -> dict | None:
	"""Field → value, ready for the appraisal; None when the service does not know the car. An old answer is kept."""
	if row.status == "Done":
		return json.loads(row.found or "{}")
	connector = get_connector(row.connector)
	if not connector or not connector.is_ready():
		raise ServiceRefused(_("The service {0} is switched off.").format(row.connector))
	known = frappe.db.get_value(DOCTYPE, row.appraisal, ["mileage", "owners_count"], as_dict=True)
	found = connector.look_up(row.vin, dict(known))
	return as_values(found) if found else None


def as_values(found: VinData) -> dict:
	"""Make and model among the dealer's own; prices apart."""
	make, model = resolve_make_model(" ".join(filter(None, (found.make, found.model))))
	values = {"make": make, "model": model, **found.fields}
	price = {"price": found.price, "price_from": found.price_from, "price_to": found.price_to}
	return {
		"fields": {field: value for field, value in values.items() if value},
		"named": " ".join(filter(None, (found.make, found.model))),
		"price": {field: str(value) for field, value in price.items() if value is not None},
		"offers": found.offers,
	}


def record_answer(lookup: str, found: dict | None) -> None:
	"""Writes the answer down, and into the appraisal's empty fields when the VIN is still the same."""
	row = frappe.db.get_value(LOOKUP, lookup, ["appraisal", "connector", "vin"], as_dict=True)
	appraisal = frappe.get_doc(DOCTYPE, row.appraisal, for_update=True)
	frappe.db.set_value(
		LOOKUP,
		lookup,
		{
			"status": "Done" if found else "Not Found",
			"found": json.dumps(found, ensure_ascii=False) if found else None,
			"answered_at": now_datetime(),
			"error": None,
		},
	)
	if found and appraisal.vin == row.vin and is_open(appraisal):
		fill(appraisal, row.connector, found)
	tell_form(appraisal)


def fill(appraisal: Document, service: str, found: dict) -> None:
	"""The empty fields only; nothing that a person has typed is touched."""
	changes = fill_empty(appraisal.as_dict(), checked(found["fields"], appraisal))
	if appraisal.model or appraisal.make:
		# A make of the one and a model of the other would not fit.
		changes = {field: value for field, value in changes.items() if field not in ("make", "model")}
	appraisal.update(changes)
	appraisal.filled_by_vin = json.dumps({**filled_fields(appraisal), **changes}, ensure_ascii=False)
	if found["price"]:
		appraisal.service_price = float(found["price"].get("price", 0))
		appraisal.service_price_from = float(found["price"].get("price_from", 0))
		appraisal.service_price_to = float(found["price"].get("price_to", 0))
		appraisal.service_offers, appraisal.service_name = found["offers"], service
	elif not changes:
		return
	# A form with changes of its own that knows this version may take the filled fields over.
	appraisal.filled_over = str(appraisal.modified)
	appraisal.flags.by_use_case = True
	note(appraisal, _("{0}: data by VIN").format(service))
	# A job acts for whoever typed the VIN.
	appraisal.save(ignore_permissions=True)


def checked(values: dict, appraisal: Document) -> dict:
	"""Without values that a selection does not have, so that no service makes an appraisal impossible to save."""
	fits = {}
	for field, value in values.items():
		df = appraisal.meta.get_field(field)
		if df and (df.fieldtype != "Select" or value in (df.options or "").split("\n")):
			fits[field] = value
	return fits


def record_failure(lookup: str, error: Exception) -> None:
	"""What went wrong, and when it is tried again; a refusal is not tried again."""
	row = frappe.db.get_value(LOOKUP, lookup, ["appraisal", "attempts"], as_dict=True, for_update=True)
	if not row:
		return
	wait = getattr(error, "retry_after", 0) or 0
	moment = None if isinstance(error, ServiceRefused) else next_try(row.attempts, now_datetime(), wait)
	named = isinstance(error, ServiceRefused | ServiceUnavailable)
	text = str(error) if named else f"{type(error).__name__}: {error}"
	if not named:
		frappe.log_error(
			title="A service of data by VIN failed", reference_doctype=LOOKUP, reference_name=lookup
		)
	frappe.db.set_value(LOOKUP, lookup, {"status": "Failed", "error": text[:300], "next_try_at": moment})
	tell_form(frappe.get_doc(DOCTYPE, row.appraisal))


def tell_form(appraisal: Document) -> None:
	"""Whoever has the appraisal open fetches the news."""
	frappe.publish_realtime(
		FILLED, {"appraisal": appraisal.name}, doctype=DOCTYPE, docname=appraisal.name, after_commit=True
	)


def retry_due() -> None:
	"""Questions whose next try has come, and those whose worker died; each in its own transactions."""
	now = now_datetime()
	lost = add_to_date(now, minutes=-LOST_MINUTES)
	ways = (
		{"status": "Failed", "next_try_at": ("<=", now)},
		{"status": "Running", "asked_at": ("<", lost)},
		{"status": "Queued", "modified": ("<", lost)},
	)
	for filters in ways:
		for name in frappe.get_all(LOOKUP, filters, pluck="name", limit=LOOKUPS_A_ROUND, order_by="modified"):
			look_up(name)
