"""Benchmarks of the workshop: free times, races for the last one, bookings a second, a work order's invoice.

	env/bin/python tests/load/workshop.py --bench DIR --site NAME [--sizes 100,10000] [--only slots,race,rate,act]

On a throw-away site: it fills the site with bookings, appointments and invoices and leaves them there. As in bench.py
everything goes through real gunicorn, what is compared is measured in turns, and ratios are reported.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "site")]

from bench import Bench, call, ping  # noqa: E402
from client import Request, Result  # noqa: E402
from workshop_fill import SERVICE, fill_appointments, fill_bookings, make_workshop, set_up_appointments  # noqa: E402

SEARCHES = 20
RACERS, RACE_ROUNDS = 20, 50
BOOKINGS = 200
ORDERS = 8
REFUSED = "417"


def get(method: str, **arguments: object) -> Request:
	query = "&".join(f"{name}={value}" for name, value in arguments.items())
	return "GET", f"/api/method/{method}?{query}", None


# -- free times ------------------------------------------------------------------------------------


def measure_slots(bench: Bench, size: int) -> dict[str, Result]:
	"""Our fourteen days beside a ping and one day of ERPNext's appointments."""
	tomorrow = date.today() + timedelta(days=1)

	def slots(number: int) -> Request:
		return get("auto_dealer.booking.api.find_slots", offerings=json.dumps([SERVICE]), days=14)

	def first_slots(number: int) -> Request:
		return get("auto_dealer.booking.api.find_slots", offerings=json.dumps([SERVICE]), days=14, limit=20)

	def appointments(number: int) -> Request:
		method = "erpnext.www.book_appointment.index.get_appointment_slots"
		return get(method, date=tomorrow, timezone="Europe/Moscow")

	operations = {
		"ping with a token": ping,
		"all free times of 14 days": slots,
		"the first 20 of 14 days": first_slots,
		"ERPNext appointments, 1 day": appointments,
	}
	return bench.compare(f"free times, {size} bookings", operations, SEARCHES)


# -- races and throughput --------------------------------------------------------------------------


def book_request(start: datetime, number: int) -> Request:
	values = {
		"offerings": [SERVICE],
		"start": str(start),
		"client_name": f"Racer {number}",
		"phone": f"+7905{number:07d}",
	}
	return call("auto_dealer.booking.api.book", values=values)


def race(bench: Bench, rounds: int) -> None:
	"""Twenty clients at once for a time of which k seats are left: k is one to ten, another time in each round."""
	frappe = bench.frappe
	exact, wrong, failures = 0, [], []
	for number in range(rounds):
		start = datetime.combine(date.today() + timedelta(days=30 + number), datetime.min.time())
		start = start.replace(hour=9)
		seats = 1 + number % 10
		for taken in range(10 - seats):
			bench.target.run(lambda n, start=start: book_request(start, n), 1, 1, number * 100 + taken)
		result = bench.target.run(
			lambda n, start=start: book_request(start, n), RACERS, RACERS, number * 100 + 50
		)
		sold = RACERS - len(result.errors)
		failures += [error for error in result.errors if not error.startswith(REFUSED)]
		frappe.db.rollback()
		stored = frappe.db.count("Service Booking", {"start": start})
		if sold == seats and stored == 10:
			exact += 1
		else:
			wrong.append((seats, sold, stored))
	print(
		f"race: exactly k of {RACERS} in {exact} of {rounds} rounds; other answers: {failures[:3]}; wrong: {wrong}"
	)
	print(f"seats sold twice: {sold_twice(frappe)}")


def sold_twice(frappe) -> int:
	"""Bookings that overlap another one on a resource of one seat, counted from the bookings themselves."""
	rows = frappe.db.sql(
		"""select taken.resource, taken.start, taken.end from `tabService Booking Resource` taken
		join `tabService Booking` booking on booking.name = taken.parent
		where booking.status not in ('Cancelled', 'No-show') order by taken.resource, taken.start"""
	)
	return sum(one[0] == other[0] and other[1] < one[2] for one, other in itertools.pairwise(rows))


def measure_rate(bench: Bench) -> None:
	"""Bookings a second: one client, then twenty, each for a time of its own."""
	last = bench.frappe.db.sql("select max(start) from `tabService Booking`")[0][0] or datetime.now()
	first_day = datetime.combine(last.date() + timedelta(days=1), datetime.min.time())
	hours = (8, 9, 10, 11, 12, 14, 15, 16, 17)
	starts = [
		first_day + timedelta(days=number // 90, hours=hours[number % 90 // 10]) for number in range(4000)
	]
	taken = iter(range(4000))

	def book(number: int) -> Request:
		return book_request(starts[next(taken)], 1_000_000 + number)

	def bare(number: int) -> Request:
		return "POST", "/api/resource/Bench Bare", {"title": f"Bare {number}", "amount": number}

	for clients in (1, 20):
		operations = {"bare DocType": bare, "booking": book}
		bench.compare(
			f"bookings, {clients} clients", operations, BOOKINGS // (5 if clients == 1 else 1), clients
		)


# -- the act ---------------------------------------------------------------------------------------


def measure_act(bench: Bench) -> None:
	"""A ready work order's act (акт) beside ERPNext's invoice of the same lines, and with the Sales Order made before."""
	from workshop_orders import plain_invoice, ready_orders

	frappe = bench.frappe
	from auto_dealer.payments.sales_order import ensure_order

	count = 5 * ORDERS + 4
	orders = ready_orders(frappe, 2 * count + 12)
	ordered, fresh = orders[: count + 10], orders[count + 10 :]
	for name in ordered:
		ensure_order("Service Work Order", name)
	frappe.db.commit()
	pools = {"act": iter(fresh[2:]), "act, Sales Order made before": iter(ordered[2:])}
	values = plain_invoice(frappe, fresh[0])
	operations = {
		"ERPNext Sales Invoice": lambda n: ("POST", "/api/resource/Sales Invoice", {**values, "docstatus": 1})
	}
	for label, pool in pools.items():
		operations[label] = lambda n, pool=pool: call("auto_dealer.orders.api.make_act", order=next(pool))
	bench.compare("work order to invoice", operations, ORDERS)
	compare_with_the_chain(frappe, ordered[-9:])


def compare_with_the_chain(frappe, orders: list[str]) -> None:
	"""In one process, in turns: the act of an order whose Sales Order exists beside ERPNext's own way from one."""
	from sql_counter import count_sql

	from erpnext.selling.doctype.sales_order.sales_order import make_sales_invoice

	from auto_dealer.orders.close_order import make_act

	def act(order: str) -> None:
		make_act(order)

	def chain(order: str) -> None:
		invoice = make_sales_invoice(order)
		invoice.update({"allocate_advances_automatically": 1, "docstatus": 1})
		invoice.insert()

	ways = {
		"act": (act, orders),
		"ERPNext's own way": (chain, [_plain_sales_order(frappe, o) for o in orders]),
	}
	taken: dict[str, list[tuple[int, float]]] = {label: [] for label in ways}
	for number in range(len(orders)):
		for label, (make, names) in ways.items():
			started = time.perf_counter()
			with count_sql() as sql:
				make(names[number])
			if number:
				taken[label].append((len(sql.all), time.perf_counter() - started))
	for label, rows in taken.items():
		counts, times = zip(*rows, strict=True)
		print(f"{label}: {statistics.median(counts)} SQL, {statistics.median(times) * 1000:.0f} ms")
	frappe.db.rollback()


def _plain_sales_order(frappe, order: str) -> str:
	"""A Sales Order of the same lines that belongs to no work order."""
	from auto_dealer.payments.sales_order import ensure_order

	copy = frappe.copy_doc(ensure_order("Service Work Order", order))
	copy.update({"dealer_work_order": None, "dealer_deal": None, "docstatus": 1})
	return copy.insert().name


def prepare(bench: Bench) -> str:
	from prepare import prepare as prepare_site

	frappe = bench.frappe
	token = prepare_site(frappe)
	user = frappe.get_doc("User", "bench-head@test.example")
	user.append_roles("Dealer Portal Administrator", "Accounts Manager", "Accounts User", "Stock User")
	user.save()
	make_workshop(frappe)
	set_up_appointments(frappe)
	return token


def main() -> None:
	parser = argparse.ArgumentParser()
	parser.add_argument("--bench", required=True)
	parser.add_argument("--site", required=True)
	parser.add_argument("--sizes", default="100,10000")
	parser.add_argument("--rounds", type=int, default=RACE_ROUNDS)
	parser.add_argument("--only", default="slots,race,rate,act")
	options = parser.parse_args()
	parts = options.only.split(",")
	bench = Bench(options.bench, options.site)
	try:
		token = prepare(bench)
		bench.serve(token)
		done = bench.frappe.db.count("Appointment")
		for size in map(int, options.sizes.split(",")) if "slots" in parts else ():
			if size > done:
				fill_bookings(bench.frappe, size, done)
				fill_appointments(bench.frappe, size, done)
				done = size
			measure_slots(bench, size)
		if "race" in parts:
			race(bench, options.rounds)
		if "rate" in parts:
			measure_rate(bench)
		if "act" in parts:
			measure_act(bench)
	finally:
		bench.live.stop()


if __name__ == "__main__":
	main()
