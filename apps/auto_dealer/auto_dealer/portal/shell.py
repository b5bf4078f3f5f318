"""What stands on every page: the dealer's name, phone, address, colours, and the addresses of scripts and styles."""

from __future__ import annotations

import re
from pathlib import Path

import frappe
from frappe import _
from frappe.sessions import get_csrf_token
from frappe.utils import get_url

SETTINGS = "Client Portal Settings"
PUBLIC = Path(__file__).resolve().parents[1] / "public"
ACCENT = "#1f5fa8"
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}")


def get_settings():
	return frappe.get_cached_doc(SETTINGS)


def get_shell() -> dict[str, object]:
	"""The context that `templates/portal/base.html` needs."""
	settings = get_settings()
	colour = settings.accent_colour or ACCENT
	return {
		"language": frappe.local.lang,
		"other_languages": {"ru": {"en": "English"}, "en": {"ru": "Русский"}}[frappe.local.lang],
		"dealer": {
			"name": dealer_name(),
			"phone": settings.phone or "",
			"dial": re.sub(r"[^\d+]", "", settings.phone or ""),
			"email": settings.email or "",
			"address": settings.address or "",
			"opening_hours": settings.opening_hours or "",
			"logo": settings.logo or "",
		},
		"accent": colour if COLOUR.fullmatch(colour) else ACCENT,
		"asset": asset,
		"site": get_url(),
		"is_guest": frappe.session.user == "Guest",
		"csrf_token": "" if frappe.session.user == "Guest" else get_csrf_token(),
		"consent": consent_text(),
		"privacy_url": settings.privacy_url or "",
		"error_texts": {
			"offline": _("No connection. Nothing is lost: we go on as soon as it is back."),
			"failed": _("Something went wrong. Please try again."),
			"too_many": _("Too many requests from your address. Please wait a little and try again."),
		},
	}


def dealer_name() -> str:
	company = frappe.get_cached_doc("Dealer Settings").company
	return get_settings().dealer_name or company or frappe.defaults.get_global_default("company") or ""


def consent_text() -> str:
	"""What a client agrees to; kept with his answer as he saw it."""
	return get_settings().consent_text or _(
		"I agree that {0} processes my personal data to answer this request."
	).format(dealer_name())


def asset(path: str) -> str:
	"""The address of a file of `public/`, with its date, so that browsers may keep it for ever."""
	try:
		version = int((PUBLIC / path).stat().st_mtime)
	except OSError:
		version = 0
	return f"/assets/auto_dealer/{path}?v={version}"
