"""Dates and times as clients read them, in the language of the request and the dealer's time zone."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

import frappe
from frappe.utils import get_datetime, get_system_timezone, getdate


def day_text(day: date) -> str:
	"""`вторник, 24 ноября`, `Tuesday, 24 November`."""
	return format_date(day, "EEEE, d MMMM", locale=frappe.local.lang)


def date_text(day: date | datetime | str) -> str:
	"""`24 ноября 2026 г.`, `24 November 2026`."""
	pattern = "d MMMM y 'г'." if frappe.local.lang == "ru" else "d MMMM y"
	return format_date(getdate(day), pattern, locale=frappe.local.lang)


def short_day(day: date) -> tuple[str, str]:
	"""(`вт`, `24 нояб.`)."""
	return format_date(day, "EEE", locale=frappe.local.lang), format_date(
		day, "d MMM", locale=frappe.local.lang
	)


def moment_text(moment: datetime | str) -> str:
	"""`вторник, 24 ноября, 09:30`."""
	moment = get_datetime(moment)
	return f"{day_text(moment.date())}, {moment:%H:%M}"


def with_zone(moment: datetime | str) -> datetime:
	"""A moment of the database, told where it is."""
	return get_datetime(moment).replace(tzinfo=ZoneInfo(get_system_timezone()))
