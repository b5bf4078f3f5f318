"""Net, tax and gross of each line of an invoice, when the tax is known by item only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from auto_dealer.payments.rules.bill import Number, money


@dataclass(frozen=True)
class TaxedLine:
	"""`rate`: percent, None without tax. `gross` is net and tax together."""

	net: Decimal
	tax: Decimal
	rate: Decimal | None

	@property
	def gross(self) -> Decimal:
		return self.net + self.tax


def split_tax(
	lines: Sequence[tuple[str, Number]], taxes: Mapping[str, tuple[Number, Number]]
) -> list[TaxedLine]:
	"""`lines`: (item, net sum); `taxes`: item → (percent, tax of all lines of the item).

	Lines of one item share its tax in proportion to their sums; the last of them takes what rounding leaves, so
	that the column adds up to the tax that was booked.
	"""
	total: dict[str, Decimal] = {}
	last: dict[str, int] = {}
	for number, (item, net) in enumerate(lines):
		total[item] = total.get(item, Decimal(0)) + money(net)
		last[item] = number
	left = {item: money(amount) for item, (_rate, amount) in taxes.items()}
	result = []
	for number, (item, net) in enumerate(lines):
		if item not in taxes:
			result.append(TaxedLine(money(net), money(0), None))
			continue
		rate, amount = taxes[item]
		share = money(net) / total[item] if total[item] else Decimal(0)
		tax = left[item] if number == last[item] else money(money(amount) * share)
		left[item] -= tax
		result.append(TaxedLine(money(net), tax, Decimal(str(rate))))
	return result


def fit_total(shares: Mapping[str, Number], total: Number) -> dict[str, Decimal]:
	"""The shares rounded to hundredths so that they add up to `total`; the largest takes the difference."""
	fitted = {name: money(share) for name, share in shares.items()}
	if fitted:
		largest = max(fitted, key=lambda name: fitted[name])
		fitted[largest] += money(total) - sum(fitted.values(), money(0))
	return fitted


def total_of(lines: Sequence[TaxedLine]) -> TaxedLine:
	"""The bottom line of the table."""
	return TaxedLine(
		sum((line.net for line in lines), money(0)), sum((line.tax for line in lines), money(0)), None
	)
