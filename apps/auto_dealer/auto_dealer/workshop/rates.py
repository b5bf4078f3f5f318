"""The price of a norm hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import frappe
from frappe.utils import getdate, today

from auto_dealer.workshop.rules.rate_match import RateRow, choose


def find_rate(
	group: str | None = None,
	client_kind: str | None = None,
	is_warranty: bool = False,
	on_date: date | str | None = None,
) -> Decimal:
	"""In the company's currency, by the rates in force on the day (today); 0 where no rate says it."""
	return rate_finder(on_date)(group, client_kind, is_warranty)


def rate_finder(on_date: date | str | None = None) -> Callable[[str | None, str | None, bool], Decimal]:
	"""A function that finds many rates of one day with one SQL; none before it is called."""
	rows: list[RateRow] = []
	day = getdate(on_date or today())
	is_read = False

	def find(group: str | None = None, client_kind: str | None = None, is_warranty: bool = False) -> Decimal:
		nonlocal is_read
		if not is_read:
			rows.extend(_read_rows(day))
			is_read = True
		row = choose(rows, group or "", client_kind or "", bool(is_warranty), day)
		return row.rate if row else Decimal(0)

	return find


def _read_rows(day: date) -> list[RateRow]:
	fields = ["name", "rate", "valid_from", "group", "client_kind", "is_warranty"]
	return [
		RateRow(
			name=row.name,
			rate=Decimal(str(row.rate or 0)),
			valid_from=getdate(row.valid_from),
			group=row.group or "",
			client_kind=row.client_kind or "",
			is_warranty=bool(row.is_warranty),
		)
		for row in frappe.get_all("Labour Rate", {"valid_from": ("<=", day)}, fields)
	]
