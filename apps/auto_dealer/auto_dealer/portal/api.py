"""What the portal's pages call. Guests come without a session: each function is limited by address, and whoever has a
session needs its CSRF token as everywhere in Frappe."""

from __future__ import annotations

import base64

import frappe
from frappe.rate_limiter import rate_limit

from auto_dealer.portal import estimate_draft
from auto_dealer.portal.estimate_page import error_text
from auto_dealer.portal.guest_language import use_language
from auto_dealer.portal.rules.estimate_form import is_photo_key, read_form
from auto_dealer.portal.rules.link_token import is_token
from auto_dealer.portal.rules.photo import LARGEST_PHOTO, PhotoRefused, clean_photo

HOUR = 3600
MOST_UPLOADS, MOST_SENDINGS, MOST_READINGS = 80, 20, 120
# Fields and boundaries of a form around a photo.
ROOM_FOR_FORM = 64 * 1024


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=MOST_UPLOADS, seconds=HOUR)
def put_estimate_photo(secret: str = "", key: str = "") -> dict:
	"""Keeps the file `photo` of the form in the draft of this secret: {ok, key, thumbnail}.

	A stranger can store ten photos of ten megabytes for a form, eighty an hour, which nobody sees before the form is
	sent and which are deleted when it is not. He reads nothing back but a thumbnail of what he sends.
	"""
	use_language()
	if not is_token(secret) or not is_photo_key(key):
		return _refuse("bad_request", 400)
	if (frappe.request.content_length or 0) > LARGEST_PHOTO + ROOM_FOR_FORM:
		return _refuse("too_large", 413)
	file = frappe.request.files.get("photo")
	content = file.stream.read(LARGEST_PHOTO + 1) if file else b""
	try:
		photo = clean_photo(content)
		estimate_draft.put_photo(secret, key, photo)
	except (PhotoRefused, estimate_draft.DraftRefused) as refused:
		return _refuse(refused.code, 413 if refused.code == "too_large" else 422)
	thumbnail = base64.b64encode(photo.thumbnail).decode()
	return {"ok": True, "key": key, "thumbnail": f"data:image/jpeg;base64,{thumbnail}"}


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=MOST_UPLOADS, seconds=HOUR)
def drop_estimate_photo(secret: str = "", key: str = "") -> dict:
	"""Takes a photo out of the draft of this secret. Answers the same whether it was there or not."""
	use_language()
	if not is_token(secret) or not is_photo_key(key):
		return _refuse("bad_request", 400)
	try:
		estimate_draft.drop_photo(secret, key)
	except estimate_draft.DraftRefused as refused:
		return _refuse(refused.code, 422)
	return {"ok": True}


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=MOST_READINGS, seconds=HOUR)
def get_estimate_state(secret: str = "") -> dict:
	"""{is_sent, photos} of the draft of this secret. An unknown secret looks like an empty form; no text is told."""
	use_language()
	if not is_token(secret):
		return _refuse("bad_request", 400)
	return {"ok": True, **estimate_draft.get_state(secret)}


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=MOST_SENDINGS, seconds=HOUR)
def send_estimate(
	secret: str = "",
	client_name: str = "",
	phone: str = "",
	car: str = "",
	plate_or_vin: str = "",
	description: str = "",
	consent: str | int = "",
	website: str = "",
) -> dict:
	"""Sends the form: {ok} or {ok, errors: field → text}. The same form again is one request.

	`website` is a trap: people do not see it. Who fills it in is thanked, and nothing is stored. A stranger makes an
	enquiry of his own, twenty an hour, and learns nothing about clients.
	"""
	use_language()
	if website:
		return {"ok": True}
	if not is_token(secret):
		return _refuse("bad_request", 400)
	form = read_form(
		{
			"client_name": client_name,
			"phone": phone,
			"car": car,
			"plate_or_vin": plate_or_vin,
			"description": description,
			"consent": consent,
		}
	)
	try:
		errors = estimate_draft.send(secret, form)
	except estimate_draft.DraftRefused as refused:
		return _refuse(refused.code, 422)
	if not errors:
		return {"ok": True}
	frappe.response["http_status_code"] = 422
	return {"ok": False, "errors": {field: _field_text(field, code) for field, code in errors.items()}}


def _field_text(field: str, code: str) -> str:
	return error_text(field if field in ("photos", "consent") else code)


def _refuse(code: str, status: int) -> dict:
	frappe.response["http_status_code"] = status
	return {"ok": False, "error": code, "message": error_text(code)}
