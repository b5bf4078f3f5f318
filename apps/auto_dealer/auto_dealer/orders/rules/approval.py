"""What a client is asked, and what an answer means."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from auto_dealer.orders.rules.totals import APPROVED, DECLINED, KOPECK, PROPOSED

CHANGED, INCOMPLETE, UNKNOWN, NOTHING = "changed", "incomplete", "unknown", "nothing"


@dataclass(frozen=True)
class Billed:
	"""A line as far as an approval goes: the thing, how much of it, for how much."""

	approval: str
	subject: str
	qty: Decimal
	amount: Decimal


def hash_of(snapshot: Mapping) -> str:
	"""SHA-256 of what the client sees; the same content gives the same hash whatever the order of its keys."""
	text = json.dumps(snapshot, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
	return hashlib.sha256(text.encode()).hexdigest()


def find_problem(open_lines: Iterable[str], answers: Mapping[str, bool], shown: str, present: str) -> str:
	"""Why the answer cannot be taken; "" when it can. `shown` and `present`: hashes of the estimate then and now."""
	asked = set(open_lines)
	if shown != present:
		return CHANGED
	if not asked:
		return NOTHING
	if set(answers) - asked:
		return UNKNOWN
	return INCOMPLETE if asked - set(answers) else ""


def approval_after_change(before: Billed | None, after: Billed) -> str:
	"""What becomes of an approval when staff change the line.

	It holds for the same thing, no more of it, and no dearer by the piece. A new line is always a proposal.
	"""
	if before is None or before.approval == PROPOSED:
		return PROPOSED
	if before.approval == DECLINED:
		is_same = replace(after, approval=DECLINED) == before
		return DECLINED if is_same else PROPOSED
	is_kept = (
		before.subject == after.subject
		and after.qty <= before.qty
		and after.amount * before.qty <= before.amount * after.qty + KOPECK * before.qty
		and after.amount <= before.amount
	)
	return APPROVED if is_kept else PROPOSED
