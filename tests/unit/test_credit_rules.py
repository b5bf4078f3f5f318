"""Commissions, offers, stages, masking and retries of credit: pure decisions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal as D

import pytest

from auto_dealer.credit.rules import stages
from auto_dealer.credit.rules.commission import BadShares, commission_of, split_commission
from auto_dealer.credit.rules.masking import hide_values
from auto_dealer.credit.rules.offers import Offer, best_by_criterion
from auto_dealer.credit.rules.retries import PAUSES, next_try
from auto_dealer.credit.rules.stages import missing_fields, offers_problem
from auto_dealer.permissions.rules.masking import mask_version

TODAY = date(2026, 3, 10)


# -- commission ------------------------------------------------------------------------------------


@pytest.mark.requirement("R96")
@pytest.mark.parametrize(
	("base", "percent", "fixed", "commission"),
	[
		("100000", "15", "0", "15000.00"),
		("8432.17", "5", "0", "421.61"),
		("8432.17", "5", "300", "721.61"),
		("0", "5", "300", "300.00"),
	],
)
def test_commission_of_a_product(base: str, percent: str, fixed: str, commission: str):
	assert commission_of(D(base), D(percent), D(fixed)) == D(commission)


@pytest.mark.requirement("R96")
@pytest.mark.parametrize(
	("commissions", "specialist", "manager", "parts"),
	[
		(["10000", "5000"], "10", "20", ("10500.00", "1500.00", "3000.00")),
		(["100.01"], "50", "50", ("0.00", "50.01", "50.00")),
		(["0.03"], "33.33", "33.33", ("0.01", "0.01", "0.01")),
		([], "10", "20", ("0", "0.00", "0.00")),
		(["777.77"], "0", "0", ("777.77", "0.00", "0.00")),
	],
)
def test_the_parts_make_the_whole(commissions: list, specialist: str, manager: str, parts: tuple):
	split = split_commission(map(D, commissions), D(specialist), D(manager))
	assert (split.dealer, split.specialist, split.manager) == tuple(map(D, parts))
	assert split.dealer + split.specialist + split.manager == split.total == sum(map(D, commissions))


@pytest.mark.parametrize(("specialist", "manager"), [("-1", "0"), ("0", "-1"), ("60", "50")])
def test_shares_beyond_the_whole_are_refused(specialist: str, manager: str):
	with pytest.raises(BadShares):
		split_commission([D(1)], D(specialist), D(manager))


# -- offers ----------------------------------------------------------------------------------------


def offer(key: str, status: str = "Approved", **values) -> Offer:
	return Offer(key=key, status=status, **values)


@pytest.mark.requirement("R97")
def test_the_best_offer_by_each_criterion():
	offers = [
		offer("a", rate=D("18"), monthly_payment=D("25000"), approved_sum=D("900000"), commission=D(1)),
		offer("b", rate=D("17"), monthly_payment=D("26000"), approved_sum=D("1000000"), commission=D(2)),
		offer("c", rate=D("17"), monthly_payment=D("27000"), approved_sum=D("800000")),
	]
	best = best_by_criterion(offers, TODAY)
	assert best["rate"] == {"b", "c"}
	assert best["monthly_payment"] == {"a"}
	assert best["approved_sum"] == best["commission"] == {"b"}
	assert best["overpayment"] == best["valid_until"] == set()


@pytest.mark.requirement("R97")
def test_only_offers_that_can_be_taken_are_compared():
	offers = [
		offer("a", rate=D("18"), valid_until=TODAY),
		offer("b", rate=D("20")),
		offer("refused", "Refused", rate=D("5")),
		offer("sent", "Sent", rate=D("5")),
		offer("run out", rate=D("5"), valid_until=TODAY - timedelta(days=1)),
	]
	assert best_by_criterion(offers, TODAY)["rate"] == {"a"}


def test_equal_and_lonely_offers_have_no_best():
	same = [offer("a", rate=D("18")), offer("b", rate=D("18.0"))]
	assert not any(best_by_criterion(same, TODAY).values())
	assert not any(best_by_criterion(same[:1], TODAY).values())
	assert not any(best_by_criterion([], TODAY).values())


# -- stages ----------------------------------------------------------------------------------------


@pytest.mark.requirement("R87")
def test_each_stage_needs_what_the_stages_before_it_need():
	for before, after in zip(stages.MAIN_LINE, stages.MAIN_LINE[1:], strict=False):
		assert set(stages.required_fields(before)) <= set(stages.required_fields(after))
	assert stages.required_fields("New") == ()
	assert stages.required_fields("Refused") == ("closing_reason",)


@pytest.mark.requirement("R87")
def test_missing_fields_are_named():
	full = dict.fromkeys(stages.required_fields("Issued"), "x") | dict.fromkeys(stages.CONSENT, "x")
	assert missing_fields("Issued", full) == []
	assert missing_fields("Documents", {}) == ["specialist", "borrower_name", "phone", "vehicle_price"]
	assert missing_fields("Sent to Banks", {**full, "has_consent": 0}) == ["has_consent"]
	assert missing_fields("Sent to Banks", {**full, "consent_date": None}) == ["consent_date"]
	assert missing_fields("New", {"has_consent": 1, "consent_date": "x"}) == ["consent_text"]


@pytest.mark.parametrize(
	("stage", "offers", "problem"),
	[
		("Documents", [], ""),
		("Sent to Banks", [("New", False)], stages.NO_BANK_ASKED),
		("Sent to Banks", [("Queued", False)], ""),
		("Bank Decision", [("Sent", False)], stages.NO_ANSWER),
		("Bank Decision", [("Refused", False)], ""),
		("Approved", [("Approved", False)], stages.NO_CHOICE),
		("Approved", [("Approved", True), ("Approved", True)], stages.NO_CHOICE),
		("Signed", [("Sent", True)], stages.CHOICE_NOT_APPROVED),
		("Issued", [("Refused", False), ("Approved", True)], ""),
		("Withdrawn", [], ""),
	],
)
def test_what_offers_a_stage_needs(stage: str, offers: list, problem: str):
	assert offers_problem(stage, offers) == problem


# -- personal data ---------------------------------------------------------------------------------


def test_a_version_tells_what_changed_and_not_what_it_was():
	data = {
		"changed": [["passport_number", None, "4509 123456"], ["stage", "New", "Documents"]],
		"added": [["incomes", {"monthly_amount": 90000, "name": "r1"}]],
		"removed": [["offers", {"bank": "A"}]],
		"row_changed": [["incomes", 0, "r1", [["monthly_amount", 1, 2], ["idx", 1, 2]]]],
		"created_by": "x",
	}
	masked = mask_version(data, {"passport_number"}, {"incomes": {"monthly_amount"}})
	assert masked["changed"] == [["passport_number", None, "***"], ["stage", "New", "Documents"]]
	assert masked["added"] == [["incomes", {"monthly_amount": "***", "name": "r1"}]]
	assert masked["removed"] == data["removed"]
	assert masked["row_changed"] == [["incomes", 0, "r1", [["monthly_amount", "***", "***"], ["idx", 1, 2]]]]
	assert masked["created_by"] == "x"


def test_an_error_s_text_loses_the_borrower_s_data():
	text = "550 no such user: Иван Петров <ivan@example.com>"
	assert hide_values(text, ["Иван Петров", "ivan@example.com", "", "no"]) == "550 no such user: *** <***>"


# -- retries ---------------------------------------------------------------------------------------


def test_pauses_grow_and_end():
	moment = datetime(2026, 1, 1, 12)
	times = [next_try(failures, moment) for failures in range(1, len(PAUSES) + 1)]
	assert times == sorted(times)
	assert times[0] == moment + timedelta(minutes=1)
	assert next_try(len(PAUSES) + 1, moment) is None
	assert next_try(0, moment) is None
