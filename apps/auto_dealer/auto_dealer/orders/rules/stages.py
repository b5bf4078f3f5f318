"""The stages of a work order: which follow which, and what each needs.

New → Inspection → Estimate → Agreed → In Work → Quality Check → Ready → Handed Over → Closed; Cancelled
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

NEW, INSPECTION, ESTIMATE, AGREED = "New", "Inspection", "Estimate", "Agreed"
IN_WORK, QUALITY, READY = "In Work", "Quality Check", "Ready"
HANDED_OVER, CLOSED, CANCELLED = "Handed Over", "Closed", "Cancelled"
MAIN_LINE = (NEW, INSPECTION, ESTIMATE, AGREED, IN_WORK, QUALITY, READY, HANDED_OVER, CLOSED)
STAGES = (*MAIN_LINE, CANCELLED)
FINAL = (CLOSED, CANCELLED)
# Where the garage has something to do.
GARAGE = (INSPECTION, AGREED, IN_WORK, QUALITY)
# While the client may still be asked about lines.
ASKING = (ESTIMATE, AGREED, IN_WORK, QUALITY, READY)

NEXT = {
	NEW: (INSPECTION, ESTIMATE, CANCELLED),
	INSPECTION: (ESTIMATE, NEW, CANCELLED),
	ESTIMATE: (AGREED, INSPECTION, CANCELLED),
	AGREED: (IN_WORK, ESTIMATE, CANCELLED),
	IN_WORK: (QUALITY, ESTIMATE, CANCELLED),
	QUALITY: (READY, IN_WORK),
	READY: (HANDED_OVER, IN_WORK),
	HANDED_OVER: (CLOSED, IN_WORK),
	CLOSED: (),
	CANCELLED: (),
}


@dataclass(frozen=True)
class Facts:
	"""What the rules ask of an order. Counts are of approved lines unless said otherwise."""

	has_client: bool = False
	has_vehicle: bool = False
	mileage: int = 0
	lines: int = 0
	proposed: int = 0
	approved: int = 0
	without_mechanic: int = 0
	unfinished: int = 0
	not_issued: int = 0
	sublets_out: int = 0
	in_stock_hands: int = 0
	has_quality_note: bool = False
	paid: Decimal = Decimal(0)
	outstanding: Decimal = Decimal(0)
	may_pay_later: bool = False
	has_invoice: bool = False
	needs_invoice: bool = True
	has_cancel_reason: bool = False


def is_allowed(before: str, after: str) -> bool:
	"""Whether an order may go from one stage straight to the other."""
	return after in NEXT.get(before, ())


def lasting_problems(stage: str, facts: Facts) -> list[str]:
	"""What may not be taken out again while the order stands in this stage."""
	if stage in (NEW, CANCELLED):
		return []
	needs = {"client": facts.has_client, "vehicle": facts.has_vehicle, "mileage": facts.mileage > 0}
	return [name for name, is_there in needs.items() if not is_there]


def entry_problems(before: str, stage: str, facts: Facts) -> list[str]:
	"""What keeps an order from entering the stage, as codes; [] when nothing does."""
	if stage == CANCELLED:
		return _cancel_problems(facts)
	problems = lasting_problems(stage, facts)
	checks = {
		ESTIMATE: _estimate_problems,
		AGREED: _agreed_problems,
		IN_WORK: _work_problems,
		QUALITY: _quality_problems,
		READY: _quality_problems,
		HANDED_OVER: _hand_over_problems,
		CLOSED: _close_problems,
	}
	if stage in checks:
		problems += checks[stage](facts)
	if stage == IN_WORK and before in (QUALITY, READY) and not facts.has_quality_note:
		problems.append("quality_note")
	return problems


def _estimate_problems(facts: Facts) -> list[str]:
	return [] if facts.lines else ["lines"]


def _agreed_problems(facts: Facts) -> list[str]:
	problems = ["proposed"] if facts.proposed else []
	return problems if facts.approved else [*problems, "approved"]


def _work_problems(facts: Facts) -> list[str]:
	return ["mechanic"] if facts.without_mechanic else []


def _quality_problems(facts: Facts) -> list[str]:
	found = {
		"proposed": facts.proposed,
		"unfinished": facts.unfinished,
		"not_issued": facts.not_issued,
		"sublets": facts.sublets_out,
	}
	return [name for name, count in found.items() if count]


def _hand_over_problems(facts: Facts) -> list[str]:
	problems = _quality_problems(facts)
	if facts.outstanding > 0 and not facts.may_pay_later:
		problems.append("unpaid")
	return problems


def _close_problems(facts: Facts) -> list[str]:
	problems = _quality_problems(facts)
	if facts.needs_invoice and not facts.has_invoice:
		problems.append("invoice")
	return problems


def _cancel_problems(facts: Facts) -> list[str]:
	problems = [] if facts.has_cancel_reason else ["cancel_reason"]
	if facts.in_stock_hands:
		problems.append("parts_issued")
	if facts.paid:
		problems.append("paid")
	if facts.has_invoice:
		problems.append("invoiced")
	return problems
