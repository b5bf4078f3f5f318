"""What offerings take and cost: time, labour lines, needs. Money in Decimal, norm hours in Decimal, time in minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from functools import cached_property

MECHANIC = "Mechanic"
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Need:
	"""`count` resources of a kind, with the skill when one is named, for `minutes`."""

	kind: str
	skill: str | None = None
	count: int = 1
	minutes: int = 0


@dataclass(frozen=True)
class PlannedLabour:
	"""A line of work; `operation` is None for a service whose works are not named. `amount` is what the line costs."""

	operation: str | None
	title: str
	hours: Decimal
	rate: Decimal
	amount: Decimal
	offering: str | None = None


@dataclass(frozen=True)
class PlannedPart:
	item: str
	qty: Decimal
	rate: Decimal
	offering: str | None = None

	@property
	def amount(self) -> Decimal:
		return round_money(self.qty * self.rate)


@dataclass(frozen=True)
class OfferingPlan:
	"""`price` is labour and parts together. `minutes` is the work, `buffer_minutes` what stays free after it."""

	minutes: int = 0
	price: Decimal = Decimal(0)
	labour: list[PlannedLabour] = field(default_factory=list)
	parts: list[PlannedPart] = field(default_factory=list)
	needs: list[Need] = field(default_factory=list)
	buffer_minutes: int = 0
	# Words are made when somebody asks for them: a search for free times does not.
	explain: Callable[[], list[str]] = field(default=list, compare=False, repr=False)

	@cached_property
	def explanations(self) -> list[str]:
		"""How each number came about, in the language of whoever reads."""
		return self.explain()

	@property
	def labour_amount(self) -> Decimal:
		return sum((line.amount for line in self.labour), Decimal(0))

	@property
	def parts_amount(self) -> Decimal:
		return sum((part.amount for part in self.parts), Decimal(0))


def round_money(amount: Decimal) -> Decimal:
	return amount.quantize(CENT, ROUND_HALF_UP)


def minutes_of(hours: Decimal) -> int:
	"""Whole minutes, a started one counts."""
	return int((hours * 60).to_integral_value(ROUND_CEILING))


def share_price(price: Decimal, hours: Sequence[Decimal]) -> list[Decimal]:
	"""A fixed price spread over the works by their hours (equally when none has any); the sum is the price to a cent."""
	if not hours:
		return []
	weights = list(hours) if sum(hours) > 0 else [Decimal(1)] * len(hours)
	total, shares, given, passed = sum(weights), [], Decimal(0), Decimal(0)
	for weight in weights:
		passed += weight
		upto = round_money(price * passed / total)
		shares.append(upto - given)
		given = upto
	return shares


def needs_of_offering(stated: Iterable[Need], skills: Iterable[str]) -> list[Need]:
	"""The stated needs, a mechanic made one with the skills that the works ask for; without any need one mechanic."""
	needs = list(stated)
	asked = sorted(set(skills) - {need.skill for need in needs if need.kind == MECHANIC})
	if not needs and not asked:
		return [Need(MECHANIC)]
	if asked:
		plain = next((need for need in needs if need.kind == MECHANIC and not need.skill), None)
		if plain:
			needs.remove(plain)
			needs.append(Need(MECHANIC, asked[0], plain.count))
			asked = asked[1:]
		needs += [Need(MECHANIC, skill) for skill in asked]
	return needs


def join_needs(offerings: Iterable[list[Need]], minutes: int) -> list[Need]:
	"""One visit: what any of its services takes, once; all of it for the whole time.

	A need of any mechanic is met by a skilled one who is there anyhow.
	"""
	counts: dict[tuple[str, str | None], int] = {}
	for needs in offerings:
		here: dict[tuple[str, str | None], int] = {}
		for need in needs:
			here[need.kind, need.skill] = here.get((need.kind, need.skill), 0) + need.count
		for key, count in here.items():
			counts[key] = max(count, counts.get(key, 0))
	for kind, skill in list(counts):
		if skill is None:
			skilled = sum(count for (other, its), count in counts.items() if other == kind and its)
			counts[kind, None] -= min(skilled, counts[kind, None])
	return [
		Need(kind, skill, count, minutes)
		for (kind, skill), count in sorted(counts.items(), key=lambda item: (item[0][0], item[0][1] or ""))
		if count > 0
	]
