"""Which norm of an operation holds for a car: the most specific of those that fit it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

FIRST_YEAR, LAST_YEAR = 0, 9999


@dataclass(frozen=True)
class Car:
	"""What norms ask of a car; empty and 0 mean: not known."""

	make: str = ""
	model: str = ""
	year: int = 0
	engine: str = ""
	body: str = ""


@dataclass(frozen=True)
class NormRow:
	"""A norm of one operation; empty and 0 mean: any. `model` is the name with the make in it ("Toyota Camry")."""

	name: str
	hours: Decimal
	make: str = ""
	model: str = ""
	year_from: int = 0
	year_to: int = 0
	engine: str = ""
	body: str = ""
	source: str = ""

	@property
	def years(self) -> tuple[int, int]:
		return self.year_from or FIRST_YEAR, self.year_to or LAST_YEAR

	@property
	def has_years(self) -> bool:
		return bool(self.year_from or self.year_to)


def fold_engine(text: str | None) -> str:
	"""`2,0 TDI`, `2.0tdi` and ` 2.0 Tdi ` are one engine."""
	return re.sub(r"[\s\-]+", "", (text or "").casefold()).replace(",", ".")


def matches(row: NormRow, car: Car) -> bool:
	"""Whether every condition of the row is met; what is not known of the car meets none."""
	first, last = row.years
	return (
		(not row.make or row.make == car.make)
		and (not row.model or row.model == car.model)
		and (not row.engine or fold_engine(row.engine) == fold_engine(car.engine))
		and (not row.body or row.body == car.body)
		and (not row.has_years or (car.year > 0 and first <= car.year <= last))
	)


def specificity(row: NormRow) -> tuple[bool, bool, bool, bool, bool]:
	"""Compared from the left: the model tells more than the make, then the engine, the body, the years."""
	return bool(row.model), bool(row.make), bool(row.engine), bool(row.body), row.has_years


def choose(rows: Iterable[NormRow], car: Car) -> NormRow | None:
	"""The most specific row that fits; of two equal ones, which are refused when they are saved, the narrower."""
	fitting = [row for row in rows if matches(row, car)]
	return max(fitting, key=_rank, default=None)


def _rank(row: NormRow) -> tuple:
	first, last = row.years
	return (*specificity(row), first - last, row.name)


def clashes(row: NormRow, others: Iterable[NormRow]) -> list[NormRow]:
	"""Rows of the same operation that some car would fit as well and as closely: one of the two must go."""
	return [other for other in others if other.name != row.name and _is_rival(row, other)]


def _is_rival(row: NormRow, other: NormRow) -> bool:
	same = (
		row.make == other.make
		and row.model == other.model
		and row.body == other.body
		and row.has_years == other.has_years
		and fold_engine(row.engine) == fold_engine(other.engine)
	)
	return same and row.years[0] <= other.years[1] and other.years[0] <= row.years[1]
