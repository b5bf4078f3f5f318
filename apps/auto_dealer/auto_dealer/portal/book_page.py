"""/book: service → car → time → who."""

from __future__ import annotations

import frappe
from frappe import _

from auto_dealer.portal.answer import Page
from auto_dealer.portal.offered_services import get_groups
from auto_dealer.portal.shell import get_settings
from auto_dealer.portal.take_booking import find_vehicle


def show() -> Page:
	groups = get_groups() if get_settings().is_booking_open else []
	if not groups:
		text = {
			"title": _("Online booking is closed at the moment"),
			"text": _("Please call us: we are glad to help."),
		}
		return Page("message", text, 404)
	return Page(
		"book",
		{
			"title": _("Book a visit"),
			"intro": get_settings().booking_text or _("Choose a service and a time: it takes a minute."),
			"groups": groups,
			"makes": frappe.get_all("Vehicle Make", {"is_enabled": 1}, pluck="name", order_by="name"),
			"data": {
				"texts": get_texts(),
				"vehicle": find_vehicle(str(frappe.form_dict.get("vehicle") or "")) or "",
			},
		},
	)


def get_texts() -> dict[str, str]:
	"""What the page's script says."""
	return {
		**slot_texts(),
		"steps": _("Step {0} of {1}"),
		"choose_service": _("Choose at least one service."),
		"choose_car": _("Choose the make of the car."),
		"any_model": _("I do not know, or it is not here"),
		"book": _("Book"),
		"booking": _("Booking…"),
		"no_connection": _("No connection. What you entered is kept: press the button again."),
	}


def slot_texts() -> dict[str, str]:
	return {
		"choose_time": _("Choose a time."),
		"loading": _("Looking for free times…"),
		"no_times": _("There are no free times in these days. Look further, or call us."),
		"next_free": _("Free instead:"),
		"chosen": _("Chosen: {0}"),
	}


def field_text(code: str) -> str:
	"""What a refusal of a field means."""
	texts = {
		"missing": _("Please fill in this field."),
		"phone": _("This is no phone number. Example: +7 916 123-45-67."),
		"email": _("This is no e-mail address."),
		"consent": _("Please agree: without it we may not keep your phone number."),
		"start": _("Choose a time."),
		"offerings": _("Choose at least one service."),
		"make": _("Choose the make of the car."),
	}
	return texts.get(code) or texts["missing"]
