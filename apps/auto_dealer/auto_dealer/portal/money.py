"""Sums as clients read them: without kopecks where there are none."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_decimal, get_currency_symbol

import frappe

from auto_dealer.sales.company_currency import company_currency


def money_text(amount: Decimal | float | str | None, currency: str | None = None) -> str:
	"""`12 500 ₽`, `$1,250.50`; in the language of the request."""
	value = Decimal(str(amount or 0)).quantize(Decimal("0.01"))
	pattern = "#,##0.00" if value % 1 else "#,##0"
	number = format_decimal(value, pattern, locale=frappe.local.lang)
	return money_pattern(currency).replace("{0}", number)


def money_pattern(currency: str | None = None) -> str:
	"""Where the currency's sign stands: `{0} ₽`, `${0}`."""
	code = currency or company_currency()
	found = frappe.get_cached_value("Currency", code, ["symbol", "symbol_on_right"], as_dict=True) or {}
	# Babel knows short signs (₽, ₸) in Russian; sites often have none.
	sign = found.get("symbol") or get_currency_symbol(code, "ru")
	is_right = frappe.local.lang == "ru" or found.get("symbol_on_right") or sign not in "$£€"
	return f"{{0}}\u00a0{sign}" if is_right else f"{sign}{{0}}"
