"""Mechanics: their own jobs, time counted once, nothing about prices."""

from __future__ import annotations

import base64
import io
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from factories import make_agreed_order, make_staff
from PIL import Image

import frappe

from auto_dealer.orders import mechanic_api

NOW = 1_800_000_000_000.0
MINUTE = 60_000


@pytest.fixture
def mechanic() -> str:
	return make_staff("mechanic-ivan", "Dealer Mechanic")


def job_of(mechanic: str, **values):
	labour = [{"description": "Замена колодок", "hours": 2, "rate": 1500, "mechanic": mechanic}]
	order = make_agreed_order(**{"labour": labour, **values})
	return order, order.labour[0].name


def event(kind: str, order, row: str, ago: float, key: str | None = None, **values) -> dict:
	key = key or frappe.generate_hash(length=16)
	return {"key": key, "kind": kind, "order": order.name, "row": row, "at": NOW - ago * MINUTE, **values}


def send(*events: dict) -> list[str]:
	answer = mechanic_api.sync([*events], NOW)
	frappe.local.mechanic_answer = answer
	return [result["status"] for result in answer["results"]]


def times_of(order) -> list:
	return frappe.get_all(
		"Mechanic Time",
		{"work_order": order.name},
		["minutes", "ended_by", "is_corrected"],
		order_by="started_at",
	)


@pytest.mark.requirement("R113", "R212")
def test_a_mechanic_sees_own_jobs_without_prices(mechanic, as_user):
	order, row = job_of(mechanic, notes="секрет", discount_percent=5, discount_reason="скидка")
	job_of("Administrator")
	with as_user(mechanic):
		jobs = mechanic_api.get_my_jobs()["jobs"]
	assert [(job["order"], job["row"]) for job in jobs] == [(order.name, row)]
	sent = json.dumps(jobs, default=str)
	for secret in ("1500", "2850", "rate", "amount", "секрет", order.phone, "contact"):
		assert secret not in sent, secret


@pytest.mark.requirement("R113")
def test_a_mechanic_has_no_way_to_orders(api, mechanic):
	order, _row = job_of(mechanic)
	session = api(mechanic)
	for path in ("", f"/{order.name}"):
		assert session.get(f"/api/resource/Service Work Order{path}").status_code == 403
	for doctype in ("Work Order Labour", "Work Order Part"):
		answer = session.get(f"/api/resource/{doctype}", params={"parent": "Service Work Order"})
		assert answer.status_code == 403
	assert session.call("auto_dealer.orders.api.move", order=order.name, stage="In Work").status_code == 403
	assert session.get("/api/method/auto_dealer.orders.mechanic_api.get_my_jobs").status_code == 200


def test_others_have_no_mechanics_page(as_user):
	manager = make_staff("orders-manager", "Dealer Sales Manager")
	with as_user(manager), pytest.raises(frappe.PermissionError):
		mechanic_api.get_my_jobs()
	with as_user(manager), pytest.raises(frappe.PermissionError):
		mechanic_api.sync([], NOW)


@pytest.mark.requirement("R212")
def test_work_that_was_noted_without_a_connection_is_counted_once(mechanic, as_user):
	order, row = job_of(mechanic)
	events = [
		event("start", order, row, 90),
		event("pause", order, row, 60),
		event("start", order, row, 30),
		event("finish", order, row, 10),
	]
	with as_user(mechanic):
		assert send(*events) == ["done"] * 4
		assert send(*events) == ["duplicate"] * 4
		assert send(*events[2:]) == ["duplicate"] * 2
	# Each event is made a little later than the one before it; a second is 0.02 minutes.
	assert [(round(time.minutes), time.ended_by) for time in times_of(order)] == [
		(30, "Pause"),
		(20, "Finish"),
	]
	order.reload()
	assert (order.labour[0].state, round(order.labour[0].actual_minutes)) == ("Done", 50)
	assert order.stage == "Quality Check"


def test_one_job_at_a_time(mechanic, as_user):
	first, first_row = job_of(mechanic)
	second, second_row = job_of(mechanic)
	with as_user(mechanic):
		send(event("start", first, first_row, 60), event("start", second, second_row, 20))
	assert [(round(time.minutes), time.ended_by) for time in times_of(first)] == [(40, "Next Job")]
	assert first.reload().labour[0].state == "Paused"
	assert second.reload().labour[0].state == "In Work"
	running = frappe.get_all("Mechanic Time", {"running_guard": mechanic}, pluck="work_order")
	assert running == [second.name]


@pytest.mark.parametrize(("ago", "minutes"), [(60 * 24 * 10, 60 * 24), (-500, 0)])
def test_a_devices_time_is_believed_within_limits(mechanic, as_user, ago, minutes):
	order, row = job_of(mechanic)
	with as_user(mechanic):
		send(event("start", order, row, ago), event("finish", order, row, 0))
	noted = times_of(order)[0]
	assert round(noted.minutes) == minutes
	assert noted.is_corrected


def test_times_of_one_person_never_overlap(mechanic, as_user):
	order, row = job_of(mechanic)
	with as_user(mechanic):
		send(event("start", order, row, 60), event("pause", order, row, 10))
		send(event("start", order, row, 50), event("pause", order, row, 5))
	assert [round(time.minutes) for time in times_of(order)] == [50, 5]


def test_foreign_and_unapproved_jobs_are_refused(mechanic, as_user):
	order, row = job_of("Administrator")
	with as_user(mechanic):
		assert send(event("start", order, row, 5), event("part", order, row, 5, text="x")) == ["refused"] * 2
		assert send({"key": "short", "kind": "start"}, event("fly", order, row, 1)) == ["refused"] * 2
	assert times_of(order) == []


@pytest.mark.requirement("R212")
def test_a_mechanic_asks_for_a_part_and_adds_a_photo_once(mechanic, as_user):
	order, row = job_of(mechanic)
	picture = io.BytesIO()
	Image.new("RGB", (60, 40), "red").save(picture, "PNG")
	content = "data:image/png;base64," + base64.b64encode(picture.getvalue()).decode()
	events = [
		event("part", order, row, 5, text="Болт М8", qty=2),
		event("photo", order, row, 4, content=content, caption="Трещина"),
		event("photo", order, row, 3, content="data:image/png;base64,aGVsbG8="),
	]
	with as_user(mechanic):
		assert send(*events) == ["done", "done", "refused"]
		assert send(*events) == ["duplicate", "duplicate", "refused"]
	order.reload()
	assert [(r.requested_text, r.qty, r.requested_by) for r in order.part_requests] == [
		("Болт М8", 2, mechanic)
	]
	photo = order.photos[0]
	assert (photo.caption, photo.is_shown, photo.taken_by) == ("Трещина", 0, mechanic)
	file = frappe.get_doc("File", {"file_url": photo.photo})
	assert file.is_private
	assert file.get_content()[:3] == b"\xff\xd8\xff"


def test_the_advisors_open_form_stays_valid_while_time_runs(mechanic, as_user):
	order, row = job_of(mechanic)
	with as_user(mechanic):
		send(event("start", order, row, 30))
	form = frappe.get_doc("Service Work Order", order.name)
	with as_user(mechanic):
		send(event("pause", order, row, 10))
	form.notes = "ок"
	form.save()
	assert (form.labour[0].state, form.labour[0].actual_minutes) == ("Paused", 20)


@pytest.mark.requirement("R212")
def test_devices_in_parallel_count_no_time_twice(api, mechanic):
	first, first_row = job_of(mechanic)
	second, second_row = job_of(mechanic)
	sessions = [api(mechanic) for _ in range(4)]
	sent = time.time() * 1000
	jobs = [(first, first_row), (second, second_row)] * 2
	starts = [
		{
			"key": f"parallel-{index % 2}-start",
			"kind": "start",
			"order": order.name,
			"row": row,
			"at": sent - 5 * MINUTE,
		}
		for index, (order, row) in enumerate(jobs)
	]

	def post(pair):
		session, start = pair
		return session.call("auto_dealer.orders.mechanic_api.sync", events=[start], sent=sent)

	with ThreadPoolExecutor(4) as pool:
		answers = list(pool.map(post, zip(sessions, starts, strict=True)))
	assert [answer.status_code for answer in answers] == [200] * 4, [a.text[-300:] for a in answers]
	frappe.db.rollback()
	assert frappe.db.count("Mechanic Time", {"running_guard": mechanic}) == 1
	assert frappe.db.count("Mechanic Time", {"mechanic": mechanic}) <= 2
	assert len(
		set(frappe.get_all("Mechanic Time", {"mechanic": mechanic}, pluck="start_key"))
	) == frappe.db.count("Mechanic Time", {"mechanic": mechanic})
