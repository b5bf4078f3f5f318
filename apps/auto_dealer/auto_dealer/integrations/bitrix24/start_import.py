"""Starting and continuing an import, from the desk, from a terminal and by the scheduler."""

import frappe
from frappe import _
from frappe.utils import add_to_date, now_datetime

from auto_dealer.integrations.bitrix24.attached_files import read_exports
from auto_dealer.integrations.bitrix24.run_import import DOCTYPE

JOB = "auto_dealer.integrations.bitrix24.run_import.run"
JOB_SECONDS = 6 * 3600
# A running import commits a chunk every second or so; silence of this length means that its worker is gone.
SILENCE_SECONDS = 120
STARTABLE = ("Draft", "Ready", "Failed")


class ImportIsRunning(frappe.ValidationError):
	"""The import's job is at work."""


class NothingToImport(frappe.ValidationError):
	"""No file is attached."""


def start(document, in_this_process: bool = False) -> None:
	"""Puts the import to the long queue; a failed or stalled one goes on after its last whole chunk.

	`in_this_process`: the caller runs the job itself.
	Throws ImportIsRunning while its job is alive, NothingToImport, and what `read_exports` throws.
	"""
	stored = frappe.db.get_value(
		DOCTYPE, document.name, ["status", "progress_at"], as_dict=True, for_update=True
	)
	if stored.status == "Running" and not is_silent(stored.progress_at):
		frappe.throw(_("The import is running."), ImportIsRunning)
	if stored.status not in (*STARTABLE, "Running"):
		frappe.throw(_("The import is done. Make a new one for other files."), ImportIsRunning)
	exports = read_exports(document)
	if not exports:
		frappe.throw(_("Attach at least one file."), NothingToImport)
	total = sum(1 for export in exports for _record in export.table.records())
	document.db_set(
		{"status": "Running", "total": total, "error": None, "progress_at": now_datetime()}, commit=False
	)
	if not in_this_process:
		enqueue(document.name)


def enqueue(name: str) -> None:
	frappe.enqueue(JOB, queue="long", timeout=JOB_SECONDS, enqueue_after_commit=True, name=name)


def is_silent(progress_at) -> bool:
	return not progress_at or progress_at < add_to_date(now_datetime(), seconds=-SILENCE_SECONDS)


def continue_stalled() -> None:
	"""Scheduler: an import whose worker was killed, or whose job was lost with Redis, goes on by itself."""
	late = add_to_date(now_datetime(), seconds=-SILENCE_SECONDS)
	for name in frappe.get_all(DOCTYPE, {"status": "Running", "progress_at": ("<", late)}, pluck="name"):
		frappe.db.set_value(DOCTYPE, name, "progress_at", now_datetime(), update_modified=False)
		enqueue(name)
