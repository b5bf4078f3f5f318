"""The stages of a credit application and what each of them needs; the ways between them are the Workflow's.

New → Documents → Sent to Banks → Bank Decision → Approved → Signed → Issued; Refused, Withdrawn
"""

from __future__ import annotations

from collections.abc import Mapping

NEW, DOCUMENTS, SENT, DECISION = "New", "Documents", "Sent to Banks", "Bank Decision"
APPROVED, SIGNED, ISSUED = "Approved", "Signed", "Issued"
REFUSED, WITHDRAWN = "Refused", "Withdrawn"
MAIN_LINE = (NEW, DOCUMENTS, SENT, DECISION, APPROVED, SIGNED, ISSUED)
FINAL = (ISSUED, REFUSED, WITHDRAWN)
UNDER_WAY = ("Queued", "Sending", "Sent", "Approved", "Refused", "Failed")
ANSWERED = ("Approved", "Refused")

# What a stage of the main line adds to the stages before it.
REQUIRED = {
	DOCUMENTS: ("specialist", "borrower_name", "phone", "vehicle_price"),
	SENT: ("birth_date", "passport_number", "incomes", "term_months", "credit_sum", "has_consent", "offers"),
	SIGNED: ("contract_number", "contract_date"),
	ISSUED: ("issued_on", "issued_sum"),
	REFUSED: ("closing_reason",),
	WITHDRAWN: ("closing_reason",),
}
CONSENT = ("consent_date", "consent_text")

NO_BANK_ASKED, NO_ANSWER, NO_CHOICE, CHOICE_NOT_APPROVED = "no_bank", "no_answer", "no_choice", "not_approved"


def required_fields(stage: str) -> tuple[str, ...]:
	"""All that must be filled in this stage, in the order of the stages."""
	if stage not in MAIN_LINE:
		return REQUIRED.get(stage, ())
	reached = MAIN_LINE[: MAIN_LINE.index(stage) + 1]
	return tuple(field for step in reached for field in REQUIRED.get(step, ()))


def missing_fields(stage: str, values: Mapping[str, object]) -> list[str]:
	"""Required fields that are empty; a consent is whole only with its date and text."""
	required = list(required_fields(stage))
	if values.get("has_consent"):
		required += CONSENT
	return [field for field in required if not values.get(field)]


def offers_problem(stage: str, offers: list[tuple[str, bool]]) -> str:
	"""What the offers, as (status, is chosen), lack for this stage; "" when nothing."""
	if stage not in MAIN_LINE:
		return ""
	step = MAIN_LINE.index(stage)
	chosen = [status for status, is_chosen in offers if is_chosen]
	if step >= MAIN_LINE.index(APPROVED):
		if len(chosen) != 1:
			return NO_CHOICE
		return "" if chosen[0] == "Approved" else CHOICE_NOT_APPROVED
	statuses = {status for status, _is_chosen in offers}
	if stage == DECISION and not statuses & set(ANSWERED):
		return NO_ANSWER
	if stage == SENT and not statuses & set(UNDER_WAY):
		return NO_BANK_ASKED
	return ""
