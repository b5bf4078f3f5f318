"""What collides for real: moves, renames, saves and deletions of pipelines in parallel, over HTTP and connections."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from factories import make_pipeline, make_pipeline_deal

import frappe

PIPELINE = "Race Pipeline"
API = "auto_dealer.pipelines.api"


@pytest.fixture
def pipeline(committed):
	pipeline = make_pipeline(PIPELINE)
	frappe.db.commit()
	return pipeline


def path(doctype: str, name: str) -> str:
	return f"/api/resource/{doctype}/{name}"


def together(*calls):
	"""Runs the calls at the same moment; gives their answers in order."""
	gate = threading.Barrier(len(calls))

	def run(call):
		gate.wait()
		return call()

	with ThreadPoolExecutor(len(calls)) as pool:
		return [future.result() for future in [pool.submit(run, call) for call in calls]]


def rename_stage(session, old: str, new: str):
	"""As a form does it: read, change one row, save; again when somebody else has saved meanwhile."""
	for _attempt in range(10):
		rows = session.get(path("Deal Pipeline", PIPELINE)).json()["data"]["stages"]
		for row in rows:
			row["stage_name"] = new if row["stage_name"] == old else row["stage_name"]
		answer = session.put(path("Deal Pipeline", PIPELINE), json={"stages": rows})
		if answer.status_code == 200:
			break
	return answer


def stages_of_deals() -> set[str]:
	frappe.db.rollback()
	return set(frappe.get_all("Auto Deal", {"pipeline": PIPELINE}, pluck="stage"))


def assert_no_orphans() -> None:
	"""Every deal stands in a stage of its pipeline, and its log ends there."""
	frappe.db.rollback()
	known = {stage.stage_name for stage in frappe.get_doc("Deal Pipeline", PIPELINE).stages}
	assert stages_of_deals() <= known
	for deal in frappe.get_all("Auto Deal", {"pipeline": PIPELINE}, ["name", "stage"]):
		log = frappe.get_all(
			"Deal Stage Log", {"deal": deal.name}, pluck="to_stage", order_by="changed_at desc", limit=1
		)
		assert log == [deal.stage]


def test_two_parallel_moves_are_one_after_the_other(api, pipeline):
	for _round in range(5):
		deal = make_pipeline_deal(PIPELINE)
		sessions = [api("Administrator"), api("Administrator")]
		name = deal.name
		answers = together(
			*(
				partial(session.call, f"{API}.move", deal=name, to_stage=target, from_stage="New")
				for session, target in zip(sessions, ("Drive", "Contract"), strict=True)
			)
		)
		codes = sorted(answer.status_code for answer in answers)
		assert codes == [200, 417], [answer.text[-2500:] for answer in answers]
		refused = next(answer.json() for answer in answers if answer.status_code == 417)
		assert refused["exc_type"] == "MovedMeanwhile"
		frappe.db.rollback()
		assert frappe.db.count("Deal Stage Log", {"deal": deal.name}) == 2
	assert_no_orphans()


@pytest.mark.requirement("R21")
def test_a_stage_is_renamed_while_deals_are_moved(api, pipeline):
	"""Forty moves through the stage that is renamed back and forth: no 500, no deal in a stage that is not there."""
	deals = [make_pipeline_deal(PIPELINE).name for _number in range(8)]
	movers = [api("Administrator") for _number in range(4)]
	admin = api("Administrator")
	refused = []

	def move(session, names):
		for name in names:
			for target in ("Drive", "Contract", "Drive", "New", "Drive"):
				body = {"stage": target, "stage_change_reason": "race"}
				answer = session.put(path("Auto Deal", name), json=body)
				if answer.status_code != 200:
					refused.append((target, answer.status_code, answer.text[:600]))

	def rename():
		return [
			rename_stage(admin, old, new).status_code
			for old, new in [("Drive", "Ride"), ("Ride", "Test"), ("Test", "Drive"), ("Drive", "Ride")]
		]

	answers = together(rename, *(lambda s=s, n=deals[i::4]: move(s, n) for i, s in enumerate(movers)))
	assert answers[0] == [200, 200, 200, 200]
	assert refused == []
	assert_no_orphans()
	assert stages_of_deals() == {"Ride"}


def test_new_deals_arrive_while_their_stage_is_renamed(api, pipeline):
	sessions = [api("Administrator") for _number in range(3)]
	admin = api("Administrator")
	numbers = iter(range(100))

	def create(session):
		codes = []
		for _number in range(6):
			phone = f"+7916777{next(numbers):04d}"
			body = {"pipeline": PIPELINE, "client_name": "Гонка", "phone": phone}
			codes.append(session.post("/api/resource/Auto Deal", json=body).status_code)
		return codes

	def rename():
		return [
			rename_stage(admin, old, new).status_code for old, new in [("New", "Fresh"), ("Fresh", "First")]
		]

	answers = together(rename, *(lambda s=session: create(s) for session in sessions))
	assert answers[0] == [200, 200]
	assert [code for codes in answers[1:] for code in codes] == [200] * 18
	assert stages_of_deals() == {"First"}
	assert_no_orphans()


def test_parallel_saves_of_pipelines_lose_nothing(api, committed):
	names = [f"Parallel {letter}" for letter in "ABCD"]
	for name in names:
		make_pipeline(name)
	sessions = [api("Administrator") for _name in names]

	def add_stage(session, name):
		rows = session.get(path("Deal Pipeline", name)).json()["data"]["stages"]
		rows.insert(1, {"stage_name": f"Only in {name}", "kind": "Open"})
		return session.put(path("Deal Pipeline", name), json={"stages": rows})

	answers = together(*(lambda s=s, n=n: add_stage(s, n) for s, n in zip(sessions, names, strict=True)))
	assert [answer.status_code for answer in answers] == [200] * 4, [
		answer.text[-2500:] for answer in answers
	]
	frappe.db.rollback()
	frappe.clear_cache()
	states = {state.state for state in frappe.get_doc("Workflow", "Auto Deal").states}
	options = set(frappe.get_meta("Auto Deal").get_field("stage").options.split("\n"))
	edges = {(t.state, t.next_state) for t in frappe.get_doc("Workflow", "Auto Deal").transitions}
	for name in names:
		stage = f"Only in {name}"
		assert stage in states
		assert stage in options
		assert ("New", stage) in edges
		assert stage in [column.column_name for column in frappe.get_doc("Kanban Board", name).columns]


def test_two_admins_save_one_pipeline(api, pipeline):
	"""The second is told that the pipeline has changed; nothing of the first is overwritten."""
	first, second = api("Administrator"), api("Administrator")
	seen = second.get(path("Deal Pipeline", PIPELINE)).json()["data"]
	assert rename_stage(first, "Drive", "Ride").status_code == 200
	seen["stages"][0]["next_step"] = "stale"
	answer = second.call("frappe.client.save", doc=seen)
	assert (answer.status_code, answer.json()["exc_type"]) == (417, "TimestampMismatchError")


@pytest.mark.requirement("R20")
def test_a_pipeline_is_deleted_while_deals_arrive(api, pipeline):
	"""Either the deals are there and the pipeline too, or neither: never a deal without its pipeline."""
	admin, seller = api("Administrator"), api("Administrator")
	body = {"pipeline": PIPELINE, "client_name": "Гонка", "phone": "+79161230011"}
	deleted, created = together(
		lambda: admin.delete(path("Deal Pipeline", PIPELINE)),
		lambda: seller.post("/api/resource/Auto Deal", json=body),
	)
	assert created.status_code < 500, created.text[:600]
	assert deleted.status_code < 500, deleted.text[:600]
	frappe.db.rollback()
	there = bool(frappe.db.exists("Deal Pipeline", PIPELINE))
	assert there == (created.status_code == 200)
	assert there == (deleted.status_code != 202)
	assert frappe.db.count("Auto Deal", {"pipeline": PIPELINE}) == int(there)


def test_a_rename_waits_for_a_move_under_way_and_the_move_comes_first(api, pipeline):
	"""Deterministic: a move holds its deal and the pipeline; the rename must let it end, not deadlock with it."""
	deal = make_pipeline_deal(PIPELINE)
	admin = api("Administrator")
	frappe.db.commit()
	moving = frappe.get_doc("Auto Deal", deal.name, for_update=True)
	with ThreadPoolExecutor(1) as pool:
		rename = pool.submit(rename_stage, admin, "New", "Fresh")
		time.sleep(1.5)
		assert not rename.done()
		# The guard asks for the pipeline only now, while the rename is trying.
		moving.stage = "Drive"
		moving.save()
		frappe.db.commit()
		assert rename.result(30).status_code == 200
	frappe.db.rollback()
	assert frappe.db.get_value("Auto Deal", deal.name, "stage") == "Drive"
	logs = frappe.get_all(
		"Deal Stage Log", {"deal": deal.name}, ["from_stage", "to_stage"], order_by="changed_at"
	)
	assert [(log.from_stage, log.to_stage) for log in logs] == [(None, "Fresh"), ("Fresh", "Drive")]
