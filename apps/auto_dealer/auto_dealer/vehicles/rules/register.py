"""What a deal's move means for its car."""

from __future__ import annotations

OWN_STOCK, COMMISSION, SOLD, CLIENT = "Own Stock", "Commission", "Sold", "Client"
# Kind of the deal's pipeline → whose the car is once it is registered.
OWNERSHIPS = {"Buyout": OWN_STOCK, "Commission": COMMISSION}
SALE = "Sale"

TAKE_IN, SELL, TAKE_BACK = "take in", "sell", "take back"


def find_action(deal_kind: str, registers_vehicle: bool, stage_kind: str, was_won: bool) -> str:
	"""TAKE_IN, SELL, TAKE_BACK (a won sale was reopened) or "" when the car stays as it is."""
	if registers_vehicle and deal_kind in OWNERSHIPS:
		return TAKE_IN
	if deal_kind != SALE:
		return ""
	if stage_kind == "Won":
		return SELL
	return TAKE_BACK if was_won else ""
