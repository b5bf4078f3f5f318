"""Who may answer a notice how, and what the notice is afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

INFO, CONFIRM, FIRST_WINS, APPROVAL = "Info", "Confirm Reading", "First Wins", "Approval"
OPEN, TAKEN, DONE, CANCELLED = "Open", "Taken", "Done", "Cancelled"
READ, CONFIRMED, TAKE, APPROVE, RETURN = "read", "confirm", "take", "approve", "return"

ANSWERS = {
	INFO: (READ,),
	CONFIRM: (CONFIRMED,),
	FIRST_WINS: (TAKE,),
	APPROVAL: (TAKE, APPROVE, RETURN),
}
# What is offered to somebody as a button: an approval is taken by opening it, or by the answer itself.
BUTTONS = {INFO: (), CONFIRM: (CONFIRMED,), FIRST_WINS: (TAKE,), APPROVAL: (APPROVE, RETURN)}

NOT_ASKED, WRONG_ANSWER, TAKEN_BY_OTHER, OVER, ANSWERED, NO_COMMENT, NO_DATE = (
	*("not_asked", "wrong_answer", "taken_by_other", "over"),
	*("answered", "no_comment", "no_date"),
)


@dataclass(frozen=True)
class Notice:
	"""`answers`: what each recipient has answered so far, "" for nothing."""

	kind: str
	status: str = OPEN
	owner: str = ""
	answers: Mapping[str, str] = field(default_factory=dict)
	asks_for_date: bool = False


@dataclass(frozen=True)
class Outcome:
	"""`problem` "" means yes; `is_repeat`: the same was answered before, nothing is to be done."""

	problem: str = ""
	status: str = ""
	owner: str = ""
	is_repeat: bool = False


def decide(notice: Notice, user: str, answer: str, comment: str = "", has_date: bool = False) -> Outcome:
	"""What comes of `user` answering `answer` now. Of several people the first one to answer owns the notice."""
	if problem := find_problem(notice, user, answer):
		return Outcome(problem)
	if _is_repeat(notice, user, answer):
		return Outcome(status=notice.status, owner=notice.owner, is_repeat=True)
	if notice.status == DONE:
		return Outcome(ANSWERED)
	if answer == RETURN and not comment.strip():
		return Outcome(NO_COMMENT)
	if notice.asks_for_date and answer in (CONFIRMED, TAKE, APPROVE) and not has_date:
		return Outcome(NO_DATE)
	if notice.kind in (INFO, CONFIRM):
		waited_for = [one for one, given in notice.answers.items() if not given and one != user]
		return Outcome(status=OPEN if waited_for else DONE)
	return Outcome(status=TAKEN if answer == TAKE else DONE, owner=user)


def find_problem(notice: Notice, user: str, answer: str) -> str:
	"""Why this person may not answer so at all; "" when they may."""
	if user not in notice.answers:
		return NOT_ASKED
	if answer not in ANSWERS[notice.kind]:
		return WRONG_ANSWER
	if notice.owner and notice.owner != user:
		return TAKEN_BY_OTHER
	return OVER if notice.status == CANCELLED else ""


def buttons_for(notice: Notice, user: str) -> tuple[str, ...]:
	"""The answers that this person can still give."""
	return tuple(
		answer
		for answer in BUTTONS[notice.kind]
		if notice.status != DONE
		and not find_problem(notice, user, answer)
		and not _is_repeat(notice, user, answer)
	)


def _is_repeat(notice: Notice, user: str, answer: str) -> bool:
	if notice.kind in (INFO, CONFIRM) or notice.status == DONE:
		return notice.answers[user] == answer
	return answer == TAKE and notice.owner == user
