"""ERPNext's Item and Serial No of a registered car, made by a job after the deal is saved.

	Queued → Done
	  ↑ ↓
	Failed (said on the car's card; tried again by the scheduler, at most MOST_ATTEMPTS times, and by a button)

The item is the model, the serial number is the VIN. An own car carries its purchase cost; a commission car none: it
is not ours, and no entry is made in the ledgers for either (that is the accountant's purchase receipt).
"""

from __future__ import annotations

import frappe
from frappe.model.document import Document

CAR = "Auto Vehicle"
QUEUED, DONE, FAILED = "Queued", "Done", "Failed"
MOST_ATTEMPTS = 5
ITEM_GROUP = "Cars"


def queue_registration(vehicle: str) -> None:
	"""After the commit; nothing is queued when the transaction is rolled back."""
	frappe.enqueue(
		"auto_dealer.vehicles.stock_records.register_in_stock",
		queue="short",
		enqueue_after_commit=True,
		vehicle=vehicle,
	)


def register_in_stock(vehicle: str) -> None:
	"""The job. What fails is written on the car's card and tried again later; done twice it changes nothing."""
	try:
		make_stock_records(vehicle)
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError) as error:
		raise frappe.RetryBackgroundJobError from error
	except Exception as error:
		frappe.db.rollback()
		frappe.clear_messages()
		frappe.log_error(
			title="A car could not be registered in stock", reference_doctype=CAR, reference_name=vehicle
		)
		_note_failure(vehicle, error)


def make_stock_records(vehicle: str) -> None:
	car = frappe.get_doc(CAR, vehicle, for_update=True)
	number = car.vin or car.frame_number
	if car.registration_status not in (QUEUED, FAILED) or not number:
		return
	serial = find_serial(number)
	item = serial.item_code if serial else ensure_item(car)
	if not serial:
		create_serial(car, number, item)
	elif serial.purchase_rate != (car.purchase_cost or 0):
		frappe.db.set_value("Serial No", number, "purchase_rate", car.purchase_cost or 0)
	# The stage has asked for these; the card's own rules have nothing to say about them.
	car.db_set(
		{"item": item, "serial_no": number, "registration_status": DONE, "registration_error": None},
		update_modified=False,
	)


def retry_failed() -> int:
	"""Queues what failed or was lost with a killed worker; returns how many. For the scheduler."""
	waiting = frappe.get_all(
		CAR,
		{"registration_status": ("in", (QUEUED, FAILED)), "registration_attempts": ("<", MOST_ATTEMPTS)},
		pluck="name",
		order_by="modified",
		limit=100,
	)
	for vehicle in waiting:
		queue_registration(vehicle)
	return len(waiting)


# -- ERPNext ---------------------------------------------------------------------------------------


def find_serial(number: str) -> frappe._dict | None:
	return frappe.db.get_value(
		"Serial No", number, ["item_code", "purchase_rate"], as_dict=True, for_update=True
	)


def ensure_item(car: Document) -> str:
	"""The model's item; one that is there without serial numbers is left to its users."""
	code = car.model or car.make or "Car"
	# By its name too: a site may number its items.
	if named := frappe.db.get_value("Item", {"item_name": code, "has_serial_no": 1, "disabled": 0}):
		return named
	for item_code in (code, f"{code} (VIN)"):
		has_serial = frappe.db.get_value("Item", item_code, "has_serial_no")
		if has_serial:
			return item_code
		if has_serial is None:
			return create_item(item_code)
	raise frappe.ValidationError(f"The items {code} and {code} (VIN) have no serial numbers")


def create_item(item_code: str) -> str:
	item = frappe.get_doc(
		{
			"doctype": "Item",
			"item_code": item_code,
			"item_name": item_code,
			"item_group": ensure_item_group(),
			"stock_uom": frappe.db.get_single_value("Stock Settings", "stock_uom") or "Nos",
			"is_stock_item": 1,
			"has_serial_no": 1,
		}
	)
	return _insert(item)


def ensure_item_group() -> str:
	if frappe.db.exists("Item Group", ITEM_GROUP):
		return ITEM_GROUP
	root = frappe.db.get_value("Item Group", {"is_group": 1, "parent_item_group": ("is", "not set")})
	group = frappe.get_doc(
		{"doctype": "Item Group", "item_group_name": ITEM_GROUP, "parent_item_group": root, "is_group": 0}
	)
	return _insert(group)


def create_serial(car: Document, number: str, item: str) -> None:
	serial = frappe.get_doc(
		{
			"doctype": "Serial No",
			"serial_no": number,
			"item_code": item,
			"company": frappe.get_cached_doc("Dealer Settings").company or frappe.db.get_default("company"),
			"purchase_rate": car.purchase_cost or 0,
		}
	)
	_insert(serial)


def _insert(doc: Document) -> str:
	"""Another worker may make the same item at the same moment: then theirs is used."""
	frappe.db.savepoint("stock_record")
	try:
		# A job of the system: who moved the deal need not be a stock user.
		return doc.insert(ignore_permissions=True).name
	except frappe.DuplicateEntryError:
		frappe.db.rollback(save_point="stock_record")
		frappe.clear_last_message()
		return doc.name


def _note_failure(vehicle: str, error: Exception) -> None:
	attempts = frappe.db.get_value(CAR, vehicle, "registration_attempts", for_update=True) or 0
	frappe.db.set_value(
		CAR,
		vehicle,
		{
			"registration_status": FAILED,
			"registration_attempts": attempts + 1,
			"registration_error": frappe.utils.strip_html(str(error))[:500] or type(error).__name__,
		},
		update_modified=False,
	)
