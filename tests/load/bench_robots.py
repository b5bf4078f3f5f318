"""The benchmarks of robots: due tasks beside RQ's own jobs, what robots add to a save, a replay, a stage with 20 robots.

	env/bin/python tests/load/bench_robots.py --bench DIR --site NAME [--only drain,save,move,replay] [--tasks 100000]

On a site that `bench.py` has filled. Compared are things measured in turns in one run; what is reported are ratios.
Everything it adds is deleted at the end.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "site")]

from bench import CLIENTS, Bench, moves  # noqa: E402

TITLE = "Benchmark robot"
# A function that takes two words and does nothing with them: a timer's whole way, and no effect.
NO_OP = "frappe.utils.cstr"
WORKER = """
import sys, frappe
frappe.init(site={site!r}, sites_path={sites!r})
frappe.connect()
frappe.flags.mute_emails = True
hooks = frappe.get_hooks
frappe.get_hooks = lambda hook=None, *rest, **named: (
	[{no_op!r}] if hook == "dealer_timed_actions" else hooks(hook, *rest, **named))
from auto_dealer.robots.drain import drain
print("ready", flush=True)
sys.stdin.readline()
print(drain(seconds=3600), flush=True)
"""
RQ_WORKER = """
import sys
from redis import Redis
from rq import Queue, {worker}
connection = Redis(port={port})
worker = {worker}([Queue("bench-noop", connection=connection)], connection=connection)
print("ready", flush=True)
sys.stdin.readline()
worker.work(burst=True, logging_level="ERROR")
"""


# -- two workers -----------------------------------------------------------------------------------


def run_workers(bench: Bench, code: str, count: int = 2) -> tuple[float, list[str]]:
	"""Starts the workers, lets them go at one moment; gives the seconds until the last has ended and their words."""
	workers = [
		subprocess.Popen(
			[sys.executable, "-c", code],
			stdin=subprocess.PIPE,
			stdout=subprocess.PIPE,
			text=True,
			env={**bench.live.environment(), "PYTHONPATH": os.pathsep.join(sys.path)},
			cwd=bench.live.bench / "sites",
		)
		for _number in range(count)
	]
	for worker in workers:
		assert worker.stdout.readline().strip() == "ready"
	started = time.monotonic()
	for worker in workers:
		worker.stdin.write("\n")
		worker.stdin.flush()
	words = [worker.communicate()[0] for worker in workers]
	return time.monotonic() - started, words


def fill_tasks(bench: Bench, count: int, robot: str | None, deals: list[str]) -> None:
	"""Due tasks: timers that call the function that does nothing, or runs of a robot on deals."""
	frappe = bench.frappe
	due = frappe.utils.now_datetime() - timedelta(days=1)
	fields = [
		"name",
		"creation",
		"modified",
		"owner",
		"modified_by",
		"task_key",
		"status",
		"due_at",
		"attempts",
	]
	fields += ["reference_doctype", "reference_name", "action_path", "robot", "event", "args"]
	common = [due, due, "Administrator", "Administrator"]
	rows = [
		[
			*(
				f"BENCHT-{number}",
				*common,
				f"BENCHT-{number}",
				"Pending",
				due + timedelta(seconds=number % 3600),
			),
			*(0, "Auto Deal", deals[number % len(deals)], None if robot else NO_OP, robot),
			*("Saved" if robot else None, "{}"),
		]
		for number in range(count)
	]
	frappe.db.bulk_insert("Robot Task", fields, rows, chunk_size=5000)
	frappe.db.commit()


def drain_tasks(bench: Bench, count: int, robot: str | None, deals: list[str]) -> float:
	"""Tasks a second of two workers; every task done once, or the run fails."""
	frappe = bench.frappe
	fill_tasks(bench, count, robot, deals)
	code = WORKER.format(site=bench.live.site, sites=str(bench.live.bench / "sites"), no_op=NO_OP)
	seconds, words = run_workers(bench, code)
	frappe.db.rollback()
	done = [int(word) for word in words]
	left = frappe.db.sql(
		"select status, count(*) from `tabRobot Task` where name like 'BENCHT-%' group by status"
	)
	assert sum(done) == count, (done, left)
	assert {status for status, _number in left} <= {"Done"}, left
	frappe.db.sql("delete from `tabRobot Task` where name like 'BENCHT-%'")
	frappe.db.commit()
	return count / seconds


def run_rq(bench: Bench, worker: str, count: int) -> float:
	"""Jobs a second of two RQ workers whose jobs do nothing."""
	from redis import Redis
	from rq import Queue

	queue = Queue("bench-noop", connection=Redis(port=bench.live.redis_port))
	queue.empty()
	for _number in range(count):
		queue.enqueue("time.time", result_ttl=0)
	seconds, _words = run_workers(bench, RQ_WORKER.format(worker=worker, port=bench.live.redis_port))
	assert queue.count == 0
	return count / seconds


def measure_drain(bench: Bench, tasks: int) -> dict[str, float]:
	frappe = bench.frappe
	deals = frappe.get_all("Auto Deal", {"pipeline": "New Cars"}, pluck="name", limit=500)
	robot = add_robot(bench, event="Saved", action="Notify Staff", recipient="Responsible")
	frappe.db.commit()
	forget(bench)
	small = max(min(tasks // 10, 4000), 500)
	rates = {
		"RQ no-op job, RQ's Worker (forks, as Frappe's)": run_rq(bench, "Worker", small // 2),
		"RQ no-op job, SimpleWorker (no fork)": run_rq(bench, "SimpleWorker", small),
		"timer that calls a function": drain_tasks(bench, tasks, None, deals),
		"robot that tells the responsible": drain_tasks(bench, small, robot, deals),
	}
	rates["RQ no-op job, RQ's Worker (forks, as Frappe's), again"] = run_rq(bench, "Worker", small // 2)
	frappe.db.sql("delete from `tabNotification Log` where for_user like 'bench-manager-%'")
	frappe.db.sql("delete from `tabRobot Run` where robot = %s", robot)
	for name, rate in rates.items():
		print(f"drain                {name:55} {rate:9.1f}/s", flush=True)
	return rates


# -- a save ----------------------------------------------------------------------------------------


def measure_save(bench: Bench, rounds: int = 300) -> dict[str, float]:
	"""Saves of open deals in one process, in turns: robots silenced, shipped robots, twenty more that do not fire."""
	frappe = bench.frappe
	names = frappe.get_all("Auto Deal", {"is_closed": 0, "pipeline": "New Cars"}, pluck="name", limit=50)
	frappe.flags.in_test = False
	more = [
		add_robot(bench, event="Field Changed", watched_field="client_kind", condition="amount > 1"),
		*(add_robot(bench, stage=stage, event="Stage Entered") for stage in ("Contract", "Payment") * 5),
		*(add_robot(bench, event="Stage Left", stage="Delivery") for _number in range(9)),
	]
	frappe.db.sql("update `tabStage Robot` set is_enabled = 0 where name in %s", [more])
	frappe.db.commit()
	times: dict[str, list[float]] = {"no robots": [], "shipped robots": [], "and 20 more": []}
	queries: dict[str, int] = {}
	for round_number in range(rounds):
		for kind in times:
			frappe.db.sql(
				"update `tabStage Robot` set is_enabled = %s where name in %s",
				(int(kind == "and 20 more"), more),
			)
			frappe.db.commit()
			forget(bench)
			frappe.flags.no_robots = kind == "no robots"
			seconds, count = save_once(bench, names[round_number % len(names)], warm=names[-1])
			times[kind].append(seconds)
			queries[kind] = count
	frappe.flags.no_robots = False
	base = statistics.median(times["no robots"])
	for kind, seconds in times.items():
		ratio = statistics.median(seconds) / base
		print(f"save                 {kind:55} {queries[kind]:3} SQL {(ratio - 1) * 100:+6.1f} %", flush=True)
	return {kind: statistics.median(seconds) / base for kind, seconds in times.items()}


def save_once(bench: Bench, name: str, warm: str) -> tuple[float, int]:
	"""Seconds and SQL of one save of another sum; the save before it warms the process up."""
	frappe = bench.frappe
	sql, seconds, seen = frappe.db.sql, 0.0, []

	def counted(*arguments, **named):
		seen.append(arguments[0])
		return sql(*arguments, **named)

	for deal in (warm, name):
		frappe.db.rollback()
		frappe.local.document_cache = {}
		doc = frappe.get_doc("Auto Deal", deal)
		doc.amount = (doc.amount or 0) + 10
		seen.clear()
		frappe.db.sql = counted
		started = time.perf_counter()
		try:
			doc.save()
		finally:
			frappe.db.sql = sql
		seconds = time.perf_counter() - started
		frappe.db.rollback()
	return seconds, len(seen)


# -- a stage with 20 robots ------------------------------------------------------------------------


def measure_move(bench: Bench) -> dict[str, float]:
	"""Over HTTP beside a PUT of one field; every entered stage has twenty robots that fire."""
	from prepare import gather, prepare

	frappe = bench.frappe
	token = prepare(frappe)
	facts = gather(frappe, 1000)
	for stage in ("Test Drive", "Vehicle Selection"):
		for number in range(20):
			add_robot(bench, stage=stage, event="Stage Entered", sort_order=number)
	frappe.db.commit()
	forget(bench)
	bench.serve(token)
	ratios = {}
	for clients, count in ((1, 40), (CLIENTS, 120)):
		results = bench.compare(f"move, 20 robots, {clients} clients", moves(bench, facts), count, clients)
		base = results["bare DocType"]
		ratios.update({f"{name}, {clients} clients": r.rate / base.rate for name, r in results.items()})
		for name, result in results.items():
			print(
				f"move                 {name:40} {clients} clients {result.rate / base.rate:6.2f} of bare",
				flush=True,
			)
	return ratios


# -- a replay --------------------------------------------------------------------------------------


def measure_replay(bench: Bench, sample: int = 1500) -> dict[str, float]:
	"""One replay over the deals of a pipeline beside reading each of them as a document and judging it."""
	frappe = bench.frappe
	from auto_dealer.robots.conditions import Values, judge
	from auto_dealer.robots.load_robots import from_document
	from auto_dealer.robots.replay import replay

	draft = frappe.new_doc("Stage Robot")
	draft.update(
		{"title": TITLE, "document_type": "Auto Deal", "pipeline": "New Cars", "event": "Stage Entered"}
	)
	draft.update(
		{
			"condition": "amount > 1000000 and not is_closed",
			"action": "Notify Staff",
			"subject": "{{ doc.title }}",
		}
	)
	draft.name = "new"
	ratios = []
	for round_number in range(3):
		started = time.perf_counter()
		answer = replay(draft, 366)
		replayed = time.perf_counter() - started
		rule = from_document(draft)
		names = frappe.get_all(
			"Auto Deal", {"pipeline": "New Cars"}, pluck="name", limit=sample, start=sample * round_number
		)
		started = time.perf_counter()
		for name in names:
			judge(rule.condition, Values(frappe.get_doc("Auto Deal", name), None, rule.event))
		loaded = (time.perf_counter() - started) / len(names) * answer["considered"]
		ratios.append(loaded / replayed)
		print(
			f"replay               {answer['considered']} events, fired {answer['fired']}: {replayed:.2f} s, "
			f"documents one by one {loaded:.1f} s (from {len(names)}), ratio {ratios[-1]:.1f}",
			flush=True,
		)
	return {"replay": statistics.median(ratios)}


# -- what all need ---------------------------------------------------------------------------------


def add_robot(bench: Bench, **values: object) -> str:
	values = {"title": TITLE, "document_type": "Auto Deal", "pipeline": "New Cars", **values}
	values = {"action": "Notify Staff", "is_enabled": 1, "subject": "{{ doc.title }}", **values}
	return bench.frappe.get_doc({"doctype": "Stage Robot", **values}).insert().name


def forget(bench: Bench) -> None:
	from auto_dealer.robots.load_robots import forget as forget_robots

	forget_robots()


def clean(bench: Bench) -> None:
	frappe = bench.frappe
	frappe.db.rollback()
	robots = frappe.get_all("Stage Robot", {"title": TITLE}, pluck="name") or [""]
	for table in ("Robot Task", "Robot Run"):
		frappe.db.delete(table, {"robot": ("in", robots)})
	frappe.db.delete("Robot Task", {"name": ("like", "BENCHT-%")})
	frappe.db.delete("Stage Robot", {"name": ("in", robots)})
	frappe.db.commit()
	forget(bench)


def main() -> None:
	parser = argparse.ArgumentParser(
		description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
	)
	parser.add_argument("--bench", default=os.environ.get("BENCH"), required="BENCH" not in os.environ)
	parser.add_argument("--site", default=os.environ.get("SITE"), required="SITE" not in os.environ)
	parser.add_argument("--only", default="drain,save,move,replay")
	parser.add_argument("--tasks", type=int, default=100_000)
	arguments = parser.parse_args()
	bench = Bench(arguments.bench, arguments.site)
	groups: dict[str, Callable[[], dict]] = {
		"save": lambda: measure_save(bench),
		"replay": lambda: measure_replay(bench),
		"drain": lambda: measure_drain(bench, arguments.tasks),
		"move": lambda: measure_move(bench),
	}
	results = {}
	try:
		clean(bench)
		for name, measure in groups.items():
			if name in arguments.only.split(","):
				results[name] = measure()
				clean(bench)
	finally:
		clean(bench)
		bench.live.stop()
	print(json.dumps(results, indent=1))


if __name__ == "__main__":
	main()
