"""How answers are called on buttons, in mails and on the page of a link."""

from __future__ import annotations

from frappe import _

from auto_dealer.notices.rules.answers import (
	APPROVE,
	CONFIRM,
	CONFIRMED,
	FIRST_WINS,
	INFO,
	READ,
	RETURN,
	TAKE,
)


def button_label(answer: str) -> str:
	return {
		READ: _("Read"),
		CONFIRMED: _("I have read it"),
		TAKE: _("I take it"),
		APPROVE: _("Agreed"),
		RETURN: _("Return for correction"),
	}[answer]


def question(kind: str) -> str:
	"""What is wanted of the reader."""
	if kind == INFO:
		return ""
	return {
		CONFIRM: _("Please confirm that you have read this."),
		FIRST_WINS: _("Whoever takes it first is responsible."),
	}.get(kind, _("Your decision is needed."))
