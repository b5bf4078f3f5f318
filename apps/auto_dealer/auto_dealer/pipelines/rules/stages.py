"""Where a deal may go: the decisions about stages, without a database and without a clock.

A pipeline is an ordered list of stages. A deal goes from any switched-on stage to any other; backwards with a
reason; in a strict pipeline to the next and the previous open stage only; to Won and Lost from every open stage.
Out of a final stage only the heads may take it. A stage may ask for filled fields, a photo, a role and a condition.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

OPEN, WON, LOST = "Open", "Won", "Lost"
KINDS = (OPEN, WON, LOST)

# Those who may take a deal out of a final stage.
HEAD_ROLES = frozenset(
	{
		"Dealer Sales Head",
		"Dealer Buyout Head",
		"Dealer Administrator",
		"Dealer Portal Administrator",
		"System Manager",
	}
)

NUMBERS = {"Int", "Float", "Currency", "Percent", "Check", "Rating", "Duration"}


@dataclass(frozen=True)
class StageRule:
	"""One stage; `deadline_hours` 0 means no deadline, empty `allowed_roles` everybody."""

	name: str
	kind: str = OPEN
	is_enabled: bool = True
	required_fields: tuple[str, ...] = ()
	entry_condition: str = ""
	condition_message: str = ""
	asks_for_photo: bool = False
	registers_vehicle: bool = False
	allowed_roles: tuple[str, ...] = ()
	deadline_hours: float = 0
	probability: float = 0
	next_step: str = ""
	color: str = "Blue"
	former_names: tuple[str, ...] = ()
	row: str = ""

	@property
	def is_open(self) -> bool:
		return self.kind == OPEN


@dataclass(frozen=True)
class PipelineRule:
	"""A pipeline with all its stages in order, the switched-off ones included."""

	name: str
	stages: tuple[StageRule, ...]
	is_strict: bool = False
	is_enabled: bool = True
	lead_required: bool = False
	department: str = ""
	deal_kind: str = ""
	sort_order: int = 10
	is_default: bool = False
	version: int = 0

	@property
	def enabled(self) -> tuple[StageRule, ...]:
		return tuple(stage for stage in self.stages if stage.is_enabled)

	@property
	def entry_stage(self) -> StageRule | None:
		"""Where a new deal starts: the first open stage that is switched on."""
		return next((stage for stage in self.enabled if stage.is_open), None)

	def find(self, name: str | None) -> StageRule | None:
		"""The stage of exactly this name, switched on or off."""
		return next((stage for stage in self.stages if stage.name == name), None)

	def find_former(self, name: str | None) -> StageRule | None:
		"""The stage that once had this name; None while a present stage bears it."""
		if self.find(name):
			return None
		return next((stage for stage in self.stages if name in stage.former_names), None)


@dataclass(frozen=True)
class MoveFacts:
	"""What the guard has found out about the deal for the stage it is to enter."""

	missing_fields: tuple[str, ...] = ()
	has_photo: bool = True
	lacks_vin: bool = False
	condition_met: bool = True
	reason: str = ""
	lost_reason: str = ""


@dataclass(frozen=True)
class MoveDecision:
	"""`problems` is empty when the move is allowed; each is {"kind": …, …} as `decide_move` names them."""

	problems: tuple[dict[str, Any], ...] = field(default=())

	@property
	def allowed(self) -> bool:
		return not self.problems

	def has(self, kind: str) -> bool:
		return any(problem["kind"] == kind for problem in self.problems)


def decide_move(
	pipeline: PipelineRule,
	from_stage: str | None,
	to_stage: str,
	roles: Iterable[str],
	facts: MoveFacts,
) -> MoveDecision:
	"""Whether a deal may go from `from_stage` (None: it is new) to `to_stage`.

	Kinds of problems: unknown_stage, disabled, not_open (a new deal in a final stage), reopen (roles), strict
	(stages: where it may go), role (roles), fields (fields), photo, vin, condition (message), reason, lost_reason.
	A stage that cannot be entered at all is reported alone; the rest together, so that a dialog can ask at once.
	"""
	target = pipeline.find(to_stage)
	if not target:
		return _refused("unknown_stage", stages=_names(pipeline.enabled))
	if not target.is_enabled:
		return _refused("disabled", stages=_names(pipeline.enabled))
	problems = [
		*_way_problems(pipeline, pipeline.find(from_stage), from_stage, target, frozenset(roles), facts)
	]
	problems += gate_problems(target, roles, facts)
	return MoveDecision(tuple(problems))


def decide_landing(
	pipeline: PipelineRule, to_stage: str, roles: Iterable[str], facts: MoveFacts, was_closed: bool = False
) -> MoveDecision:
	"""Whether a deal of another pipeline may land here: in a switched-on open stage whose gate it passes.

	A closed deal is thereby reopened, which only a head may do.
	"""
	decision = decide_move(pipeline, None, to_stage, roles, facts)
	if was_closed and HEAD_ROLES.isdisjoint(roles):
		return MoveDecision((*decision.problems, {"kind": "reopen", "roles": sorted(HEAD_ROLES)}))
	return decision


def gate_problems(target: StageRule, roles: Iterable[str], facts: MoveFacts) -> list[dict[str, Any]]:
	"""What the stage itself asks of everybody who enters it, from wherever."""
	problems: list[dict[str, Any]] = []
	if target.allowed_roles and not set(target.allowed_roles) & set(roles):
		problems.append({"kind": "role", "roles": list(target.allowed_roles)})
	if facts.missing_fields:
		problems.append({"kind": "fields", "fields": list(facts.missing_fields)})
	if target.asks_for_photo and not facts.has_photo:
		problems.append({"kind": "photo"})
	if target.registers_vehicle and facts.lacks_vin:
		problems.append({"kind": "vin"})
	if target.entry_condition and not facts.condition_met:
		problems.append({"kind": "condition", "message": target.condition_message})
	if target.kind == LOST and not facts.lost_reason:
		problems.append({"kind": "lost_reason"})
	return problems


def may_go(pipeline: PipelineRule, source: StageRule, target: StageRule) -> bool:
	"""Whether the way exists at all, whoever goes and whatever is filled."""
	if source == target or not target.is_enabled:
		return False
	if not (pipeline.is_strict and source.is_open and target.is_open):
		return True
	return target in neighbours(pipeline, source)


def neighbours(pipeline: PipelineRule, source: StageRule) -> list[StageRule]:
	"""The switched-on open stages next to `source`, before and after; `source` itself may be switched off."""
	row = [stage for stage in pipeline.stages if stage.is_open and (stage.is_enabled or stage == source)]
	at = row.index(source)
	return row[max(at - 1, 0) : at] + row[at + 1 : at + 2]


def needs_reason(pipeline: PipelineRule, source: StageRule | None, target: StageRule) -> bool:
	"""Backwards along the open stages, and out of a final stage."""
	if not source:
		return False
	if not source.is_open:
		return True
	return target.is_open and pipeline.stages.index(target) < pipeline.stages.index(source)


def is_filled(value: Any, fieldtype: str = "Data") -> bool:
	"""Whether a required field counts as filled: a number other than 0, a ticked box, text that is not only spaces."""
	if fieldtype in NUMBERS:
		try:
			return bool(value) and float(value) != 0
		except (TypeError, ValueError):
			return False
	if isinstance(value, str):
		return bool(value.strip())
	return bool(value)


def deadline_of(stage: StageRule, since: datetime) -> datetime | None:
	"""When a deal that entered at `since` is overdue; None without a deadline and in a final stage."""
	if not stage.is_open or not stage.deadline_hours:
		return None
	return since + timedelta(hours=stage.deadline_hours)


def is_overdue(deadline: datetime | None, now: datetime, is_closed: bool = False) -> bool:
	"""A closed deal is never overdue; the deadline itself is still in time."""
	return bool(deadline) and not is_closed and now > deadline


def seconds_between(since: datetime | None, now: datetime) -> int:
	"""Whole seconds spent in a stage; never negative (clocks of two servers), 0 when unknown."""
	return max(int((now - since).total_seconds()), 0) if since else 0


def _way_problems(
	pipeline: PipelineRule,
	source: StageRule | None,
	from_stage: str | None,
	target: StageRule,
	roles: frozenset[str],
	facts: MoveFacts,
) -> Iterable[dict[str, Any]]:
	"""What the way itself asks: no new deal in a final stage, strict order, reopening, a reason."""
	if not from_stage and not target.is_open:
		yield {"kind": "not_open", "stages": _names(stage for stage in pipeline.enabled if stage.is_open)}
	if not source:
		return
	if not source.is_open and HEAD_ROLES.isdisjoint(roles):
		yield {"kind": "reopen", "roles": sorted(HEAD_ROLES)}
	if not may_go(pipeline, source, target):
		yield {"kind": "strict", "stages": _names(neighbours(pipeline, source))}
	if needs_reason(pipeline, source, target) and not facts.reason.strip():
		yield {"kind": "reason"}


def _names(stages: Iterable[StageRule]) -> list[str]:
	return [stage.name for stage in stages]


def _refused(kind: str, **details: Any) -> MoveDecision:
	return MoveDecision(({"kind": kind, **details},))
