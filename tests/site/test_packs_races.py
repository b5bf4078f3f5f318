"""Packs over HTTP: two admins at one moment, an admin beside a manager who moves deals."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from factories import make_pipeline, make_pipeline_deal, make_robot, make_staff

import frappe

from auto_dealer.packs.export_pack import export_pack
from auto_dealer.packs.rules.pack_format import write

PIPELINE = "Race Pipeline"
API = "auto_dealer.packs.api"
COLORS = ("Red", "Green", "Purple", "Pink")


@pytest.fixture
def pipeline(committed):
	pipeline = make_pipeline(PIPELINE)
	make_robot(pipeline=PIPELINE, title="old", stage="Drive")
	frappe.db.commit()
	return pipeline


def together(*calls):
	gate = Barrier(len(calls))

	def run(call):
		gate.wait()
		return call()

	with ThreadPoolExecutor(len(calls)) as pool:
		return [future.result() for future in [pool.submit(run, call) for call in calls]]


def variant(color: str) -> str:
	pack = export_pack(PIPELINE)
	pack["title"] = color
	pack["stages"][1]["color"] = color
	pack["robots"] = [{"key": "r", "title": color, "stage": "Drive", "subject": color, "is_enabled": 1}]
	return write(pack)


def test_two_admins_apply_at_once_and_one_of_them_is_told(api, pipeline):
	admin = make_staff("portal", "Dealer Portal Administrator")
	sessions = [api(admin), api("Administrator"), api(admin), api("Administrator")]
	files = [variant(color) for color in COLORS]
	before = export_pack(PIPELINE)
	token = sessions[0].call(f"{API}.preview_pack", content=files[0]).json()["message"]["token"]
	answers = together(
		*(
			partial(session.call, f"{API}.apply_pack", content=content, token=token)
			for session, content in zip(sessions, files, strict=True)
		)
	)
	assert sorted(answer.status_code for answer in answers) == [200, 417, 417, 417]
	assert {a.json().get("exc_type") for a in answers if a.status_code != 200} == {"PackIsStale"}
	winner = next(color for color, answer in zip(COLORS, answers, strict=True) if answer.status_code == 200)
	frappe.db.rollback()
	now = export_pack(PIPELINE)
	assert now["stages"][1]["color"] == winner
	assert [robot["title"] for robot in now["robots"]] == [winner]
	(log,) = frappe.get_all("Pipeline Pack", {"pipeline": PIPELINE}, ["name", "title"])
	assert log.title == winner
	answers = together(*(partial(session.call, f"{API}.roll_back", pack=log.name) for session in sessions))
	assert sorted(answer.status_code for answer in answers) == [200, 417, 417, 417]
	frappe.db.rollback()
	assert export_pack(PIPELINE) == before


def test_deals_moved_while_a_pack_takes_their_stage_away_are_all_there(api, pipeline):
	"""Managers move deals into the stage that goes: afterwards none stands in it, and none is lost."""
	deals = [make_pipeline_deal(PIPELINE, responsible="Administrator").name for _number in range(12)]
	pack = export_pack(PIPELINE)
	pack["stages"] = [stage for stage in pack["stages"] if stage["stage_name"] != "Payment"]
	content = write(pack)
	admin, managers = api(), [api() for _number in range(3)]
	token = admin.call(f"{API}.preview_pack", content=content).json()["message"]["token"]

	def move(session, names):
		return [
			session.call("auto_dealer.pipelines.api.move", deal=name, to_stage="Payment").status_code
			for name in names
		]

	def apply():
		return admin.call(
			f"{API}.apply_pack", content=content, token=token, targets={"Payment": "Contract"}
		).status_code

	applied, *moved = together(
		apply, *(partial(move, session, deals[number::3]) for number, session in enumerate(managers))
	)
	assert applied == 200
	assert {status for statuses in moved for status in statuses} <= {200, 417}
	frappe.db.rollback()
	stages = frappe.get_all("Auto Deal", {"pipeline": PIPELINE}, pluck="stage")
	assert len(stages) == 12
	assert set(stages) <= {"New", "Contract"}


def test_a_file_is_downloaded_and_applied_over_http(api, pipeline):
	admin = api(make_staff("portal", "Dealer Portal Administrator"))
	got = admin.get(f"/api/method/{API}.get_pack", params={"pipeline": PIPELINE}).json()["message"]
	assert got["filename"] == "race_pipeline.pipeline.json"
	answer = admin.call(f"{API}.apply_pack", content=got["content"], token="anything")
	assert answer.status_code == 417
	manager = api(make_staff("anna", "Dealer Sales Manager"))
	for method, arguments in (
		("apply_pack", {"content": got["content"], "token": "x"}),
		("preview_pack", {"content": got["content"]}),
		("roll_back", {"pack": "x"}),
		("get_pack", {"pipeline": PIPELINE}),
	):
		assert manager.call(f"{API}.{method}", **arguments).status_code == 403
	assert admin.get(f"/api/method/{API}.apply_pack", params={"token": "x"}).status_code == 403


def test_what_the_desk_sends_as_a_form_is_read(api, pipeline):
	"""The desk posts forms: the choices for deals come as JSON, a refusal to lose edits as the word false."""
	deal = make_pipeline_deal(PIPELINE, stage="Payment", responsible="Administrator").name
	pack = export_pack(PIPELINE)
	pack["stages"] = [stage for stage in pack["stages"] if stage["stage_name"] != "Payment"]
	admin = api()

	def post(method, **form):
		return admin.post(f"/api/method/{API}.{method}", data=form)

	token = post("preview_pack", content=write(pack)).json()["message"]["token"]
	answer = post("apply_pack", content=write(pack), token=token, targets='{"Payment": "Contract"}')
	assert answer.status_code == 200, answer.text
	frappe.db.rollback()
	assert frappe.db.get_value("Auto Deal", deal, "stage") == "Contract"
	make_robot(pipeline=PIPELINE, title="later", stage="Drive")
	frappe.db.commit()
	form = {"pack": answer.json()["message"], "targets": "{}"}
	refused = post("roll_back", **form, lose_later_edits="false")
	assert (refused.status_code, refused.json()["exc_type"]) == (417, "LaterEdits")
	assert post("roll_back", **form, lose_later_edits="true").status_code == 200
	frappe.db.rollback()
	assert frappe.db.get_value("Auto Deal", deal, "stage") == "Payment"
