"""Work orders: sums, stages, approvals, warehouses, devices' time."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auto_dealer.orders.rules import stages
from auto_dealer.orders.rules.approval import Billed, approval_after_change, find_problem, hash_of
from auto_dealer.orders.rules.device_time import minutes_between, moment_of
from auto_dealer.orders.rules.parts import OnHand, choose_warehouse
from auto_dealer.orders.rules.stages import Facts, entry_problems, is_allowed
from auto_dealer.orders.rules.totals import BadLine, Line, money, price_line, sum_up, vat_within
from auto_dealer.payments.rules.bill import Bill, BillLine, order_lines

D = Decimal
KOPECK = D("0.01")
kopecks = st.integers(0, 10_000_000).map(lambda number: D(number) / 100)
quantities = st.integers(1, 100_000).map(lambda number: D(number) / 100)
percents = st.integers(0, 10_000).map(lambda number: D(number) / 100)
approvals = st.sampled_from(["Proposed", "Approved", "Declined"])
lines = st.builds(
	Line,
	kind=st.sampled_from(["labour", "part", "sublet"]),
	qty=quantities,
	rate=kopecks,
	approval=approvals,
	discount_percent=percents,
	fixed_price=st.one_of(st.just(D(0)), kopecks),
	is_free=st.booleans(),
)


# -- sums ------------------------------------------------------------------------------------------


@given(st.lists(lines, max_size=12), percents, st.sampled_from([D(0), D(10), D(20), D("22")]))
def test_totals_are_the_sums_of_their_lines(order, discount, vat_rate):
	totals = sum_up(order, discount, vat_rate)
	counted = [line for line in order if line.approval != "Declined"]
	assert totals.total == sum((price_line(line, discount).amount for line in counted), D(0))
	assert totals.total == totals.labour + totals.parts + totals.sublets
	assert totals.approved <= totals.total
	assert totals.net + totals.vat == totals.total
	assert all(
		value == money(value) >= 0 for value in (totals.total, totals.vat, totals.net, totals.discount)
	)


@given(lines, percents)
def test_a_discount_only_lowers_and_nothing_is_lost(line, discount):
	priced = price_line(line, discount)
	assert priced.gross == priced.discount + priced.amount
	assert D(0) <= priced.amount <= priced.gross + KOPECK * line.qty


@given(lines, percents)
def test_an_invoice_shows_the_same_amount_without_a_rest(line, discount):
	priced = price_line(line, discount)
	qty = D(1) if line.fixed_price or line.is_free else line.qty
	rate = D(0) if line.is_free else line.fixed_price or line.rate
	bill = Bill("c", None, "x", "RUB", [BillLine("i", "", qty, rate, None, priced.discount)], priced.amount)
	(row,), rest = order_lines(bill)
	assert (row.amount, rest) == (priced.amount, 0)


def test_sums_by_hand():
	order = [
		Line("labour", D("1.35"), D("2470.50"), "Approved"),
		Line("part", D(3), D("999.99"), "Approved", D(10)),
		Line("part", D(1), D(500), "Proposed", is_free=True),
		Line("sublet", D(1), D(1000), "Declined"),
		Line("labour", D("0.5"), D(2000), "Proposed", fixed_price=D(1500)),
	]
	totals = sum_up(order, D(0), D(20))
	assert (totals.labour, totals.parts, totals.sublets) == (D("4835.18"), D("2699.97"), D(0))
	assert (totals.total, totals.approved, totals.discount) == (D("7535.15"), D("6035.15"), D("300.00"))
	assert totals.vat == D("1255.86")


def test_vat_within():
	assert vat_within(D(120), D(20)) == D(20)
	assert vat_within(D(120), D(0)) == D(0)


@pytest.mark.parametrize(
	"line",
	[
		Line("labour", D(-1), D(1)),
		Line("part", D(1), D(-1)),
		Line("part", D(1), D(1), discount_percent=D(101)),
		Line("labour", D(1), D(1), fixed_price=D(-1)),
	],
)
def test_bad_lines(line):
	with pytest.raises(BadLine):
		price_line(line)


# -- stages ----------------------------------------------------------------------------------------

WHOLE = Facts(has_client=True, has_vehicle=True, mileage=5, lines=2, approved=2, has_invoice=True)


def test_the_main_line_goes_on_when_everything_is_there():
	for before, after in zip(stages.MAIN_LINE, stages.MAIN_LINE[1:], strict=False):
		assert is_allowed(before, after)
		assert entry_problems(before, after, WHOLE) == []


@given(st.sampled_from(stages.STAGES), st.sampled_from(stages.STAGES))
def test_final_stages_are_final_and_nothing_skips_the_client(before, after):
	if before in stages.FINAL:
		assert not is_allowed(before, after)
	if after == stages.IN_WORK:
		assert not is_allowed(before, after) or before not in (stages.NEW, stages.INSPECTION, stages.ESTIMATE)


@pytest.mark.parametrize(
	("before", "after", "facts", "problems"),
	[
		("New", "Inspection", Facts(), ["client", "vehicle", "mileage"]),
		("Inspection", "Estimate", Facts(True, True, 5), ["lines"]),
		("Estimate", "Agreed", Facts(True, True, 5, 2, proposed=1), ["proposed", "approved"]),
		("Agreed", "In Work", Facts(True, True, 5, 2, approved=2, without_mechanic=1), ["mechanic"]),
		(
			"In Work",
			"Quality Check",
			Facts(True, True, 5, 3, 1, 2, unfinished=1, not_issued=1, sublets_out=1),
			["proposed", "unfinished", "not_issued", "sublets"],
		),
		("Quality Check", "In Work", WHOLE, ["quality_note"]),
		("Ready", "Handed Over", Facts(True, True, 5, 1, approved=1, outstanding=D(1)), ["unpaid"]),
		(
			"Ready",
			"Handed Over",
			Facts(True, True, 5, 1, approved=1, outstanding=D(1), may_pay_later=True),
			[],
		),
		("Handed Over", "Closed", Facts(True, True, 5, 1, approved=1), ["invoice"]),
		("Handed Over", "Closed", Facts(True, True, 5, 1, approved=1, needs_invoice=False), []),
		(
			"Agreed",
			"Cancelled",
			Facts(in_stock_hands=1, paid=D(5), has_invoice=True),
			["cancel_reason", "parts_issued", "paid", "invoiced"],
		),
		("New", "Cancelled", Facts(has_cancel_reason=True), []),
	],
)
def test_what_a_stage_needs(before, after, facts, problems):
	assert entry_problems(before, after, facts) == problems


# -- approvals -------------------------------------------------------------------------------------


def test_the_hash_is_of_the_content():
	assert hash_of({"a": 1, "b": [1, 2]}) == hash_of({"b": [1, 2], "a": 1})
	assert hash_of({"a": "1.00"}) != hash_of({"a": "1.01"})


@pytest.mark.parametrize(
	("open_lines", "answers", "shown", "problem"),
	[
		(["a", "b"], {"a": True, "b": False}, "h", ""),
		(["a", "b"], {"a": True}, "h", "incomplete"),
		(["a"], {"a": True, "x": True}, "h", "unknown"),
		([], {}, "h", "nothing"),
		(["a"], {"a": True}, "old", "changed"),
		([], {"a": True}, "old", "changed"),
	],
)
def test_answers(open_lines, answers, shown, problem):
	assert find_problem(open_lines, answers, shown, "h") == problem


def billed(approval="Approved", subject="pad", qty=2, amount=200):
	return Billed(approval, subject, D(qty), D(amount))


@pytest.mark.parametrize(
	("before", "after", "approval"),
	[
		(None, billed("Approved"), "Proposed"),
		(billed(), billed(), "Approved"),
		(billed(), billed(amount=150), "Approved"),
		(billed(), billed(amount=201), "Proposed"),
		(billed(), billed(qty=1, amount=100), "Approved"),
		(billed(), billed(qty=1, amount=200), "Proposed"),
		(billed(), billed(qty=3, amount=200), "Proposed"),
		(billed(), billed(subject="disc"), "Proposed"),
		(billed("Declined"), billed("Approved"), "Declined"),
		(billed("Declined"), billed(amount=150), "Proposed"),
		(billed("Proposed"), billed("Approved"), "Proposed"),
	],
)
def test_an_approval_holds_for_what_was_approved(before, after, approval):
	assert approval_after_change(before, after) == approval


@given(lines, lines)
def test_staff_never_raise_an_approved_sum(before, after):
	old = Billed("Approved", "x", before.qty, price_line(before).amount)
	new = Billed("Approved", "x", after.qty, price_line(after).amount)
	if approval_after_change(old, new) == "Approved":
		assert new.amount <= old.amount
		assert new.qty <= old.qty


# -- warehouses and devices ------------------------------------------------------------------------

PLACES = [OnHand("A", D(5)), OnHand("B", D(2)), OnHand("C", D(9))]


@pytest.mark.parametrize(
	("needed", "wanted", "usual", "chosen"),
	[
		(2, None, None, "B"),
		(3, None, None, "A"),
		(3, None, "C", "C"),
		(3, "B", None, None),
		(2, "B", "C", "B"),
		(10, None, "C", None),
	],
)
def test_which_warehouse(needed, wanted, usual, chosen):
	assert choose_warehouse(D(needed), PLACES, wanted, usual) == chosen


NOW = datetime(2026, 5, 4, 12)
MOST = timedelta(hours=24)


@given(st.floats(-1e12, 1e12), st.floats(0, 1e12), st.integers(0, 3000))
def test_a_moment_is_never_ahead_nor_too_old_nor_before_what_was_noted(event, sent, minutes_ago):
	not_before = NOW - timedelta(minutes=minutes_ago)
	at = moment_of(event, sent, NOW, MOST, not_before).at
	assert max(not_before, NOW - MOST) - timedelta(seconds=1) <= at <= NOW


def test_a_wrong_clock_does_not_matter_but_how_long_ago():
	moment = moment_of(1_000, 61_000, NOW, MOST)
	assert (moment.at, moment.is_corrected) == (NOW - timedelta(minutes=1), False)


def test_minutes():
	assert minutes_between(NOW, NOW + timedelta(seconds=90)) == 1.5
	assert minutes_between(NOW, NOW - timedelta(seconds=90)) == 0
