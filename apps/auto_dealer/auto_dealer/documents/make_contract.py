"""A contract from a deal in one click."""

from __future__ import annotations

import frappe
from frappe import _

from auto_dealer.documents.contract_card import ContractExists, live_key

CONTRACT = "Dealer Contract"


class NoContractKind(frappe.ValidationError):
	"""No kind of contract belongs to the deal's pipeline."""


def make_contract(deal: str, kind: str | None = None) -> tuple[str, bool]:
	"""(name of the deal's live contract of this kind, whether it was made now). Two clicks at a time make one.

	Without a kind: the one that belongs to the deal's pipeline. The deal's row is locked until the end of the
	transaction, so the second of two callers finds what the first has made.
	"""
	kind = kind or kind_of_deal(deal)
	frappe.db.get_value("Auto Deal", deal, "name", for_update=True)
	key = live_key(deal, kind)
	# A plain read: a locking one of a key that is not there would lock the gap around it, and others' inserts.
	if found := frappe.db.get_value(CONTRACT, {"live_key": key}):
		return found, False
	frappe.db.savepoint("make_contract")
	try:
		contract = frappe.get_doc({"doctype": CONTRACT, "deal": deal, "kind": kind}).insert()
	except (ContractExists, frappe.UniqueValidationError, frappe.DuplicateEntryError):
		# Made by somebody else after this transaction had begun to read.
		frappe.db.rollback(save_point="make_contract")
		found = frappe.db.get_value(CONTRACT, {"live_key": key}, for_update=True)
		if not found:
			raise
		frappe.clear_last_message()
		return found, False
	return contract.name, True


def kind_of_deal(deal: str) -> str:
	pipeline = frappe.db.get_value("Auto Deal", deal, "pipeline")
	deal_kind = frappe.db.get_value("Deal Pipeline", pipeline, "deal_kind")
	kind = frappe.db.get_value(
		"Contract Kind", {"deal_kind": deal_kind, "is_enabled": 1}, order_by="creation"
	)
	if not kind:
		frappe.throw(_("Choose the kind of contract: the deal's pipeline has none."), NoContractKind)
	return kind
