"""The life of a contract (Dealer Contract): what its controller calls, in the order of Frappe's events."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cstr, flt, getdate, nowdate

from auto_dealer.documents.commission_report import check_terms
from auto_dealer.documents.contract_text import default_language, language_of, render_text
from auto_dealer.documents.number_contract import take_number
from auto_dealer.documents.rules.amount_words import amount_in_words
from auto_dealer.documents.rules.contract_number import format_number
from auto_dealer.documents.rules.contract_states import (
	DRAFT,
	EXECUTED,
	SIGNED,
	TERMINATED,
	ContractFacts,
	find_problems,
	is_live,
)

# Given once: the number belongs to them.
OF_THE_NUMBER = ("number", "company", "kind", "deal", "contract_year", "sequence_number")
# What both sides have signed.
OF_THE_CONTENT = (
	*("contract_date", "contact", "customer", "client_name", "client_phone", "client_details", "vehicle"),
	*("vehicle_title", "vin", "amount", "currency", "amount_in_words", "text", "language"),
	*("commission_percent", "commission_amount"),
)
OF_THE_STATE = {SIGNED: "signed_on", EXECUTED: "executed_on", TERMINATED: "terminated_on"}
FROM_DEAL = {
	"contact": "contact",
	"customer": "customer",
	"client_name": "client_name",
	"client_phone": "phone",
	"vehicle": "vehicle",
	"amount": "amount",
	"currency": "currency",
	"responsible": "responsible",
}

# A deal knows the car that is sold; the one that the client gives in exchange is chosen in the contract.
TRADE_IN = "Trade-in"
OF_THE_SOLD_CAR = ("vehicle", "amount")


class ContractNotDeleted(frappe.PermissionError):
	"""A contract's number is part of an unbroken row."""


class ContractFrozen(frappe.ValidationError):
	"""What is signed is not edited."""


class ContractStateError(frappe.ValidationError):
	"""The contract may not enter this state, or something is missing for it."""


class ContractExists(frappe.UniqueValidationError):
	"""The deal has a live contract of this kind."""


def fill_new(contract: Document) -> None:
	"""Before the first save: what the deal and the settings know is not typed again."""
	for field in ("number", "contract_year", "sequence_number", *OF_THE_STATE.values()):
		contract.set(field, None)
	contract.status = DRAFT
	contract.contract_date = contract.contract_date or nowdate()
	contract.language = contract.language or default_language()
	if contract.deal:
		_fill_from_deal(contract)
	contract.company = contract.company or default_company()
	contract.responsible = contract.responsible or frappe.session.user
	contract.currency = contract.currency or frappe.get_cached_value(
		"Company", contract.company, "default_currency"
	)


def check(contract: Document) -> None:
	"""Every save."""
	before = contract.get_doc_before_save()
	if before:
		_keep_number(contract, before)
	if before and before.status != DRAFT:
		_keep_content(contract, before)
	else:
		_fill_content(contract)
	check_terms(contract)
	_check_state(contract, before)
	contract.live_key = live_key(contract.deal, contract.kind) if _is_of_live_deal(contract) else None
	if not before and contract.live_key:
		_check_only_one(contract)


def number(contract: Document) -> None:
	"""Immediately before the INSERT; from here to the commit the counter is locked."""
	prefix = frappe.get_cached_value("Contract Kind", contract.kind, "prefix")
	contract.contract_year = getdate(contract.contract_date).year
	contract.sequence_number = take_number(contract.company, contract.kind, contract.contract_year)
	contract.number = format_number(prefix, contract.contract_year, contract.sequence_number)


def before_delete(contract: Document) -> None:
	"""For everybody: the row of numbers has no gaps."""
	frappe.throw(
		_("Contract {0} cannot be deleted: its number would be missing. Terminate it instead.").format(
			contract.number
		),
		ContractNotDeleted,
		title=_("Contracts are kept"),
	)


def live_key(deal: str, kind: str) -> str:
	"""Unique among the contracts that are not terminated."""
	return f"{deal}|{kind}"


def default_company() -> str | None:
	return frappe.get_cached_doc("Dealer Settings").company or frappe.db.get_default("company")


# -- steps -----------------------------------------------------------------------------------------


def _is_of_live_deal(contract: Document) -> bool:
	return bool(contract.deal) and is_live(contract.status)


def _fill_from_deal(contract: Document) -> None:
	deal = frappe.get_doc("Auto Deal", contract.deal)
	if not contract.flags.ignore_permissions:
		deal.check_permission("read")
	for field, source in FROM_DEAL.items():
		if not contract.get(field) and not (contract.kind == TRADE_IN and field in OF_THE_SOLD_CAR):
			contract.set(field, deal.get(source))


def _fill_content(contract: Document) -> None:
	vehicle = (
		frappe.db.get_value("Auto Vehicle", contract.vehicle, ["title", "vin", "frame_number"], as_dict=True)
		if contract.vehicle
		else None
	) or frappe._dict()
	contract.vehicle_title, contract.vin = vehicle.title, vehicle.vin or vehicle.frame_number
	if not contract.client_name and contract.contact:
		contract.client_name = frappe.db.get_value("Contact", contract.contact, "full_name")
	if not contract.client_name and contract.customer:
		contract.client_name = frappe.db.get_value("Customer", contract.customer, "customer_name")
	contract.amount_in_words = amount_in_words(
		cstr(flt(contract.amount, 2)), contract.language, contract.currency or ""
	)
	if not _has_text(contract):
		contract.text = render_text(contract)


def _keep_number(contract: Document, before: Document) -> None:
	for field in OF_THE_NUMBER:
		contract.set(field, before.get(field))
	if getdate(contract.contract_date).year != before.contract_year:
		frappe.throw(
			_("Contract {0} is numbered in {1}: its date stays in that year.").format(
				before.number, before.contract_year
			),
			ContractFrozen,
		)


def _keep_content(contract: Document, before: Document) -> None:
	changed = [field for field in OF_THE_CONTENT if _is_changed(contract, before, field)]
	if changed:
		labels = ", ".join(_(contract.meta.get_label(field)) for field in changed)
		frappe.throw(
			_("Contract {0} is {1}; what it says cannot be changed any more: {2}").format(
				contract.number, _(before.status), labels
			),
			ContractFrozen,
		)


def _is_changed(contract: Document, before: Document, field: str) -> bool:
	fieldtype = contract.meta.get_field(field).fieldtype
	if fieldtype == "Date":
		return getdate(contract.get(field)) != getdate(before.get(field))
	if fieldtype in ("Currency", "Percent"):
		return flt(contract.get(field), 2) != flt(before.get(field), 2)
	return cstr(contract.get(field)).strip() != cstr(before.get(field)).strip()


def _has_text(contract: Document) -> bool:
	return bool(frappe.utils.strip_html(contract.text or "").strip())


def _check_state(contract: Document, before: Document | None) -> None:
	for state, field in OF_THE_STATE.items():
		if before and not (state == contract.status != before.status):
			contract.set(field, before.get(field))
	if not before or contract.status == before.status:
		return
	facts = ContractFacts(
		has_client=bool(contract.client_name),
		has_amount=flt(contract.amount) > 0,
		has_vehicle=bool(contract.vehicle),
		has_text=_has_text(contract),
		needs_vehicle=bool(frappe.get_cached_value("Contract Kind", contract.kind, "needs_vehicle")),
		termination_reason=contract.termination_reason or "",
	)
	if problems := find_problems(before.status, contract.status, facts):
		_refuse(contract, before.status, problems)
	field = OF_THE_STATE[contract.status]
	contract.set(field, contract.get(field) or nowdate())


def _refuse(contract: Document, from_state: str, problems: list[str]) -> None:
	sentences = {
		"way": _("from {0} it cannot become {1}").format(_(from_state), _(contract.status)),
		"client": _("name the client"),
		"amount": _("fill in the amount"),
		"vehicle": _("choose the car"),
		"text": _("its text is empty"),
		"reason": _("write the reason of the termination"),
	}
	frappe.throw(
		_("Contract {0}: {1}").format(contract.number, "; ".join(sentences[problem] for problem in problems)),
		ContractStateError,
		title=_("The contract stays as it is"),
	)


def _check_only_one(contract: Document) -> None:
	other = frappe.db.get_value("Dealer Contract", {"live_key": contract.live_key}, ["name", "number"])
	if other:
		frappe.throw(
			_(
				"The deal already has a contract of this kind: {0}. Terminate it before you make another."
			).format(frappe.utils.get_link_to_form("Dealer Contract", other[0], other[1])),
			ContractExists,
		)


def renew_text(contract: Document) -> None:
	"""Fills the text of a draft anew, from the template as it is now. Saves nothing."""
	if contract.status != DRAFT:
		frappe.throw(_("Contract {0} is signed; its text stays.").format(contract.number), ContractFrozen)
	with language_of(contract):
		contract.text = None
