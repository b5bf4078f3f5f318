"""Nobody is booked twice: many clients at one moment over real HTTP, every way in at once, processes killed half-way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from factories import (
	make_service_booking,
	make_service_offering,
	make_service_resource,
	next_monday,
)
from site_fixtures import BENCH, SITE
from test_booking_rules import assert_whole

import frappe
from frappe.utils import get_datetime

from auto_dealer.booking.links import token_for

API = "auto_dealer.booking.api"
MOVE_BY_LINK = "auto_dealer.portal.booking_api.move_visit"
REST = "/api/resource/Service Booking"


@pytest.fixture
def garage(committed) -> str:
	"""One mechanic and one lift; the service takes both for an hour."""
	for table in ("Service Booking", "Booking Hold", "Booking Day"):
		assert not frappe.db.count(table), f"{table} is not empty: the counts below would be wrong"
	# What a site has of its own would serve as well.
	frappe.db.sql("update `tabService Resource` set is_active = 0")
	make_service_resource("Anna", ["Maintenance"])
	make_service_resource("Lift", resource_kind="Lift")
	name = make_service_offering(
		"TO-1", [("Mechanic", "Maintenance"), "Lift"], is_bookable_online=1, is_active=1
	).name
	frappe.db.commit()
	return name


def together(calls: list):
	"""Runs the calls at the same moment; gives their answers in order."""
	gate = threading.Barrier(len(calls))

	def run(call):
		gate.wait()
		return call()

	with ThreadPoolExecutor(len(calls)) as pool:
		return [future.result() for future in [pool.submit(run, call) for call in calls]]


def values(number: int, start, service: str, **more) -> dict:
	return {
		"start": str(start),
		"offerings": [{"offering": service}],
		"client_name": f"Client {number}",
		"phone": f"+7916555{number:04d}",
		**more,
	}


def assert_refused(answer) -> None:
	"""A clear refusal: the reason, three later free times; 417 to staff, 409 to the client's page."""
	assert answer.status_code in (409, 417), answer.text[:500]
	body = answer.json()
	if answer.status_code == 409:
		body = body["message"]
		assert body["error"] == "taken"
	else:
		assert body["exc_type"] == "SlotTaken"
	slots = [get_datetime(slot["start"]) for slot in body["next_slots"]]
	assert len(set(slots)) == 3
	assert slots == sorted(slots)


@pytest.mark.requirement("R204")
def test_fifty_clients_race_for_the_last_time(api, garage: str):
	session = api("Administrator")
	start = next_monday(17)  # the last hour of the shift
	answers = together(
		[partial(session.call, f"{API}.book", values=values(number, start, garage)) for number in range(50)]
	)
	codes = Counter(answer.status_code for answer in answers)
	assert codes == {200: 1, 417: 49}
	for answer in answers:
		if answer.status_code == 417:
			assert_refused(answer)
			assert all(get_datetime(s["start"]) != start for s in answer.json()["next_slots"])
	frappe.db.rollback()
	assert frappe.db.count("Service Booking") == 1
	assert frappe.db.count("Booking Hold") == 8
	assert_whole()


@pytest.mark.requirement("R204")
def test_every_way_in_at_once(api, http, garage: str):
	"""Staff's function, desk's REST, client's link, calendar drag and REST change race for one hour, ten times."""
	moving = [
		make_service_booking(garage, start=next_monday(9 + slot, weeks=2), phone=f"+7916444000{slot}")
		for slot in (0, 1, 2, 5, 6)
	]
	tokens = [token_for(booking) for booking in moving]
	session, guest = api("Administrator"), http()
	for round_number in range(10):
		hour = (9, 10, 11, 12, 14, 15, 16, 17)[round_number % 8]
		start = next_monday(hour, weeks=3 + round_number // 8)
		number = round_number * 10
		calls = [
			partial(session.call, f"{API}.book", values=values(number, start, garage)),
			partial(session.call, f"{API}.book", values=values(number + 1, start, garage)),
			partial(session.post, REST, json=values(number + 2, start, garage)),
			partial(session.post, REST, json=values(number + 3, start, garage)),
			partial(guest.call, MOVE_BY_LINK, token=tokens[0], start=str(start)),
			partial(guest.call, MOVE_BY_LINK, token=tokens[1], start=str(start)),
			partial(
				session.call, f"{API}.move", booking=moving[2].name, start=str(start), to_resource="Anna"
			),
			partial(
				session.call, f"{API}.move", booking=moving[3].name, start=str(start), to_resource="Lift"
			),
			partial(session.put, f"{REST}/{moving[4].name}", json={"start": str(start)}),
		]
		answers = together(calls)
		refused = [answer for answer in answers if answer.status_code != 200]
		assert len(refused) == len(calls) - 1
		for answer in refused:
			assert_refused(answer)
		frappe.db.rollback()
		assert_whole()


@pytest.mark.requirement("R204")
def test_exactly_so_many_as_there_are_seats(api, garage: str):
	"""Five places, twenty clients: five are booked, each time."""
	make_service_resource("Tyre Post", resource_kind="Bay", capacity=5)
	tyres = make_service_offering("Tyres", ["Bay"]).name
	session = api("Administrator")
	for round_number, hour in enumerate((9, 10, 11, 12, 14)):
		answers = together(
			[
				partial(
					session.call,
					f"{API}.book",
					values=values(100 * round_number + number, next_monday(hour), tyres),
				)
				for number in range(20)
			]
		)
		assert Counter(answer.status_code for answer in answers) == {200: 5, 417: 15}
	frappe.db.rollback()
	assert_whole()


def test_one_click_sent_ten_times_books_once(api, garage: str):
	session = api("Administrator")
	call = partial(
		session.call, f"{API}.book", values=values(1, next_monday(), garage, request_key="one-click")
	)
	answers = together([call] * 10)
	assert {answer.status_code for answer in answers} == {200}
	assert len({answer.json()["message"]["name"] for answer in answers}) == 1
	frappe.db.rollback()
	assert frappe.db.count("Service Booking") == 1


# -- killed half-way -------------------------------------------------------------------------------

OPEN = """
import os, random, sys, time
import frappe
from frappe.utils import add_to_date, get_datetime
frappe.init(site={site!r}, sites_path={sites!r})
frappe.connect()
frappe.flags.mute_emails = True
"""
HALF_WAY = (
	OPEN
	+ """
from auto_dealer.booking import days
from auto_dealer.booking.book import book
def stop(maps):
	print("half-way", frappe.db.sql("select connection_id()")[0][0], flush=True)
	time.sleep(60)
days.write = stop  # holds are written, the map is not, nothing is committed
book({values!r})
"""
)


def start(code: str, **more) -> subprocess.Popen:
	"""Another process with a connection of its own."""
	return subprocess.Popen(
		[sys.executable, "-c", code.format(site=SITE, sites=f"{BENCH}/sites", **more)],
		cwd=f"{BENCH}/sites",
		env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
		stdout=subprocess.PIPE,
		text=True,
	)


@pytest.mark.requirement("R204")
@pytest.mark.parametrize("way", ["process", "connection"])
def test_what_dies_half_way_leaves_nothing_taken(api, garage: str, way: str):
	session = api("Administrator")
	victim = start(HALF_WAY, values=values(1, next_monday(), garage))
	word, connection = victim.stdout.readline().split()
	assert word == "half-way"
	with ThreadPoolExecutor(1) as pool:
		waiting = pool.submit(session.call, f"{API}.book", values=values(2, next_monday(), garage))
		time.sleep(1)
		assert not waiting.done(), "the second client waits for the lock of the first"
		if way == "process":
			victim.send_signal(signal.SIGKILL)
		else:
			frappe.db.sql("kill %s", int(connection))
		answer = waiting.result(timeout=30)
	victim.kill()
	victim.wait()
	assert answer.status_code == 200
	frappe.db.rollback()
	assert frappe.get_all("Service Booking", pluck="client_name") == ["Client 2"]
	assert frappe.db.count("Booking Hold") == 8
	assert_whole()


# -- the storm -------------------------------------------------------------------------------------

STORM = (
	OPEN
	+ """
from auto_dealer.booking.book import book
from auto_dealer.booking.change_status import change_status
from auto_dealer.booking.errors import BookingClosed, SlotTaken, StatusRefused
from auto_dealer.booking.reschedule import replace_resource, reschedule
from auto_dealer.sales.retry import retry_on_deadlock
from collections import Counter
chance = random.Random({seed})
monday, services, contacts, operations = get_datetime({monday!r}), {services!r}, {contacts!r}, {operations}
mechanics = {mechanics!r}
def moment():
	return add_to_date(monday, days=chance.randrange(6), minutes=15 * chance.randrange(0, 34))
def some():
	rows = frappe.db.sql("select name from `tabService Booking` order by name desc limit 60")
	return chance.choice(rows)[0] if rows else None
def one():
	name, kind = some(), chance.random()
	if kind < 0.45 or not name:
		values = dict(start=moment(), offerings=chance.sample(services, chance.choice((1, 1, 2))), contact=chance.choice(contacts))
		book(values)
		return "booked"
	if kind < 0.65:
		reschedule(name, moment())
		return "moved"
	if kind < 0.75:
		taken = frappe.db.sql(
			"select r.resource, b.start from `tabService Booking Resource` r join `tabService Booking` b"
			" on b.name = r.parent where b.status = 'Confirmed' and r.resource in %s limit 50", (mechanics,))
		resource, when = chance.choice(taken) if taken else (None, moment())
		name = frappe.db.get_value("Service Booking Resource", dict(resource=resource), "parent") or name
		replace_resource(name, chance.choice((when, moment())), resource, chance.choice(mechanics))
		return "dragged"
	if kind < 0.78:
		raise KeyError("the process changes its mind")
	change_status(name, chance.choice(["Cancelled", "Cancelled", "No-show", "Arrived", "Confirmed"]))
	return "status"
counts = Counter()
for number in range(operations):
	try:
		counts[retry_on_deadlock(one)] += 1
		if chance.random() < 0.05:
			frappe.db.rollback()
		frappe.db.commit()
	except (SlotTaken, BookingClosed, StatusRefused, KeyError, frappe.ValidationError) as error:
		frappe.db.rollback()
		counts[type(error).__name__] += 1
	frappe.clear_messages()
	frappe.response.clear()
print(dict(counts))
"""
)


@pytest.mark.requirement("R204")
def test_the_invariant_holds_after_a_storm_of_2000_operations(garage: str):
	mechanics = [
		"Anna",
		*(make_service_resource(name, ["Maintenance", "Body"]).name for name in ("Boris", "Vera")),
	]
	make_service_resource("Lift 2", resource_kind="Lift", capacity=2)
	services = [
		garage,
		make_service_offering("Body", [("Mechanic", "Body", 2)], duration_minutes=90, buffer_minutes=15).name,
		make_service_offering("Wash", ["Lift"], duration_minutes=20).name,
	]
	contacts = [make_service_booking("Wash", start=next_monday(9)).contact]
	frappe.db.commit()
	storms = [
		start(
			STORM,
			seed=seed,
			monday=str(next_monday(9)),
			services=services,
			contacts=contacts,
			mechanics=mechanics,
			operations=500,
		)
		for seed in range(4)
	]
	outputs = [storm.communicate(timeout=300)[0] for storm in storms]
	assert [storm.returncode for storm in storms] == [0] * 4
	counts = Counter()
	for output in outputs:
		counts.update(eval(output.splitlines()[-1]))
	assert sum(counts.values()) == 2000
	assert min(counts[kind] for kind in ("booked", "moved", "dragged", "status", "SlotTaken")) > 10
	assert not counts["QueryDeadlockError"]
	frappe.db.rollback()
	assert_whole()
