"""What the mechanic's page asks. Every function is about the session user's own jobs only, and tells no prices."""

from __future__ import annotations

import base64
import binascii
import json

import frappe
from frappe import _
from frappe.utils import cstr, flt, strip_html

from auto_dealer.orders import mechanic_jobs, mechanic_notes, mechanic_time
from auto_dealer.sales.retry import run_locked

MOST_EVENTS = 200
KEY_LENGTHS = range(8, 81)
TIMED = (mechanic_time.START, mechanic_time.PAUSE, mechanic_time.FINISH)
PHOTO, PART = "photo", "part"
SAVEPOINT = "dealer_mechanic_event"


@frappe.whitelist()
def get_my_jobs() -> dict:
	"""{mechanic, jobs, minutes_today}; for mechanics, each their own. A stranger is refused."""
	frappe.has_permission("Mechanic Time", "read", throw=True)
	return _page(frappe.session.user)


@frappe.whitelist(methods=["POST"])
def sync(events: list | str, sent: float | str) -> dict:
	"""Takes what a device noted, in its order, and gives {results: [{key, status, message}], …} and the jobs as they are now.

	event = {key, kind: start|pause|finish|part|photo, order, row, at, text, qty, content, caption}; `at` and `sent` are
	the device's own clock in milliseconds. Sent twice it counts once. `status`: done, duplicate or refused; a refused
	event is not to be sent again. For mechanics, on their own jobs.
	"""
	frappe.has_permission("Mechanic Time", "read", throw=True)
	taken = json.loads(events) if isinstance(events, str) else events
	results = run_locked(lambda: [_take_event(event, flt(sent)) for event in taken[:MOST_EVENTS]])
	return {"results": results, **_page(frappe.session.user)}


def _take_event(event: dict, sent: float) -> dict:
	"""One event in a transaction of its own in effect: what is refused leaves nothing behind."""
	key = cstr(event.get("key"))
	if len(key) not in KEY_LENGTHS:
		return {"key": key, "status": "refused", "message": _("The event has no key.")}
	frappe.db.savepoint(SAVEPOINT)
	try:
		return {"key": key, "status": _dispatch(event, key, sent)}
	except frappe.QueryDeadlockError:
		raise
	except (frappe.ValidationError, frappe.DoesNotExistError) as refusal:
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.clear_messages()
		return {"key": key, "status": "refused", "message": strip_html(cstr(refusal))}


def _dispatch(event: dict, key: str, sent: float) -> str:
	kind, order, row = event.get("kind"), cstr(event.get("order")), cstr(event.get("row"))
	if kind in TIMED:
		times = (flt(event.get("at")), sent)
		return mechanic_time.note_event(kind, order, row, f"{frappe.session.user}:{key}", times)
	if kind == PART:
		return mechanic_notes.ask_for_part(order, row, key, cstr(event.get("text")), flt(event.get("qty")))
	if kind == PHOTO:
		content = _decode(cstr(event.get("content")))
		return mechanic_notes.add_photo(order, row, key, content, cstr(event.get("caption")))
	raise mechanic_notes.NotTaken(_("The event is of no known kind."))


def _decode(content: str) -> bytes:
	try:
		return base64.b64decode(content.rpartition(",")[2], validate=True)
	except (binascii.Error, ValueError):
		raise mechanic_notes.NotTaken(_("This file is no photo that can be read.")) from None


def _page(mechanic: str) -> dict:
	return {
		"mechanic": mechanic_jobs.greeting(mechanic),
		"jobs": mechanic_jobs.my_jobs(mechanic),
		"minutes_today": mechanic_jobs.minutes_today(mechanic),
	}
