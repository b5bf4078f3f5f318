"""Writes the benchmark's ratios as Markdown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

# Group of operations → (the one all others are divided by, how).
THROUGHPUT = "throughput"
LATENCY = "latency"
HEAD = """# Performance

Written by `./dealer test load` (`tests/load/bench.py`). Ratios of one run on one machine: all operations of a table
were measured in turns against the same server (gunicorn, 2 workers with 4 threads), so the machine's speed cancels out.

"""


def write_report(path: Path, by_size: dict, has_crm: bool, day: date) -> None:
	"""Replaces the file by the tables of this run."""
	lines = [HEAD, f"Run of {day.isoformat()}. "]
	lines.append("Frappe CRM was in the bench.\n" if has_crm else "Frappe CRM was not in the bench.\n")
	for size, results in by_size.items():
		lines.append(f"\n## With {size:,} deals\n")
		for name, operations in results.items():
			lines += _table(name, operations)
	if len(by_size) > 1:
		lines += _growth(by_size)
	path.write_text("\n".join(lines) + "\n")


def _table(name: str, operations: dict) -> list[str]:
	base_name, base = next(iter(operations.items()))
	writes = name.startswith(("create", "stage"))
	lines = [f"\n### {name[0].upper()}{name[1:]}\n"]
	if writes:
		lines += [
			f"| operation | throughput, {base_name} = 1 | median time, {base_name} = 1 | errors |",
			"|---|---|---|---|",
		]
		for operation, result in operations.items():
			lines.append(
				f"| {operation} | {result.rate / base.rate:.2f} | {result.median / base.median:.2f} | {len(result.errors)} |"
			)
		return lines
	lines += [
		f"| operation | median time, {base_name} = 1 | largest answer, KB | errors |",
		"|---|---|---|---|",
	]
	for operation, result in operations.items():
		ratio = result.median / base.median
		lines.append(f"| {operation} | {ratio:.2f} | {result.largest / 1024:.0f} | {len(result.errors)} |")
	return lines


def _growth(by_size: dict) -> list[str]:
	"""Median time at the largest size over the next smaller, each in units of its own ping."""
	small, large = sorted(by_size)[-2:]
	lines = [f"\n## Growth from {small:,} to {large:,} deals\n", "| operation | times |", "|---|---|"]
	for name in ("list", "read", "board"):
		for operation, result in by_size[large][name].items():
			before = by_size[small][name].get(operation)
			pings = [by_size[size][name]["ping with a token"].median for size in (small, large)]
			if before and operation != "ping with a token":
				lines.append(f"| {operation} | {result.median / pings[1] / (before.median / pings[0]):.2f} |")
	return lines
