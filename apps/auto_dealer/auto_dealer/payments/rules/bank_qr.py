"""The text of the QR code from which a Russian bank's app fills a payment (GOST R 56042-2014)."""

from __future__ import annotations

from decimal import Decimal

# Signs that end a field in the standard's format.
FORBIDDEN = str.maketrans({"|": " ", "=": " ", "\n": " ", "\r": " "})
REQUIRED = ("name", "account", "bank_name", "bank_code")
LONGEST_PURPOSE = 210


def bank_qr_text(seller: dict, amount: Decimal, purpose: str) -> str:
	"""`ST00012|Name=…|PersonalAcc=…`; "" when the seller's requisites are not complete. The sum goes in kopecks."""
	if not all(seller.get(field) for field in REQUIRED):
		return ""
	fields = {
		"Name": seller["name"],
		"PersonalAcc": seller["account"],
		"BankName": seller["bank_name"],
		"BIC": seller["bank_code"],
		"CorrespAcc": seller.get("correspondent_account") or "0",
		"Sum": str(int(amount * 100)),
		"Purpose": purpose[:LONGEST_PURPOSE],
		"PayeeINN": seller.get("tax_id"),
		"KPP": seller.get("tax_reason_code"),
	}
	pairs = (f"{key}={str(value).translate(FORBIDDEN)}" for key, value in fields.items() if value)
	return "|".join(("ST00012", *pairs))
