"""Money on the prints: what an owner gets of a commission sale, how tax is spread over lines."""

from __future__ import annotations

from decimal import Decimal

import pytest

from auto_dealer.documents.rules.commission import settle
from auto_dealer.payments.rules.tax_lines import fit_total, split_tax, total_of


@pytest.mark.parametrize(
	("sold", "percent", "fixed", "fee", "payable"),
	[
		(1_000_000, 5, 0, "50000.00", "950000.00"),
		(1_000_000, 5, 30_000, "30000.00", "970000.00"),
		("999999.99", "3.5", 0, "35000.00", "964999.99"),
		(100, 0, 0, "0.00", "100.00"),
		(100, 0, 150, "100.00", "0.00"),
		(100, 100, 0, "100.00", "0.00"),
		(0, 5, 100, "0.00", "0.00"),
		(-5, 5, 0, "0.00", "0.00"),
	],
)
def test_the_price_is_split_between_agent_and_owner(sold, percent, fixed, fee, payable):
	settlement = settle(sold, percent, fixed)
	assert (settlement.fee, settlement.payable) == (Decimal(fee), Decimal(payable))
	assert settlement.fee + settlement.payable == settlement.sold


@pytest.mark.parametrize(
	("shares", "total", "expected"),
	[
		({}, 5, {}),
		({"a": "18305.0856"}, "18305.08", {"a": "18305.08"}),
		({"a": "1.005", "b": "2.004"}, "3.00", {"a": "1.01", "b": "1.99"}),
		({"a": 10, "b": 20}, 30, {"a": "10.00", "b": "20.00"}),
	],
)
def test_shares_of_tax_add_up_to_what_was_booked(shares, total, expected):
	assert fit_total(shares, total) == {name: Decimal(value) for name, value in expected.items()}


@pytest.mark.parametrize(
	("lines", "taxes", "expected"),
	[
		([("a", 100), ("b", 50)], {}, [0, 0]),
		([("a", 100), ("b", 50)], {"a": (20, 20), "b": (20, 10)}, [20, 10]),
		([("a", 100), ("b", 50)], {"a": (20, 20)}, [20, 0]),
		([("a", 100), ("a", 100), ("a", 100)], {"a": (20, "100.00")}, ["33.33", "33.33", "33.34"]),
		([("a", "0.01"), ("a", "99.99")], {"a": (20, 20)}, ["0.00", "20.00"]),
		([("a", 0), ("a", 0)], {"a": (20, 0)}, [0, 0]),
	],
)
def test_tax_of_an_item_is_spread_over_its_lines(lines, taxes, expected):
	result = split_tax(lines, taxes)
	assert [line.tax for line in result] == [Decimal(str(tax)) for tax in expected]
	assert [line.net for line in result] == [Decimal(str(net)) for _item, net in lines]
	total = total_of(result)
	assert total.tax == sum(Decimal(str(amount)) for _rate, amount in taxes.values())
	assert total.gross == total.net + total.tax
	assert [line.rate is None for line in result] == [item not in taxes for item, _net in lines]
