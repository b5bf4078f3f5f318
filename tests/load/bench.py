"""The benchmarks: Auto Dealer beside a bare DocType, ERPNext and (when it is in the bench) Frappe CRM, in one run.

	env/bin/python tests/load/bench.py --bench DIR --site NAME [--sizes 1000,10000] [--report docs/performance.md]

`./dealer test load` runs it on a throw-away site. Everything goes through real gunicorn (2 workers with 4 threads) on
loopback. Operations that are compared are measured in turns within one round, so that a slow moment of the machine
hits all of them; what is reported are ratios, never seconds to rely on.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "site")]

from client import Request, Result, Target  # noqa: E402
from report import write_report  # noqa: E402

ROUNDS = 5
READS_PER_ROUND = 12
WRITES_PER_ROUND = 40
CLIENTS = 8


class Bench:
	"""One run: the site, its server, the numbers that documents get, and the results so far."""

	def __init__(self, bench: str, site: str):
		os.environ["BENCH"] = bench
		sys.path.insert(0, str(HERE.parent.parent / "apps/auto_dealer"))
		from live_site import LiveSite

		self.live = LiveSite(bench, site)
		self.live.start_redis()
		for name in ("FRAPPE_REDIS_CACHE", "FRAPPE_REDIS_QUEUE", "FRAPPE_BENCH_ROOT"):
			os.environ[name] = self.live.environment()[name]
		os.chdir(Path(bench) / "sites")
		import frappe

		frappe.init(site=site, sites_path=str(Path(bench) / "sites"))
		frappe.connect()
		frappe.flags.mute_emails = True
		self.frappe = frappe
		self.has_crm = bool(frappe.db.exists("DocType", "CRM Deal"))
		self.counter = frappe.db.count("Bench Bare") if frappe.db.exists("DocType", "Bench Bare") else 0
		self.filled = 0
		self.results: dict[str, dict] = {}

	def serve(self, token: str) -> None:
		self.live.start_web()
		self.target = Target(self.live.web_port, self.live.site, token)

	def compare(
		self, name: str, operations: dict[str, Callable[[int], Request]], count: int, clients: int = 1
	) -> dict[str, Result]:
		"""Measures the operations in turns and keeps them under `name`; the first round only warms up."""
		totals = {operation: Result() for operation in operations}
		for round_number in range(ROUNDS + 1):
			for operation, make in operations.items():
				result = self.target.run(
					make, count if round_number else min(count, clients * 2), clients, self.counter
				)
				self.counter += count
				if round_number:
					totals[operation].add(result)
				elif result.errors:
					raise SystemExit(f"{name} / {operation}: {result.errors[0]}")
		self.results[name] = totals
		for operation, result in totals.items():
			print(
				f"{name:40} {operation:34} {result.median * 1000:9.1f} ms {result.rate:8.1f}/s "
				f"{len(result.errors):3} errors {result.largest:9} B",
				flush=True,
			)
		return totals


# -- what is measured ------------------------------------------------------------------------------


def post(doctype: str, values: dict) -> Request:
	return "POST", f"/api/resource/{doctype}", values


def call(method: str, **arguments: object) -> Request:
	return "POST", f"/api/method/{method}", arguments


def ping(number: int) -> Request:
	return "GET", "/api/method/frappe.auth.get_logged_user", None


def creates(bench: Bench, facts: dict) -> tuple[dict, dict]:
	"""Operations that make a lead and a deal, ours and the peers'."""
	from fill import person

	manager = facts["manager"]

	def bare(number: int) -> Request:
		return post("Bench Bare", {**facts["bare_links"], "title": f"Bare {number}", "amount": number})

	def deal(number: int) -> Request:
		lead = facts["free_leads"].pop()
		values = {"pipeline": "New Cars", "lead": lead["name"], "contact": lead["contact"], "amount": number}
		return post("Auto Deal", {**values, "responsible": manager})

	def lead(number: int) -> Request:
		name, phone = person(50_000_000 + number)
		return post("Auto Lead", {"client_name": name, "phone": phone, "enquiry_type": "Primary Call"})

	def erpnext_lead(number: int) -> Request:
		name, phone = person(60_000_000 + number)
		return post("Lead", {"first_name": name, "mobile_no": phone, "lead_owner": manager})

	def opportunity(number: int) -> Request:
		values = {"opportunity_from": "Lead", "party_name": f"BEL-{number % facts['size']}"}
		return post("Opportunity", {**values, **facts["opportunity"]})

	def crm_lead(number: int) -> Request:
		name, phone = person(70_000_000 + number)
		return post("CRM Lead", {"first_name": name, "mobile_no": phone, "status": "New"})

	def crm_deal(number: int) -> Request:
		return post(
			"CRM Deal",
			{"organization_name": f"Org {number}", "status": "Qualification", "deal_owner": manager},
		)

	deals = {"bare DocType": bare, "Auto Deal": deal, "ERPNext Opportunity": opportunity}
	leads = {"bare DocType": bare, "Auto Lead": lead, "ERPNext Lead": erpnext_lead}
	if bench.has_crm:
		deals["Frappe CRM deal"], leads["Frappe CRM lead"] = crm_deal, crm_lead
	return deals, leads


def moves(bench: Bench, facts: dict) -> dict:
	"""One step of a deal there and back, beside a PUT of one field."""
	size = len(facts["open_deals"])

	def bare(number: int) -> Request:
		return (
			"PUT",
			f"/api/resource/Bench Bare/{facts['bare_names'][number % size]}",
			{"status": f"S{number}"},
		)

	def move(number: int) -> Request:
		deal = facts["open_deals"][number % size]
		deal["stage"] = "Test Drive" if deal["stage"] != "Test Drive" else "Vehicle Selection"
		return call(
			"auto_dealer.pipelines.api.move",
			deal=deal["name"],
			to_stage=deal["stage"],
			reason="Benchmark",
			values={},
		)

	operations = {"bare DocType": bare, "Auto Deal": move}
	if bench.has_crm:

		def crm(number: int) -> Request:
			status = "Demo/Making" if number // size % 2 else "Proposal/Quotation"
			return "PUT", f"/api/resource/CRM Deal/BCD-{number % size}", {"status": status}

		operations["Frappe CRM deal"] = crm
	return operations


LIST_FIELDS = ["name", "title", "client_name", "stage", "amount", "responsible", "modified"]


def listing(
	doctype: str, filters: list, order_by: str, fields: list[str] | None = None
) -> Callable[[int], Request]:
	names = [f"`tab{doctype}`.`{field}`" for field in fields or LIST_FIELDS]
	return lambda number: call(
		"frappe.desk.reportview.get",
		doctype=doctype,
		fields=json.dumps(names),
		filters=json.dumps(filters),
		order_by=f"`tab{doctype}`.`{order_by.split()[0]}` {order_by.split()[1]}",
		start=0,
		page_length=20,
		view="List",
	)


def lists(facts: dict) -> dict:
	"""Every filter and sort that lists and board offer."""
	manager, when = facts["manager"], "2026-06-01"
	return {
		"ping with a token": ping,
		"deals, newest first": listing("Auto Deal", [], "modified desc"),
		"by creation": listing("Auto Deal", [], "creation desc"),
		"by pipeline and stage": listing(
			"Auto Deal", [["pipeline", "=", "New Cars"], ["stage", "=", "Contract"]], "modified desc"
		),
		"by stage": listing("Auto Deal", [["stage", "=", "Contract"]], "modified desc"),
		"by responsible": listing("Auto Deal", [["responsible", "=", manager]], "modified desc"),
		"by department": listing("Auto Deal", [["department", "=", facts["department"]]], "modified desc"),
		"by channel": listing("Auto Deal", [["ad_channel", "=", facts["channel"]]], "modified desc"),
		"by result": listing("Auto Deal", [["result", "=", "Won"]], "modified desc"),
		"by contact": listing("Auto Deal", [["contact", "=", "BENCH-300"]], "modified desc"),
		"created since June": listing("Auto Deal", [["creation", ">", when]], "modified desc"),
		"leads by status": listing(
			"Auto Lead", [["status", "=", "New"]], "modified desc", ["name", "client_name", "status"]
		),
		"leads by type": listing(
			"Auto Lead",
			[["enquiry_type", "=", "Primary Call"]],
			"modified desc",
			["name", "client_name", "status"],
		),
	}


def reads(bench: Bench, facts: dict) -> dict:
	"""Opening, searching, counting and the board."""
	search = "auto_dealer.clients.api.quick_search"
	operations = {
		"ping with a token": ping,
		"open a deal": lambda n: (
			"GET",
			f"/api/method/frappe.desk.form.load.getdoc?doctype=Auto Deal&name=BD-{n % facts['size']}",
			None,
		),
		"search by phone": lambda n: call(search, text=f"9{n % facts['size'] // 3 * 3:09d}"),
		"search by part of a phone": lambda n: call(search, text=f"{n % facts['size'] // 3 * 3:06d}"),
		"search by name": lambda n: call(search, text="Кузнец"),
		"search by VIN": lambda n: call(search, text=facts["vin"]),
		"search by plate": lambda n: call(search, text=facts["plate"]),
		"count open deals": lambda n: call(
			"frappe.desk.reportview.get_count",
			doctype="Auto Deal",
			filters=json.dumps([["Auto Deal", "is_closed", "=", 0]]),
			fields="[]",
			distinct=False,
			limit=1001,
		),
	}
	return operations


def boards(bench: Bench, facts: dict) -> dict:
	"""One opening of the board, beside the desk's own Kanban and Frappe CRM's."""
	fields = [
		"name",
		"title",
		"stage",
		"amount",
		"responsible",
		"modified",
		"_assign",
		"_user_tags",
		"_comments",
	]
	operations = {
		"ping with a token": ping,
		"Deals Board": lambda n: call("auto_dealer.sales.board.get_board", pipeline="New Cars", filters={}),
		"desk Kanban": lambda n: call(
			"frappe.desk.reportview.get",
			doctype="Auto Deal",
			fields=json.dumps([f"`tabAuto Deal`.`{field}`" for field in fields]),
			filters=json.dumps([["Auto Deal", "pipeline", "=", "New Cars"]]),
			order_by="`tabAuto Deal`.`modified` desc",
			start=0,
			page_length=0,
			view="Kanban",
		),
	}
	if bench.has_crm:
		operations["Frappe CRM board"] = lambda n: call(
			"crm.api.doc.get_data",
			doctype="CRM Deal",
			filters={},
			order_by="modified desc",
			column_field="status",
			view={"view_type": "kanban"},
			kanban_columns="[]",
			kanban_fields="[]",
		)
	return operations


# -- the run ---------------------------------------------------------------------------------------


def measure(bench: Bench, facts: dict, only: set[str], writes: bool, board_rounds: int) -> None:
	"""The comparisons at one size; `only` names groups, empty for all."""
	groups: dict[str, Callable[[], object]] = {
		"list": lambda: bench.compare("list", lists(facts), READS_PER_ROUND),
		"read": lambda: bench.compare("read", reads(bench, facts), READS_PER_ROUND),
		"board": lambda: bench.compare("board", boards(bench, facts), board_rounds),
	}
	if writes:
		deals, leads = creates(bench, facts)
		written = {"create a deal": deals, "create a lead": leads, "stage move": moves(bench, facts)}
		for name, operations in written.items():
			groups[name] = lambda name=name, operations=operations: (
				bench.compare(f"{name}, 1 client", operations, WRITES_PER_ROUND),
				bench.compare(f"{name}, {CLIENTS} clients", operations, WRITES_PER_ROUND * 3, CLIENTS),
			)
	for name, run_group in groups.items():
		if not only or name in only:
			run_group()


def run(bench: Bench, sizes: list[int], only: set[str]) -> dict:
	"""All comparisons; read operations at every size, writes at the smallest. Returns results by size."""
	from fill import fill
	from prepare import gather, prepare

	frappe = bench.frappe
	token = prepare(frappe)
	done, by_size = bench.filled, {}
	for size in sizes:
		print(f"-- {size} deals", flush=True)
		fill(done, size)
		done = size
		facts = gather(frappe, size)
		if not hasattr(bench, "target"):
			bench.serve(token)
		bench.results = {}
		measure(bench, facts, only, writes=size == sizes[0], board_rounds=2 if size > 20_000 else 4)
		by_size[size] = bench.results
	return by_size


def main() -> None:
	parser = argparse.ArgumentParser(
		description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
	)
	parser.add_argument("--bench", default=os.environ.get("BENCH"), required="BENCH" not in os.environ)
	parser.add_argument("--site", default=os.environ.get("SITE"), required="SITE" not in os.environ)
	parser.add_argument("--sizes", default="1000,10000", help="numbers of deals, comma separated, rising")
	parser.add_argument(
		"--only", default="", help="groups: list, read, board, create a deal, create a lead, stage move"
	)
	parser.add_argument(
		"--filled", type=int, default=0, help="deals that an earlier run has left on the site"
	)
	parser.add_argument("--report", help="write the ratios to this Markdown file")
	arguments = parser.parse_args()
	bench = Bench(arguments.bench, arguments.site)
	bench.filled = arguments.filled
	try:
		by_size = run(
			bench,
			[int(size) for size in arguments.sizes.split(",")],
			set(filter(None, arguments.only.split(","))),
		)
	finally:
		bench.live.stop()
	failed = sum(
		len(r.errors) for results in by_size.values() for group in results.values() for r in group.values()
	)
	if arguments.report:
		write_report(Path(arguments.report), by_size, bench.has_crm, date.today())
	print(
		f"{sum(len(group) for results in by_size.values() for group in results.values())} passed, {failed} failed"
	)
	sys.exit(1 if failed else 0)


if __name__ == "__main__":
	main()
