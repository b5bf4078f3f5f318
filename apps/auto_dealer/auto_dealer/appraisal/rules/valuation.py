"""The recommended buy price of a car, from offers on the market, line by line.

The comparative (market) approach of International Valuation Standards (IVS 103 "Valuation Approaches", market
approach) and of the Russian Federal Valuation Standard ФСО V "Подходы и методы оценки" (Ministry of Economic
Development, order 200 of 14.04.2022, section on the comparative approach): each offer is brought to the appraised car
by adjustments for what differs, here the bargain, the age and the mileage, and the results are agreed. They are
agreed by the median, which a single odd offer does not move.

	adjusted   = asking price × (1 − bargain) × (1 + year % × (year − year of the offer))
	             × (1 − mileage % × (mileage − mileage of the offer) / 10 000)
	market     = median of the adjusted prices
	buy price  = market − target margin % × market − preparation − costs of sale, rounded down

One adjustment moves a price by at most half: beyond that the offer is no comparable.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

HUNDRED = Decimal(100)
KOPECK = Decimal("0.01")
STEP_KM = Decimal(10_000)
MOST_ADJUSTMENT = Decimal("0.5")

MARKET, MARGIN, PREPARATION, COSTS, ROUNDING, BUY = (
	"market",
	"margin",
	"preparation",
	"costs",
	"rounding",
	"buy",
)
FEW_OFFERS, LOSS = "few_offers", "loss"


@dataclass(frozen=True)
class Car:
	"""The appraised car; an unknown value is None and adjusts nothing."""

	year: int | None = None
	mileage: int | None = None


@dataclass(frozen=True)
class Comparable:
	"""An offer on the market."""

	key: str
	price: Decimal
	year: int | None = None
	mileage: int | None = None
	is_excluded: bool = False


@dataclass(frozen=True)
class Policy:
	"""How the dealer counts; percents as 5 for 5 %."""

	target_margin: Decimal = Decimal(10)
	bargain: Decimal = Decimal(0)
	mileage_percent: Decimal = Decimal(0)
	year_percent: Decimal = Decimal(0)
	fixed_costs: Decimal = Decimal(0)
	round_to: Decimal = Decimal(1)
	least_comparables: int = 3


@dataclass(frozen=True)
class Adjusted:
	"""An offer brought to the appraised car; the factors as 0.95 for −5 %."""

	key: str
	price: Decimal
	bargain: Decimal
	age: Decimal
	mileage: Decimal


@dataclass(frozen=True)
class Line:
	"""A step of the calculation: `amount` is what it adds, `percent` where there is one."""

	kind: str
	amount: Decimal
	percent: Decimal | None = None


@dataclass(frozen=True)
class Valuation:
	"""`market` and `buy` are None without a single comparable; `warnings` are codes."""

	adjusted: tuple[Adjusted, ...] = ()
	market: Decimal | None = None
	buy: Decimal | None = None
	lines: tuple[Line, ...] = ()
	warnings: tuple[str, ...] = ()


def value_car(
	car: Car, comparables: Sequence[Comparable], reconditioning: Decimal, policy: Policy
) -> Valuation:
	"""The market price and what the dealer may pay, with every step."""
	adjusted = tuple(adjust(car, offer, policy) for offer in comparables if counts(offer))
	if not adjusted:
		return Valuation()
	market = median([offer.price for offer in adjusted])
	steps = (
		Line(MARKET, market),
		Line(MARGIN, -kopecks(market * policy.target_margin / HUNDRED), policy.target_margin),
		Line(PREPARATION, -kopecks(reconditioning)),
		Line(COSTS, -kopecks(policy.fixed_costs)),
	)
	exact = max(sum((line.amount for line in steps), Decimal(0)), Decimal(0))
	buy = round_down(exact, policy.round_to)
	warnings = []
	if len(adjusted) < policy.least_comparables:
		warnings.append(FEW_OFFERS)
	if buy <= 0:
		warnings.append(LOSS)
	lines = (*(line for line in steps if line.amount), Line(ROUNDING, buy - exact), Line(BUY, buy))
	return Valuation(
		adjusted, market, buy, tuple(x for x in lines if x.amount or x.kind == BUY), tuple(warnings)
	)


def counts(offer: Comparable) -> bool:
	return offer.price > 0 and not offer.is_excluded


def adjust(car: Car, offer: Comparable, policy: Policy) -> Adjusted:
	"""The offer as if it were our car."""
	years = Decimal(car.year - offer.year) if car.year and offer.year else Decimal(0)
	# A mileage of nothing is a new car's; None is not known.
	known = car.mileage is not None and offer.mileage is not None
	steps = Decimal(car.mileage - offer.mileage) / STEP_KM if known else Decimal(0)
	bargain = factor(-policy.bargain)
	age = factor(policy.year_percent * years)
	mileage = factor(-policy.mileage_percent * steps)
	return Adjusted(offer.key, kopecks(offer.price * bargain * age * mileage), bargain, age, mileage)


def factor(percent: Decimal) -> Decimal:
	"""1.05 for 5; at most half up or down."""
	return 1 + min(max(percent / HUNDRED, -MOST_ADJUSTMENT), MOST_ADJUSTMENT)


def median(prices: Sequence[Decimal]) -> Decimal:
	"""The middle price, or the mean of the two middle ones."""
	ordered = sorted(prices)
	middle = len(ordered) // 2
	if len(ordered) % 2:
		return ordered[middle]
	return kopecks((ordered[middle - 1] + ordered[middle]) / 2)


def round_down(amount: Decimal, step: Decimal) -> Decimal:
	"""To whole steps; a step of nothing rounds nothing."""
	if step <= 0:
		return kopecks(amount)
	return (amount / step).to_integral_value(ROUND_DOWN) * step


def kopecks(amount: Decimal) -> Decimal:
	return amount.quantize(KOPECK, ROUND_HALF_UP)


def reconditioning_cost(repairs: Sequence[Decimal], other: Decimal) -> Decimal:
	"""What it costs to make the car ready for sale."""
	return kopecks(sum(repairs, Decimal(0)) + other)
