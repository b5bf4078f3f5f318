"""The detailing of a car, step by step as the dealer described it, on a clock that the test sets."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from factories import make_pipeline_deal, make_preparation_staff, make_staff, make_vehicle

import frappe

from auto_dealer.notices.react import AlreadyTaken, CannotAnswer, NotAsked, open_notice, react
from auto_dealer.pipelines.move_deal import move_deal
from auto_dealer.processes.photos import NoPhotos
from auto_dealer.processes.request_card import AlreadyRunning, NotYourStep, StepNotReady
from auto_dealer.processes.start import start
from auto_dealer.robots import drain

NOON = datetime(2026, 12, 1, 12, 0)
DUE = datetime(2026, 12, 4, 18, 0)
WORKS = [{"work": "Полировка кузова", "cost": 12_000}, {"work": "Химчистка салона", "cost": 8_000}]
PNG = (
	b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
	b"\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture
def staff() -> dict:
	frappe.flags.dealer_now = NOON
	return make_preparation_staff()


def make_car_deal(staff, pipeline: str = "Buyout") -> str:
	"""A deal whose car is taken in already."""
	number = frappe.db.get_next_sequence_val("Auto Deal") % 1_000_000
	deal = make_pipeline_deal(
		pipeline,
		responsible=staff["author"],
		vehicle=make_vehicle(frame_number=f"TEST{number:06d}").name,
		amount=900_000,
	)
	return move_deal(deal.name, "Deal Done" if pipeline == "Buyout" else "Contract Signed").name


@pytest.fixture
def deal(staff) -> str:
	return make_car_deal(staff)


def begin(deal: str, as_user, staff, **values):
	with as_user(staff["author"]):
		return frappe.get_doc("Detailing Request", start("Detailing", deal, {"works": WORKS, **values}))


def notice_of(request, action: str) -> str:
	return frappe.get_all(
		"Staff Notice",
		{"reference_name": request.name, "action": f"detailing.{action}"},
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


def stage_of(deal: str) -> str:
	return frappe.db.get_value("Auto Deal", deal, "stage")


def answer(request, action: str, user: str, given: str, as_user, **values):
	with as_user(user):
		react(notice_of(request, action), user, given, **values)
	return request.reload()


def to_detailing(deal: str, as_user, staff):
	request = begin(deal, as_user, staff)
	if request.state == "Price Approval":
		answer(request, "approve_price", staff["leaders"][0], "approve", as_user)
	return answer(request, "accept", staff["administrator"], "confirm", as_user, date=DUE)


def close_task(name: str, user: str, as_user) -> None:
	with as_user(user):
		task = frappe.get_doc("ToDo", name)
		task.status = "Closed"
		task.save()


def to_photos(deal: str, as_user, staff):
	request = to_detailing(deal, as_user, staff)
	close_task(request.task, staff["administrator"], as_user)
	return request.reload()


def attach_photo(request, user: str, as_user, name: str = "1.png", to_deal: bool = False):
	with as_user(user):
		return frappe.get_doc(
			{
				"doctype": "File",
				"file_name": name,
				"content": PNG + name.encode(),
				"is_private": 1,
				"attached_to_doctype": "Auto Deal" if to_deal else "Detailing Request",
				"attached_to_name": request.deal if to_deal else request.name,
			}
		).insert(ignore_permissions=True)


@pytest.mark.requirement("R159")
@pytest.mark.parametrize("stage", ["New Request", "Diagnostics", "Deal Done"])
def test_1_the_manager_starts_it_at_any_moment(staff, as_user, stage):
	deal = make_pipeline_deal(
		"Buyout", responsible=staff["author"], vehicle=make_vehicle().name, amount=1
	).name
	frappe.db.set_value("Auto Deal", deal, "stage", stage)
	request = begin(deal, as_user, staff, price=900_000)
	assert (request.author, request.deal) == (staff["author"], deal)
	with as_user(staff["author"]), pytest.raises(AlreadyRunning):
		start("Detailing", deal, {})


@pytest.mark.requirement("R160", "R173")
def test_2_primary_data_are_asked_for(deal, staff, as_user):
	with as_user(staff["author"]):
		request = frappe.get_doc("Detailing Request", start("Detailing", deal, {}))
		assert (request.state, request.contract_kind, request.price) == ("Draft", "Buyout", 900_000)
		request.state = "Price Approval"
		with pytest.raises(StepNotReady, match="Works"):
			request.save()
		request.reload()
		request.extend("works", WORKS)
		request.price = 0
		request.state = "Price Approval"
		with pytest.raises(StepNotReady, match="Price to Agree"):
			request.save()
		request.reload()
		request.extend("works", WORKS)
		request.state = "Price Approval"
		request.save()
	assert request.works_cost == 20_000


@pytest.mark.requirement("R160", "R161")
def test_3a_a_commission_goes_straight_to_detailing(staff, as_user):
	deal = make_car_deal(staff, "Commission")
	request = begin(deal, as_user, staff)
	assert (request.contract_kind, request.state) == ("Commission", "Hand Over to Detailing")
	assert stage_of(deal) == "Detailing"
	assert request.conversation == []
	assert told(staff["leaders"][0], "Agree the price") == 0
	assert told(staff["administrator"], "Hand Over") == 1


@pytest.mark.requirement("R160")
def test_3_nobody_goes_the_other_way(staff, as_user):
	deal = make_car_deal(staff)
	with as_user(staff["author"]):
		request = frappe.get_doc("Detailing Request", start("Detailing", deal, {"works": WORKS}, send=False))
		for kind, state in (("Buyout", "Hand Over to Detailing"), ("Commission", "Price Approval")):
			request.reload()
			request.contract_kind, request.state = kind, state
			with pytest.raises(frappe.ValidationError):
				request.save()


@pytest.mark.requirement("R162", "R251")
def test_3b_the_first_leader_who_opens_the_notice_is_responsible(deal, staff, as_user):
	request = begin(deal, as_user, staff)
	first, second, third = staff["leaders"]
	assert request.state == "Price Approval"
	notice = notice_of(request, "approve_price")
	assert [told(leader, "Agree the price") for leader in staff["leaders"]] == [1, 1, 1]
	with as_user(second):
		open_notice(notice, second)
	assert request.reload().price_leader == second
	assert frappe.db.get_value("Staff Notice", notice, ["status", "owner_user"]) == ("Taken", second)
	assert told(first, "prep-leader-2 has taken it") == told(third, "prep-leader-2 has taken it") == 1
	with as_user(first), pytest.raises(AlreadyTaken, match="prep-leader-2"):
		react(notice, first, "approve")
	with as_user(first):
		assert open_notice(notice, first).owner_user == second, "looking is free"
	assert request.reload().state == "Price Approval"


@pytest.mark.requirement("R163")
def test_4_agreed_hands_the_car_to_detailing(deal, staff, as_user):
	request = begin(deal, as_user, staff)
	answer(request, "approve_price", staff["leaders"][0], "approve", as_user)
	assert (request.state, request.price_leader, request.agreed_price) == (
		"Hand Over to Detailing",
		staff["leaders"][0],
		900_000,
	)
	assert stage_of(deal) == "Detailing"
	assert told(staff["author"], "The price is agreed") == 1


@pytest.mark.requirement("R164")
def test_5_or_back_with_a_comment(deal, staff, as_user):
	request = begin(deal, as_user, staff)
	leader = staff["leaders"][0]
	with as_user(leader), pytest.raises(CannotAnswer, match="comment"):
		react(notice_of(request, "approve_price"), leader, "return", comment="  ")
	answer(request, "approve_price", leader, "return", as_user, comment="Дорого, просим скидку")
	assert (request.state, request.price_leader) == ("Correction", leader)
	assert told(staff["author"], "To be corrected") == 1
	last = request.conversation[-1]
	assert (last.what, last.user, last.text) == ("Returned", leader, "Дорого, просим скидку")


@pytest.mark.requirement("R164", "R165")
def test_6_any_number_of_rounds_with_the_whole_conversation(deal, staff, as_user):
	request = begin(deal, as_user, staff, reply="Прошу согласовать")
	leader = staff["leaders"][1]
	for turn in range(1, 6):
		answer(request, "approve_price", leader, "return", as_user, comment=f"Нет, раз {turn}")
		with as_user(staff["author"]):
			request.price = 900_000 - turn * 10_000
			request.reply = f"Исправлено {turn}"
			request.state = "Price Approval"
			request.save()
		request.reload()
		notice = frappe.get_doc("Staff Notice", notice_of(request, "approve_price"))
		assert [row.user for row in notice.recipients] == [leader], "the responsible leader alone"
	answer(request, "approve_price", leader, "approve", as_user, comment="Хорошо")
	assert request.state == "Hand Over to Detailing"
	assert (request.round, request.agreed_price) == (6, 850_000)
	turns = [(row.what, row.text, row.price) for row in request.conversation]
	assert turns[0] == ("Sent", "Прошу согласовать", 900_000)
	assert turns[1:3] == [("Returned", "Нет, раз 1", 900_000), ("Sent", "Исправлено 1", 890_000)]
	assert turns[-1] == ("Agreed", "Хорошо", 850_000)
	assert len(turns) == 12


@pytest.mark.requirement("R165")
def test_6_the_conversation_is_kept_from_being_rewritten(deal, staff, as_user):
	request = begin(deal, as_user, staff)
	answer(request, "approve_price", staff["leaders"][0], "return", as_user, comment="Нет")
	with as_user(staff["author"]):
		request.conversation[-1].text = "Да"
		request.conversation = request.conversation[:1]
		request.round, request.price_leader, request.agreed_price = 0, None, 1
		request.save()
	request.reload()
	assert [row.text for row in request.conversation] == ["", "Нет"]
	assert (request.round, request.price_leader, request.agreed_price) == (1, staff["leaders"][0], 0)


@pytest.mark.requirement("R163", "R164")
def test_the_form_answers_as_well(deal, staff, as_user):
	request = begin(deal, as_user, staff)
	leader = staff["leaders"][2]
	with as_user(staff["author"]):
		request.state = "Hand Over to Detailing"
		with pytest.raises(frappe.PermissionError):
			request.save()
	frappe.db.set_value("Auto Deal", deal, {"responsible": leader, "queue": leader})
	with as_user(leader):
		request.reload()
		request.state = "Correction"
		with pytest.raises(StepNotReady, match="comment"):
			request.save()
		request.reload()
		request.state, request.reply = "Correction", "Проверьте цену"
		request.save()
	assert request.price_leader == leader
	assert request.conversation[-1].text == "Проверьте цену"
	assert request.reply is None
	with as_user(leader), pytest.raises(CannotAnswer):
		react(notice_of(request, "approve_price"), leader, "approve")


@pytest.mark.requirement("R173")
def test_works_are_agreed_for_this_car_and_stay_so(deal, staff, as_user):
	request = begin(deal, as_user, staff)
	with as_user(staff["author"]):
		request.append("works", {"work": "Тонировка", "cost": 5_000})
		with pytest.raises(frappe.ValidationError, match="list of works"):
			request.save()
	request.reload()
	answer(request, "approve_price", staff["leaders"][0], "approve", as_user)
	assert (request.works_agreed_by, request.works_agreed_at) == (staff["leaders"][0], NOON)
	answer(request, "accept", staff["administrator"], "confirm", as_user, date=DUE)
	with as_user(staff["administrator"]):
		request.works[0].is_done = 1
		request.works[0].comment = "готово"
		request.save()
		request.reload()
		assert request.works[0].is_done
		request.works[0].work = "Другое"
		with pytest.raises(frappe.ValidationError, match="list of works"):
			request.save()


@pytest.mark.requirement("R173")
def test_works_of_a_commission_are_agreed_by_the_administrator(staff, as_user):
	request = to_detailing(make_car_deal(staff, "Commission"), as_user, staff)
	assert request.works_agreed_by == staff["administrator"]
	assert [row.work for row in request.works] == [row["work"] for row in WORKS]


@pytest.mark.requirement("R166")
def test_7_the_administrator_is_told_and_must_give_the_date(deal, staff, as_user):
	request = begin(deal, as_user, staff)
	answer(request, "approve_price", staff["leaders"][0], "approve", as_user)
	notice = frappe.get_doc("Staff Notice", notice_of(request, "accept"))
	assert [row.user for row in notice.recipients] == [staff["administrator"]]
	assert "Полировка кузова" in notice.text
	assert "900" not in notice.text, "the price is not the administrator's business"
	with as_user(staff["administrator"]):
		with pytest.raises(CannotAnswer, match="Final Date"):
			react(notice.name, staff["administrator"], "confirm")
		with pytest.raises(frappe.ValidationError, match="over"):
			react(notice.name, staff["administrator"], "confirm", date=NOON - timedelta(hours=1))


@pytest.mark.requirement("R167", "R168")
def test_8_9_a_task_with_the_deadline_and_the_author_as_observer(deal, staff, as_user):
	request = to_detailing(deal, as_user, staff)
	assert (request.state, request.administrator, request.due_at) == (
		"Detailing",
		staff["administrator"],
		DUE,
	)
	task = frappe.get_doc("ToDo", request.task)
	assert (task.allocated_to, task.dealer_due_at, task.status) == (staff["administrator"], DUE, "Open")
	assert task.dealer_observers == staff["author"]
	assert (task.reference_type, task.reference_name) == ("Detailing Request", request.name)


@pytest.mark.requirement("R169", "R248")
def test_10_both_are_told_two_hours_before_and_it_moves_with_the_date(deal, staff, as_user):
	request = to_detailing(deal, as_user, staff)
	both = (staff["author"], staff["administrator"])
	at(DUE - timedelta(hours=2, minutes=1))
	assert [told(user, "Deadline soon") for user in both] == [0, 0]
	with as_user(staff["administrator"]):
		request.reload()
		request.due_at = DUE + timedelta(days=1)
		request.save()
	assert told(staff["author"], "The final date is now") == 1
	assert frappe.db.get_value("ToDo", request.task, "dealer_due_at") == DUE + timedelta(days=1)
	at(DUE)
	assert [told(user, "Deadline soon") for user in both] == [0, 0]
	at(DUE + timedelta(days=1) - timedelta(hours=2))
	assert [told(user, "Deadline soon") for user in both] == [1, 1]
	at(DUE + timedelta(days=1, minutes=1))
	assert [told(user, "Deadline soon") for user in both] == [1, 1]
	assert [told(user, "Deadline over") for user in both] == [1, 1]


@pytest.mark.requirement("R169")
def test_10_a_stranger_does_not_move_the_date(deal, staff, as_user):
	request = to_detailing(deal, as_user, staff)
	frappe.db.set_value("Auto Deal", deal, {"responsible": staff["seller"], "queue": staff["seller"]})
	with as_user(staff["seller"]):
		request.due_at = DUE + timedelta(days=9)
		with pytest.raises(NotYourStep):
			request.save()


@pytest.mark.requirement("R170", "R171")
def test_11_12_the_closed_task_tells_the_author_and_moves_the_deal(deal, staff, as_user):
	request = to_detailing(deal, as_user, staff)
	close_task(request.task, staff["administrator"], as_user)
	request.reload()
	assert told(staff["author"], "Task done: Do the detailing") == 1
	assert told(staff["administrator"], "Task done: Do the detailing") == 0
	assert stage_of(deal) == "Detailing Done"
	assert (request.state, request.done_at) == ("Detailing Done", NOON)
	at(DUE)
	assert told(staff["author"], "Deadline soon: Do the detailing") == 0


@pytest.mark.requirement("R171")
def test_12_the_forms_button_closes_the_task(deal, staff, as_user):
	request = to_detailing(deal, as_user, staff)
	with as_user(staff["author"]):
		request.state = "Detailing Done"
		with pytest.raises(frappe.ValidationError):
			request.save()
	request.reload()
	with as_user(staff["administrator"]):
		request.state = "Detailing Done"
		request.save()
	assert frappe.db.get_value("ToDo", request.task, "status") == "Closed"
	assert stage_of(deal) == "Detailing Done"
	assert frappe.db.count("ToDo", {"reference_name": request.name, "dealer_kind": "photo"}) == 1


@pytest.mark.requirement("R172")
def test_13_the_photographer_gets_a_task(deal, staff, as_user):
	request = to_photos(deal, as_user, staff)
	task = frappe.get_doc("ToDo", request.photo_task)
	assert (task.allocated_to, task.dealer_kind) == (staff["photographer"], "photo")
	assert task.dealer_due_at == NOON + timedelta(hours=24)
	answer(request, "start_shoot", staff["photographer"], "confirm", as_user)
	assert (request.state, stage_of(deal)) == ("Photo Shoot", "Photo Shoot")


@pytest.mark.requirement("R53")
@pytest.mark.parametrize("pipeline", ["Buyout", "Commission"])
def test_14_after_the_photos_the_deal_passes_to_sales(staff, as_user, pipeline):
	deal = make_car_deal(staff, pipeline)
	request = to_photos(deal, as_user, staff)
	attach_photo(request, staff["photographer"], as_user, "1.png")
	assert request.reload().state == "Detailing Done"
	attach_photo(request, staff["photographer"], as_user, "2.png")
	request.reload()
	passed = frappe.get_doc("Auto Deal", deal)
	assert (request.state, request.new_responsible) == ("Passed to Sales", staff["seller"])
	assert (passed.pipeline, passed.stage, passed.responsible) == ("Used Cars", "Unsorted", staff["seller"])
	assert frappe.db.get_value("ToDo", request.photo_task, "status") == "Closed"
	assert told(staff["seller"], "The car is ready for sale") == 1
	log = frappe.get_all(
		"Deal Stage Log",
		{"deal": deal, "from_pipeline": pipeline, "pipeline": "Used Cars"},
		["from_stage", "to_stage", "reason"],
	)
	assert len(log) == 1
	assert request.name in log[0].reason
	photos = frappe.get_all("File", {"attached_to_doctype": "Auto Deal", "attached_to_name": deal})
	assert len(photos) == 2, "the sellers see the photos"


@pytest.mark.requirement("R53", "R172")
def test_14_the_photographer_uploads_them_all_at_one_time(api, committed, as_user):
	"""Over HTTP, with the rights of a photographer, who sees neither the deal nor a price."""
	import threading
	from concurrent.futures import ThreadPoolExecutor

	staff = make_preparation_staff(1, photos_needed=4)
	frappe.flags.dealer_now = NOON
	request = to_photos(make_car_deal(staff), as_user, staff)
	frappe.flags.dealer_now = None
	sessions = [api(staff["photographer"]) for _ in range(4)]
	gate = threading.Barrier(4)

	def upload(number: int) -> int:
		gate.wait()
		return (
			sessions[number]
			.post(
				"/api/method/upload_file",
				data={"doctype": "Detailing Request", "docname": request.name, "is_private": 1},
				files={"file": (f"{number}.png", PNG + bytes([number]), "image/png")},
			)
			.status_code
		)

	with ThreadPoolExecutor(4) as pool:
		assert list(pool.map(upload, range(4))) == [200] * 4
	frappe.db.rollback()
	frappe.flags.dealer_now = frappe.utils.now_datetime() + timedelta(seconds=15)
	drain.drain()
	request.reload()
	assert (request.state, request.new_responsible) == ("Passed to Sales", staff["seller"])
	assert frappe.db.get_value("Auto Deal", request.deal, "pipeline") == "Used Cars"
	assert sessions[0].get(f"/api/resource/Auto Deal/{request.deal}").status_code == 403


@pytest.mark.requirement("R53", "R172")
def test_14_closing_the_photo_task_passes_it_too_but_not_without_photos(deal, staff, as_user):
	request = to_photos(deal, as_user, staff)
	with pytest.raises(NoPhotos):
		close_task(request.photo_task, staff["photographer"], as_user)
	frappe.db.set_value("ToDo", request.photo_task, "status", "Open")
	attach_photo(request, staff["photographer"], as_user)
	close_task(request.photo_task, staff["photographer"], as_user)
	assert request.reload().state == "Passed to Sales"
	assert frappe.db.get_value("Auto Deal", deal, "pipeline") == "Used Cars"


@pytest.mark.requirement("R53")
def test_14_photos_at_the_deal_count_as_well(deal, staff, as_user):
	request = to_photos(deal, as_user, staff)
	attach_photo(request, staff["author"], as_user, "1.png", to_deal=True)
	attach_photo(request, staff["author"], as_user, "2.jpg", to_deal=True)
	assert request.reload().state == "Passed to Sales"


@pytest.mark.requirement("R53")
def test_14_a_stage_that_refuses_keeps_the_deal_and_says_why(deal, staff, as_user):
	pipeline = frappe.get_doc("Deal Pipeline", "Used Cars")
	pipeline.stages[0].required_fields = "expected_close"
	pipeline.save()
	request = to_photos(deal, as_user, staff)
	attach_photo(request, staff["photographer"], as_user, "1.png")
	attach_photo(request, staff["photographer"], as_user, "2.png")
	request.reload()
	assert request.state == "Detailing Done"
	assert "Expected" in request.deal_note
	assert frappe.db.get_value("Auto Deal", deal, "pipeline") == "Buyout"
	assert told(staff["author"], "The deal does not go on") == 1
	frappe.db.set_value("Auto Deal", deal, "expected_close", "2026-12-31")
	with as_user(staff["author"]):
		request.state = "Passed to Sales"
		request.save()
	assert frappe.db.get_value("Auto Deal", deal, "pipeline") == "Used Cars"


@pytest.mark.requirement("R53", "R174")
def test_14_without_a_seller_it_lies_unsorted(deal, staff, as_user):
	settings = frappe.get_doc("Preparation Settings")
	settings.people = [row for row in settings.people if row.duty != "Sales Responsible"]
	settings.sales_role = None
	settings.save()
	request = to_photos(deal, as_user, staff)
	attach_photo(request, staff["photographer"], as_user, "1.png")
	attach_photo(request, staff["photographer"], as_user, "2.png")
	passed = frappe.get_doc("Auto Deal", deal)
	assert request.reload().state == "Passed to Sales"
	assert (passed.responsible, passed.is_unsorted) == (None, 1)


@pytest.mark.requirement("R174")
def test_the_roles_stand_in_for_people_who_are_not_named(deal, staff, as_user):
	settings = frappe.get_doc("Preparation Settings")
	settings.people = []
	settings.save()
	request = begin(deal, as_user, staff)
	asked = {
		row.user for row in frappe.get_doc("Staff Notice", notice_of(request, "approve_price")).recipients
	}
	assert set(staff["leaders"]) <= asked


@pytest.mark.requirement("R174")
def test_settings_that_would_fail_later_are_refused(staff):
	settings = frappe.get_doc("Preparation Settings")
	settings.append("people", {"duty": "Photographer", "user": make_staff("prep-nobody", "Dealer Mechanic")})
	with pytest.raises(frappe.ValidationError, match="no right"):
		settings.save()
	settings.reload()
	settings.stages[0].photo_stage = "No Such Stage"
	with pytest.raises(frappe.ValidationError, match="No Such Stage"):
		settings.save()


@pytest.mark.requirement("R174")
def test_a_renamed_stage_is_found(deal, staff, as_user):
	request = to_detailing(deal, as_user, staff)
	pipeline = frappe.get_doc("Deal Pipeline", "Buyout")
	row = next(row for row in pipeline.stages if row.stage_name == "Detailing Done")
	row.stage_name = "Washed"
	pipeline.save()
	close_task(request.task, staff["administrator"], as_user)
	assert stage_of(deal) == "Washed"


def test_a_cancelled_one_takes_tasks_and_questions_back(deal, staff, as_user):
	request = to_detailing(deal, as_user, staff)
	with as_user(staff["author"]):
		request.state = "Cancelled"
		request.save()
	assert frappe.db.get_value("ToDo", request.task, "status") == "Cancelled"
	assert told(staff["administrator"], "Detailing is cancelled") == 1
	assert stage_of(deal) == "Detailing"


def test_a_lost_deal_cancels_what_is_under_way(deal, staff, as_user):
	request = to_detailing(deal, as_user, staff)
	with as_user(staff["author"]):
		move_deal(deal, "Lost", {"lost_reason": frappe.get_all("Lost Reason", pluck="name", limit=1)[0]})
	assert request.reload().state == "Cancelled"
	assert frappe.db.get_value("ToDo", request.task, "status") == "Cancelled"


@pytest.mark.requirement("R162")
def test_strangers_answer_nothing(deal, staff, as_user):
	request = begin(deal, as_user, staff)
	for user in (staff["author"], staff["seller"], staff["administrator"]):
		with as_user(user), pytest.raises(NotAsked):
			react(notice_of(request, "approve_price"), user, "approve")
