"""Decisions about enquiries and the deal's card."""

from __future__ import annotations

import itertools

import pytest

from auto_dealer.sales.rules import deal_card, enquiry

NAMED = ("Ivan", None, None, None, None, None)


@pytest.mark.requirement("R7", "R8", "R10")
@pytest.mark.parametrize(
	("is_target", "is_secondary", "is_separate", "has_deal", "outcome", "can_separate"),
	[
		(True, False, False, False, enquiry.CREATE, False),
		(True, False, False, True, enquiry.ASK_TO_ATTACH, True),
		(True, False, True, True, enquiry.CREATE, True),
		(True, False, True, False, enquiry.CREATE, False),
		(True, True, False, True, enquiry.ASK_TO_ATTACH, False),
		(True, True, True, True, enquiry.ASK_TO_ATTACH, False),
		(True, True, False, False, enquiry.REFUSE_SECONDARY, False),
		(True, True, True, False, enquiry.REFUSE_SECONDARY, False),
		(False, False, False, True, enquiry.CREATE, False),
	],
)
def test_repeat_contact(is_target, is_secondary, is_separate, has_deal, outcome, can_separate):
	decision = enquiry.decide_repeat(
		is_target=is_target, is_secondary=is_secondary, is_separate=is_separate, has_active_deal=has_deal
	)
	assert decision == enquiry.RepeatDecision(outcome, can_separate)


@pytest.mark.requirement("R8")
def test_a_target_secondary_enquiry_never_stands_alone():
	for is_separate, has_deal in itertools.product((True, False), repeat=2):
		decision = enquiry.decide_repeat(
			is_target=True, is_secondary=True, is_separate=is_separate, has_active_deal=has_deal
		)
		assert decision.outcome != enquiry.CREATE


ALLOWED_BY_HAND = {
	("New", "In Progress"),
	("New", "Junk"),
	("New", "Refused"),
	("In Progress", "Junk"),
	("In Progress", "Refused"),
	("Junk", "In Progress"),
	("Refused", "In Progress"),
}
STATUSES = ("New", "In Progress", "Attached to Deal", "Converted", "Junk", "Refused")


@pytest.mark.parametrize(("before", "after"), list(itertools.product(STATUSES, STATUSES)))
def test_status_moves_by_hand(before, after):
	assert enquiry.can_change_status(before, after) == (before == after or (before, after) in ALLOWED_BY_HAND)


@pytest.mark.parametrize(
	("status", "allowed"),
	[("New", 1), ("In Progress", 1), ("Junk", 1), ("Refused", 1), ("Converted", 0), ("Attached to Deal", 0)],
)
def test_first_status_by_hand(status, allowed):
	assert enquiry.can_change_status(None, status) == bool(allowed)


@pytest.mark.requirement("R14")
@pytest.mark.parametrize(
	("status", "needed"), [("Junk", True), ("Refused", True), ("New", False), ("Converted", False)]
)
def test_reason_of_what_is_sifted_out(status, needed):
	assert enquiry.needs_reason(status) == needed


@pytest.mark.requirement("R15", "R46")
@pytest.mark.parametrize(
	("is_target", "identity", "empty"),
	[
		(True, (None, "", "   "), True),
		(True, ("Ivan", None), False),
		(True, (None, "+79161234567"), False),
		(True, (None, None, "telegram:ivan"), False),
		(False, (None, None), False),
	],
)
def test_empty_card(is_target, identity, empty):
	assert enquiry.is_empty_card(is_target, *identity) == empty


@pytest.mark.parametrize(
	("before", "after", "responded"),
	[
		(None, "New", False),
		(None, "In Progress", True),
		("New", "New", False),
		("New", "Converted", True),
		("In Progress", "Refused", False),
	],
)
def test_first_response(before, after, responded):
	assert enquiry.has_responded(before, after) == responded


@pytest.mark.parametrize(
	("client", "car", "phone", "title"),
	[
		("Ivan", "Lada Vesta", None, "Ivan – Lada Vesta"),
		("Ivan", None, None, "Ivan"),
		(None, "Lada", "+79161234567", "+79161234567 – Lada"),
		("  ", " ", None, ""),
		("И" * 200, "Lada", None, "И" * 140),
	],
)
def test_title(client, car, phone, title):
	assert deal_card.make_title(client, car, phone) == title


@pytest.mark.parametrize(
	("title", "client", "car"),
	[
		("Иван Петров – Lada Vesta", "Иван Петров", "Lada Vesta"),
		("Иван Петров", "Иван Петров", ""),
		("Второй автомобиль для жены", "Иван Петров", ""),
		("Lada Vesta", None, ""),
		(None, "Иван Петров", ""),
	],
)
def test_the_car_of_a_made_title(title, client, car):
	assert deal_card.car_of_title(title, client) == car


@pytest.mark.parametrize(
	("responsible", "department", "queue"),
	[
		("anna@example.com", "Sales", "anna@example.com"),
		(None, "Sales", "@Sales"),
		("", "Sales", "@Sales"),
		(None, None, "@"),
	],
)
def test_queue(responsible, department, queue):
	assert deal_card.queue_of(responsible, department) == queue


@pytest.mark.parametrize(
	("make", "model", "name"),
	[
		("Lada", "Vesta", "Lada Vesta"),
		("Lada", "Lada Vesta", "Lada Vesta"),
		("", "Vesta", "Vesta"),
		("Lada", None, "Lada"),
		(None, None, ""),
	],
)
def test_car_name(make, model, name):
	assert deal_card.car_name(make, model) == name


@pytest.mark.parametrize(
	("name", "letters"),
	[
		("Anna Petrova", "AP"),
		("анна", "А"),
		("anna.p@example.com", "AE"),
		("", ""),
		(None, ""),
		("- Ivan", "I"),
	],
)
def test_initials(name, letters):
	assert deal_card.initials(name) == letters
