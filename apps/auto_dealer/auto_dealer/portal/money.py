"""Sums as clients read them: without kopecks where there are none."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_currency

import frappe

from auto_dealer.sales.company_currency import company_currency


def money_text(amount: Decimal | float | None, currency: str | None = None) -> str:
	"""`12 500 ₽`, `$1,250.50`; in the language of the request."""
	value = Decimal(str(amount or 0)).quantize(Decimal("0.01"))
	pattern = "#,##0 ¤" if frappe.local.lang == "ru" else "¤#,##0"
	if value % 1:
		pattern = pattern.replace("#,##0", "#,##0.00")
	return format_currency(
		value, currency or company_currency(), pattern, locale=frappe.local.lang, currency_digits=False
	)
