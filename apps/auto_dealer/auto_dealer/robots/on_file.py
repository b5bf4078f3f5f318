"""A file was attached to a document that robots look at."""

from __future__ import annotations

from auto_dealer.robots.fire import fire_event
from auto_dealer.robots.rules.robot import FILE_ATTACHED


def after_insert(file, method: str | None = None) -> None:
	"""Costs no SQL unless a robot of that document type waits for files. Never throws."""
	if file.attached_to_doctype and file.attached_to_name and not file.is_folder:
		fire_event(file.attached_to_doctype, file.attached_to_name, FILE_ATTACHED)
