"""The diagnostics of a car, step by step as the dealer described it, on a clock that the test sets."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from factories import make_pipeline_deal, make_preparation_staff, make_staff, make_vehicle

import frappe

from auto_dealer.notices.react import AlreadyTaken, CannotAnswer, NotAsked, react
from auto_dealer.processes.request_card import AlreadyRunning, NotYourStep, StepNotReady
from auto_dealer.processes.start import start
from auto_dealer.robots import drain

NOON = datetime(2026, 12, 1, 12, 0)
VISIT = datetime(2026, 12, 2, 15, 0)
PRIMARY = {"vehicle_title": "Toyota Camry", "address": "Москва, Тверская, 1", "notes": "Битый бампер"}
RESULT = {
	"actual_mileage": 91_000,
	"condition": "Good",
	"conclusion": "Buy",
	"body_result": "Крашен бампер",
	"technical_result": "Исправен",
	"recommended_price": 900_000,
}


@pytest.fixture
def staff() -> dict:
	frappe.flags.dealer_now = NOON
	return make_preparation_staff()


@pytest.fixture
def deal(staff) -> str:
	vehicle = make_vehicle().name
	return make_pipeline_deal("Buyout", responsible=staff["author"], vehicle=vehicle, amount=950_000).name


def begin(deal: str, as_user, staff, **values):
	with as_user(staff["author"]):
		return frappe.get_doc("Diagnostics Request", start("Diagnostics", deal, {**PRIMARY, **values}))


def notice_of(request, action: str) -> str:
	return frappe.get_all(
		"Staff Notice",
		{"reference_name": request.name, "action": f"diagnostics.{action}"},
		pluck="name",
		order_by="creation desc",
		limit=1,
	)[0]


def told(user: str, subject: str) -> int:
	return frappe.db.count("Notification Log", {"for_user": user, "subject": ("like", f"%{subject}%")})


def at(moment: datetime) -> None:
	"""The clock stands there, and what is due is run."""
	frappe.flags.dealer_now = moment
	drain.drain()


def give_visit(request, as_user, staff, **values):
	react(notice_of(request, "take"), staff["leaders"][0], "take")
	request.reload()
	with as_user(staff["leaders"][0]):
		request.update({"visitor": staff["visitor"], "visit_at": VISIT, **values})
		request.state = "Waiting for Confirmation"
		request.save()
	return request


def finish(request, as_user, staff):
	react(notice_of(request, "confirm"), staff["visitor"], "confirm")
	request.reload()
	with as_user(staff["visitor"]):
		request.update(RESULT)
		request.state = "Result for Reading"
		request.save()
	return request


@pytest.mark.requirement("R150")
def test_1_the_author_starts_it_from_the_deal_with_primary_data(deal, staff, as_user):
	request = begin(deal, as_user, staff)
	assert (request.author, request.state) == (staff["author"], "Waiting for Leader")
	assert request.name.startswith("DG-")
	assert request.client_name == "Иван Петров"
	assert request.address == PRIMARY["address"]
	assert frappe.db.get_value("Auto Deal", deal, "stage") == "Diagnostics"
	with as_user(staff["author"]), pytest.raises(AlreadyRunning):
		start("Diagnostics", deal, PRIMARY)


@pytest.mark.requirement("R150")
def test_1_without_primary_data_it_waits_as_new(deal, staff, as_user):
	with as_user(staff["author"]):
		request = frappe.get_doc(
			"Diagnostics Request", start("Diagnostics", deal, {"vehicle_title": "Camry"})
		)
		assert request.state == "New"
		request.state = "Waiting for Leader"
		with pytest.raises(StepNotReady, match="Address"):
			request.save()
		request.reload()
		request.address = "Москва"
		request.state = "Waiting for Leader"
		request.save()
	assert told(staff["leaders"][0], "Diagnostics:") == 1


@pytest.mark.requirement("R151")
def test_2_three_leaders_are_told_at_once(deal, staff, as_user):
	request = begin(deal, as_user, staff)
	notice = frappe.get_doc("Staff Notice", notice_of(request, "take"))
	assert [row.user for row in notice.recipients] == staff["leaders"]
	assert notice.kind == "First Wins"
	assert PRIMARY["address"] in notice.text
	assert [told(leader, "Diagnostics:") for leader in staff["leaders"]] == [1, 1, 1]


@pytest.mark.requirement("R152", "R251")
def test_3_the_first_leader_to_react_is_responsible(deal, staff, as_user):
	request = begin(deal, as_user, staff)
	first, second, _third = staff["leaders"]
	notice = notice_of(request, "take")
	react(notice, second, "take")
	request.reload()
	assert (request.leader, request.state) == (second, "Choosing the Visitor")
	with pytest.raises(AlreadyTaken, match="prep-leader-2"):
		react(notice, first, "take")
	assert told(first, "prep-leader-2 has taken it") == 1
	with pytest.raises(NotAsked):
		react(notice, staff["author"], "take")
	assert react(notice, second, "take").owner_user == second, "a double tap is no error"


@pytest.mark.requirement("R152")
def test_3_the_form_takes_it_as_well_but_for_leaders_only(deal, staff, as_user):
	request = begin(deal, as_user, staff)
	with as_user(staff["author"]):
		request.state = "Choosing the Visitor"
		with pytest.raises(NotYourStep):
			request.save()
	request.reload()
	frappe.db.set_value("Auto Deal", deal, {"responsible": staff["visitor"], "queue": staff["visitor"]})
	with as_user(staff["visitor"]):
		request.state = "Choosing the Visitor"
		with pytest.raises(NotYourStep):
			request.save()
	request.reload()
	with as_user("Administrator"):
		frappe.db.set_value(
			"Auto Deal", deal, {"responsible": staff["leaders"][1], "queue": staff["leaders"][1]}
		)
	with as_user(staff["leaders"][1]):
		request.state = "Choosing the Visitor"
		request.save()
	assert request.leader == staff["leaders"][1]


@pytest.mark.requirement("R153")
def test_4_the_leader_is_asked_to_choose_the_visitor(deal, staff, as_user):
	request = begin(deal, as_user, staff)
	react(notice_of(request, "take"), staff["leaders"][0], "take")
	assert told(staff["leaders"][0], "Choose who goes") == 1
	request.reload()
	with as_user(staff["leaders"][0]):
		request.state = "Waiting for Confirmation"
		with pytest.raises(StepNotReady, match="Goes to the Visit"):
			request.save()
		request.reload()
		request.visitor = make_staff("prep-photographer", "Dealer Photographer")
		with pytest.raises(frappe.ValidationError, match="no right"):
			request.save()
	request.reload()
	with as_user(staff["author"]):
		request.visitor = staff["visitor"]
		with pytest.raises(NotYourStep):
			request.save()


@pytest.mark.requirement("R154", "R250")
def test_5_the_visitor_gets_the_data_and_must_confirm(deal, staff, as_user):
	request = give_visit(begin(deal, as_user, staff), as_user, staff)
	notice = frappe.get_doc("Staff Notice", notice_of(request, "confirm"))
	assert (notice.kind, [row.user for row in notice.recipients]) == ("Confirm Reading", [staff["visitor"]])
	assert PRIMARY["address"] in notice.text
	assert request.confirmed_at is None
	with as_user(staff["visitor"]):
		request.reload()
		request.state = "Result for Reading"
		with pytest.raises(frappe.ValidationError):
			request.save()
	react(notice.name, staff["visitor"], "confirm")
	request.reload()
	assert request.state == "Visit"
	assert request.confirmed_at == NOON


@pytest.mark.requirement("R155", "R248")
def test_6_a_reminder_comes_two_hours_before_and_moves_with_the_date(deal, staff, as_user):
	request = give_visit(begin(deal, as_user, staff), as_user, staff)
	at(VISIT - timedelta(hours=2, minutes=1))
	assert told(staff["visitor"], "Soon: visit") == 0
	with as_user(staff["leaders"][0]):
		request.reload()
		request.visit_at = VISIT + timedelta(days=1)
		request.save()
	assert told(staff["visitor"], "The visit is now at") == 1
	at(VISIT)
	assert told(staff["visitor"], "Soon: visit") == 0
	at(VISIT + timedelta(days=1) - timedelta(hours=2))
	assert told(staff["visitor"], "Soon: visit") == 1
	at(VISIT + timedelta(days=2))
	assert told(staff["visitor"], "Soon: visit") == 1


@pytest.mark.requirement("R155", "R174")
def test_6_the_hours_are_a_setting(deal, staff, as_user):
	frappe.db.set_single_value("Preparation Settings", "visit_reminder_hours", 5)
	frappe.clear_document_cache("Preparation Settings", "Preparation Settings")
	give_visit(begin(deal, as_user, staff), as_user, staff)
	at(VISIT - timedelta(hours=5))
	assert told(staff["visitor"], "Soon: visit") == 1


def test_another_visitor_has_to_confirm_anew(deal, staff, as_user):
	request = give_visit(begin(deal, as_user, staff), as_user, staff)
	former = notice_of(request, "confirm")
	react(former, staff["visitor"], "confirm")
	other = make_staff("prep-visitor-2", "Dealer Appraiser")
	request.reload()
	with as_user(staff["leaders"][0]):
		request.visitor = other
		request.save()
	assert request.state == "Waiting for Confirmation"
	assert notice_of(request, "confirm") != former
	with pytest.raises(NotAsked):
		react(notice_of(request, "confirm"), staff["visitor"], "confirm")
	react(notice_of(request, "confirm"), other, "confirm")
	request.reload()
	assert request.state == "Visit"


@pytest.mark.requirement("R156")
def test_7_the_result_needs_its_fields(deal, staff, as_user):
	request = give_visit(begin(deal, as_user, staff), as_user, staff)
	react(notice_of(request, "confirm"), staff["visitor"], "confirm")
	for field in ("actual_mileage", "condition", "conclusion", "body_result", "technical_result"):
		request.reload()
		with as_user(staff["visitor"]):
			request.update({**RESULT, field: None})
			request.state = "Result for Reading"
			with pytest.raises(StepNotReady):
				request.save()
		assert frappe.response.pop("missing") == [field]
	request.reload()
	with as_user(staff["author"]):
		request.update(RESULT)
		request.state = "Result for Reading"
		with pytest.raises(frappe.ValidationError):
			request.save()


@pytest.mark.requirement("R157")
def test_8_the_leader_gets_the_result_to_read(deal, staff, as_user):
	request = finish(give_visit(begin(deal, as_user, staff), as_user, staff), as_user, staff)
	notice = frappe.get_doc("Staff Notice", notice_of(request, "read_result"))
	assert [row.user for row in notice.recipients] == [staff["leaders"][0]]
	assert "Крашен бампер" in notice.text
	assert frappe.db.get_value("Auto Deal", deal, "stage") == "Diagnostics"
	with pytest.raises(NotAsked):
		react(notice.name, staff["leaders"][1], "confirm")


@pytest.mark.requirement("R158")
def test_9_the_process_ends_and_the_deal_goes_on(deal, staff, as_user):
	request = finish(give_visit(begin(deal, as_user, staff), as_user, staff), as_user, staff)
	with as_user(staff["leaders"][0]):
		react(notice_of(request, "read_result"), staff["leaders"][0], "confirm")
	request.reload()
	assert (request.state, request.running_key) == ("Closed", None)
	assert frappe.db.get_value("Auto Deal", deal, "stage") == "Price Agreement"
	log = frappe.get_all(
		"Deal Stage Log", {"deal": deal}, ["to_stage", "reason"], order_by="creation desc", limit=1
	)
	assert request.name in log[0].reason
	assert told(staff["author"], "Diagnostics are done") == 1
	with as_user(staff["author"]):
		assert start("Diagnostics", deal, PRIMARY), "another one may begin"


@pytest.mark.requirement("R158")
def test_9_a_stage_that_refuses_is_told_and_does_not_hold_the_process(staff, as_user):
	deal = make_pipeline_deal("Buyout", responsible=staff["author"]).name
	request = finish(give_visit(begin(deal, as_user, staff), as_user, staff), as_user, staff)
	react(notice_of(request, "read_result"), staff["leaders"][0], "confirm")
	request.reload()
	assert request.state == "Closed"
	assert "Vehicle" in request.deal_note
	assert frappe.db.get_value("Auto Deal", deal, "stage") == "Diagnostics"
	assert told(staff["author"], "The deal does not go on") == 1


@pytest.mark.requirement("R158")
def test_9_a_deal_that_went_on_by_itself_stays(deal, staff, as_user):
	request = finish(give_visit(begin(deal, as_user, staff), as_user, staff), as_user, staff)
	moved = frappe.get_doc("Auto Deal", deal)
	moved.stage = "Deal Done"
	moved.vehicle = make_vehicle(vin="JTNB11HK903500001").name
	moved.save()
	react(notice_of(request, "read_result"), staff["leaders"][0], "confirm")
	assert frappe.db.get_value("Auto Deal", deal, "stage") == "Deal Done"


def test_a_cancelled_one_asks_nobody_any_more(deal, staff, as_user):
	request = give_visit(begin(deal, as_user, staff), as_user, staff)
	with as_user(staff["author"]):
		request.reload()
		request.state = "Cancelled"
		request.save()
	with pytest.raises(CannotAnswer):
		react(notice_of(request, "confirm"), staff["visitor"], "confirm")
	at(VISIT)
	assert told(staff["visitor"], "Soon: visit") == 0


@pytest.mark.requirement("R174")
def test_an_admin_may_lead_an_action_to_another_state(deal, staff, as_user):
	workflow = frappe.get_doc("Workflow", "Diagnostics Request")
	for edge in workflow.transitions:
		if edge.state == "Result for Reading" and edge.action == "Close":
			edge.next_state = "Visit"
	workflow.save()
	request = finish(give_visit(begin(deal, as_user, staff), as_user, staff), as_user, staff)
	react(notice_of(request, "read_result"), staff["leaders"][0], "confirm")
	request.reload()
	assert request.state == "Visit"


@pytest.mark.requirement("R174")
def test_a_robot_starts_it(deal, staff):
	from factories import make_robot

	make_robot(
		pipeline="Buyout",
		stage="Diagnostics",
		action="Start Process",
		process_name="Diagnostics",
		field_values='{"address": "Москва", "vehicle_title": "Camry"}',
	)
	moved = frappe.get_doc("Auto Deal", deal)
	moved.stage = "Diagnostics"
	moved.save()
	at(NOON)
	request = frappe.get_doc("Diagnostics Request", {"deal": deal})
	assert (request.state, request.author) == ("Waiting for Leader", staff["author"])
