"""Links in e-mails: whoever holds one answers one notice as one user, once, for a time. Only the hash is stored."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from urllib.parse import urlencode

import frappe
from frappe.utils import get_datetime, get_url

from auto_dealer.notices import clock

LINK = "Action Link"
ADDRESS = "/api/method/auto_dealer.notices.answer_page.get_page"
HOURS = 72
LENGTH = 43


def create_link(notice: str, user: str) -> str:
	"""The secret, told this once. Whoever it is sent to is the caller's duty."""
	token = secrets.token_urlsafe(32)
	hours = frappe.get_cached_doc("Preparation Settings").link_hours or HOURS
	link = frappe.get_doc(
		{
			"doctype": LINK,
			"notice": notice,
			"user": user,
			"expires_at": clock.now() + timedelta(hours=hours),
			"token_hash": hash_token(token),
		}
	)
	# Links are made for the recipients of a notice by the job that sends it.
	link.insert(ignore_permissions=True)
	return token


def hash_token(token: str) -> str:
	return hashlib.sha256(token.encode()).hexdigest()


def find_link(token: str | None, for_update: bool = False) -> frappe._dict | None:
	"""The link of this secret while its user may log in; also one that is used or expired (`is_open` tells)."""
	if not isinstance(token, str) or len(token) != LENGTH:
		return None
	fields = ["name", "notice", "user", "expires_at", "used_at"]
	link = frappe.db.get_value(
		LINK, {"token_hash": hash_token(token)}, fields, as_dict=True, for_update=for_update
	)
	if not link or not frappe.db.get_value("User", link.user, "enabled"):
		return None
	return link if frappe.db.exists("Staff Notice", link.notice) else None


def is_open(link: frappe._dict) -> bool:
	return not link.used_at and get_datetime(link.expires_at) > clock.now()


def mark_used(link: frappe._dict) -> None:
	frappe.db.set_value(LINK, link.name, "used_at", clock.now())


def address_of(token: str, answer: str = "") -> str:
	wanted = {"token": token, **({"answer": answer} if answer else {})}
	return f"{get_url(ADDRESS)}?{urlencode(wanted)}"
