"""Notices with real parallel HTTP requests: one winner, the others are told who."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from factories import make_pipeline_deal, make_preparation_staff

import frappe

from auto_dealer.processes.start import start

REACT = "auto_dealer.notices.api.react"
OPEN = "auto_dealer.notices.api.open_notice"
PRIMARY = {"vehicle_title": "Toyota Camry", "address": "Москва"}


def together(*calls):
	"""Runs the calls at the same moment; gives their answers in order."""
	gate = threading.Barrier(len(calls))

	def run(call):
		gate.wait()
		return call()

	with ThreadPoolExecutor(len(calls)) as pool:
		return [future.result() for future in [pool.submit(run, call) for call in calls]]


def begin(leaders: int, kind: str, values: dict) -> tuple[dict, object, str]:
	staff = make_preparation_staff(leaders)
	deal = make_pipeline_deal("Buyout", responsible=staff["author"])
	doctype = f"{kind} Request"
	request = frappe.get_doc(doctype, start(kind, deal.name, values))
	notice = frappe.db.get_value("Staff Notice", {"reference_name": request.name, "kind": ("!=", "Info")})
	frappe.db.commit()
	return staff, request, notice


@pytest.mark.requirement("R152", "R251")
@pytest.mark.parametrize("leaders", [2, 10])
def test_one_of_many_leaders_takes_the_diagnostics(api, leaders):
	staff, request, notice = begin(leaders, "Diagnostics", PRIMARY)
	sessions = [api(user) for user in staff["leaders"]]
	answers = together(*(partial(session.call, REACT, notice=notice, answer="take") for session in sessions))
	assert sorted(answer.status_code for answer in answers) == [200] + [417] * (leaders - 1)
	winner = staff["leaders"][[answer.status_code for answer in answers].index(200)]
	frappe.db.rollback()
	request.reload()
	assert (request.leader, request.state) == (winner, "Choosing the Visitor")
	assert frappe.db.get_value("Staff Notice", notice, ["owner_user", "status"]) == (winner, "Taken")
	for answer in answers:
		if answer.status_code != 200:
			assert answer.json()["exc_type"] == "AlreadyTaken"
			assert answer.json()["taken_by"] == winner
	taken = {"reference_name": request.name, "subject": ("like", "Choose who goes%")}
	assert frappe.db.count("Staff Notice", taken) == 1, "the step was taken once"


@pytest.mark.requirement("R162", "R251")
def test_one_of_ten_leaders_who_open_the_price_is_responsible(api):
	values = {"works": [{"work": "Полировка"}], "price": 900_000, "vehicle_title": "Camry"}
	staff, request, notice = begin(10, "Detailing", values)
	assert request.state == "Price Approval"
	sessions = [api(user) for user in staff["leaders"]]
	answers = together(*(partial(session.call, OPEN, notice=notice) for session in sessions))
	assert {answer.status_code for answer in answers} == {200}
	owners = {answer.json()["message"]["owner"] for answer in answers}
	assert len(owners) == 1
	frappe.db.rollback()
	assert request.reload().price_leader == owners.pop()
	may_press = [bool(answer.json()["message"]["buttons"]) for answer in answers]
	assert sum(may_press) == 1


@pytest.mark.requirement("R163", "R164")
def test_agreed_and_returned_at_one_time(api):
	values = {"works": [{"work": "Полировка"}], "price": 900_000, "vehicle_title": "Camry"}
	staff, request, notice = begin(2, "Detailing", values)
	first, second = (api(user) for user in staff["leaders"])
	answers = together(
		partial(first.call, REACT, notice=notice, answer="approve"),
		partial(second.call, REACT, notice=notice, answer="return", comment="Дорого"),
	)
	assert sorted(answer.status_code for answer in answers) == [200, 417]
	frappe.db.rollback()
	request.reload()
	expected = "Hand Over to Detailing" if answers[0].status_code == 200 else "Correction"
	assert request.state == expected
	assert request.conversation[0].what == "Sent"
	assert len(request.conversation) == 2


@pytest.mark.requirement("R150", "R159")
def test_two_who_start_at_one_time_get_one_process(api):
	staff = make_preparation_staff(1)
	deal = make_pipeline_deal("Buyout", responsible=staff["author"]).name
	sessions = [api(staff["author"]) for _ in range(4)]
	arguments = {"kind": "Diagnostics", "deal": deal, "values": PRIMARY}
	answers = together(
		*(partial(session.call, "auto_dealer.processes.api.start", **arguments) for session in sessions)
	)
	assert sorted(answer.status_code for answer in answers) == [200, 417, 417, 417]
	frappe.db.rollback()
	assert frappe.db.count("Diagnostics Request", {"deal": deal}) == 1
