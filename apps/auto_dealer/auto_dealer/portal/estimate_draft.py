"""A request for an estimate from its first photo to the channel's intake.

	Draft ── put_photo, again and again ──> Draft ── send ──> Sent (raw event stored) ──> lead, deal, photos on the deal

The browser makes the secret, so that a lost answer costs nothing: the same secret is the same draft. All that is done
to one draft is done under the lock of its row. Texts stay in the browser until the form is sent: without the sender's
consent the server keeps photos only.
"""

from __future__ import annotations

import json

import frappe
from frappe.utils import now_datetime

from auto_dealer.channels.queue_event import queue_after_commit
from auto_dealer.channels.receive_event import store_event
from auto_dealer.clients.client_keys import phone_region
from auto_dealer.clients.rules.phone import normalise_phone
from auto_dealer.portal.rules.estimate_form import EstimateForm, find_errors
from auto_dealer.portal.rules.link_token import hash_token
from auto_dealer.portal.rules.photo import MOST_PHOTOS, CleanPhoto
from auto_dealer.portal.shell import consent_text, get_settings

DRAFT = "Estimate Draft"
EVENT_PREFIX = "estimate-"


class DraftRefused(Exception):
	"""`code`: sent, too_many, closed."""

	def __init__(self, code: str):
		super().__init__(code)
		self.code = code


def get_channel() -> str | None:
	"""The advertising channel of the form; None while the form takes nothing."""
	settings = get_settings()
	channel = settings.is_estimate_open and settings.estimate_channel
	return channel if channel and frappe.get_cached_value("Ad Channel", channel, "is_active") else None


def put_photo(secret: str, key: str, photo: CleanPhoto) -> None:
	"""Keeps one photo; the same key again changes nothing."""
	if not get_channel():
		raise DraftRefused("closed")
	_make(secret)
	draft = _lock(secret)
	if draft.status == "Sent":
		raise DraftRefused("sent")
	names = photo_names(draft.name)
	if key in names:
		return
	if len(names) >= MOST_PHOTOS:
		raise DraftRefused("too_many")
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": f"{draft.name}-{key}.jpg",
			"content": photo.content,
			"is_private": 1,
			"attached_to_doctype": DRAFT,
			"attached_to_name": draft.name,
			"attached_to_field": key,
		}
	)
	# A guest has no right on files: size, kind and number were checked, and the secret names his own draft.
	file.insert(ignore_permissions=True)
	frappe.db.set_value(DRAFT, draft.name, "photo_count", len(names) + 1)


def drop_photo(secret: str, key: str) -> None:
	"""Takes a photo back before the form is sent."""
	draft = _lock(secret)
	if not draft:
		return
	if draft.status == "Sent":
		raise DraftRefused("sent")
	names = photo_names(draft.name)
	if file := names.pop(key, None):
		# The sender takes back what he has sent under his own secret.
		frappe.delete_doc("File", file, ignore_permissions=True, delete_permanently=True)
		frappe.db.set_value(DRAFT, draft.name, "photo_count", len(names))


def get_state(secret: str) -> dict[str, object]:
	"""{is_sent, photos: keys}; an unknown secret is a draft without photos. No text is read back."""
	draft = frappe.db.get_value(DRAFT, {"secret_hash": hash_token(secret)}, ["name", "status"], as_dict=True)
	if not draft:
		return {"is_sent": False, "photos": []}
	return {"is_sent": draft.status == "Sent", "photos": sorted(photo_names(draft.name))}


def send(secret: str, form: EstimateForm) -> dict[str, str]:
	"""Field → code of what is wrong with it; {} when the request is stored. Sent again it changes nothing."""
	draft = _lock(secret)
	if draft and draft.status == "Sent":
		return {}
	channel = get_channel()
	if not channel:
		raise DraftRefused("closed")
	phone = normalise_phone(form.phone, phone_region())
	photos = len(photo_names(draft.name)) if draft else 0
	if errors := find_errors(form, phone, photos):
		return errors
	payload = _payload(draft.name, form, photos)
	text = json.dumps(payload, ensure_ascii=False, indent=1)
	event, is_new = store_event(channel, b"", text, payload["kind"], payload["external_id"])
	now = now_datetime()
	frappe.db.set_value(
		DRAFT,
		draft.name,
		{
			**form.texts(),
			"status": "Sent",
			"sent_at": now,
			"inbound_event": event,
			"consent_at": now,
			"consent_ip": frappe.local.request_ip,
			"consent_text": consent_text(),
		},
	)
	if is_new:
		queue_after_commit(event)
	return {}


def photo_names(draft: str) -> dict[str, str]:
	"""Key → File of the draft's photos."""
	rows = frappe.get_all(
		"File",
		{"attached_to_doctype": DRAFT, "attached_to_name": draft},
		["name", "attached_to_field"],
		order_by="creation, name",
	)
	return {row.attached_to_field: row.name for row in rows}


def _make(secret: str) -> None:
	"""The row of a new secret. Two photos come at a time: whoever is first makes it, without an error for the other.

	The statement takes the row's exclusive lock in either case; `insert ignore` would take a shared one first, and
	two of those wait for each other.
	"""
	hashed, now = hash_token(secret), now_datetime()
	frappe.db.sql(
		"""insert into `tabEstimate Draft` (name, owner, modified_by, creation, modified, status, secret_hash)
		values (%s, 'Guest', 'Guest', %s, %s, 'Draft', %s) on duplicate key update secret_hash = secret_hash""",
		(hashed[:10], now, now, hashed),
	)


def _lock(secret: str) -> frappe._dict | None:
	"""The draft of the secret, its row locked until the end of the request."""
	return frappe.db.get_value(
		DRAFT, {"secret_hash": hash_token(secret)}, ["name", "status"], as_dict=True, for_update=True
	)


def _payload(draft: str, form: EstimateForm, photos: int) -> dict[str, str]:
	car = ", ".join(filter(None, (form.car, form.plate_or_vin)))
	return {
		"kind": "web_form",
		"external_id": f"{EVENT_PREFIX}{draft}",
		"name": form.client_name,
		"phone": form.phone,
		"text": "\n".join((car, form.description, f"{photos} photos")),
		"source": "/estimate",
	}
