"""The words for what the rules found wrong with a row, in the language of whoever runs the import."""

import frappe
from frappe import _

from auto_dealer.integrations.bitrix24.rules.headings import CONTACT, DEAL, LEAD


def describe(code: str, values: tuple[str, ...] = ()) -> str:
	"""Why a row is refused, and what to do about it."""
	return _reasons()[code].format(*values)


def _reasons() -> dict[str, str]:
	return {
		"columns": _("The line has {0} cells, the headings are {1}."),
		"quote": _("A quotation mark is opened and not closed."),
		"id": _("The ID “{0}” is not a number."),
		"empty": _("Empty card: no name, phone, e-mail or messenger."),
		"unread_phone": _("Empty card: “{0}” is not a phone number, and there is no name."),
		"date": _("The date of creation “{0}” cannot be read. Example: 31.12.2024 18:05:00"),
		"amount": _("The amount “{0}” is not a number."),
		"currency": _("The currency {0} is unknown here."),
		"repeated": _("The ID {0} stands twice in the file."),
		"database": _("The row could not be stored: {0}"),
	}


def describe_kind(kind: str) -> str:
	return {CONTACT: _("Contacts"), LEAD: _("Leads"), DEAL: _("Deals")}[kind]


def describe_file_problem(code: str) -> str:
	"""Why a whole file cannot be read."""
	return {
		"empty": _("The file is empty."),
		"encoding": _("This is not a CSV file. Export from Bitrix24 as CSV, not as Excel."),
		"one_column": _("The first line holds no column headings."),
	}[code]


def plain(error: Exception) -> str:
	"""The message of an error without HTML, for the file of refused rows."""
	text = frappe.utils.strip_html(str(error)) or type(error).__name__
	return " ".join(text.split())[:300]
