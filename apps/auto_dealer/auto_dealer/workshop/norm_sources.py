"""Norms from licensed sources of technical data, through the hook `dealer_norm_sources`.

The app brings no connector: TecRMI and its like are licensed, and their interfaces are not public. Whoever has a
licence writes one class, names it in the hooks of an app of theirs and gets the norms into the own base:

	dealer_norm_sources = {"TecRMI": "my_app.tecrmi.TecrmiNorms"}

The class fulfils `NormSource`. It may build on `integrations.http_api` for calls with logging and masking.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

import frappe
from frappe import _

from auto_dealer.workshop.errors import UnknownSource
from auto_dealer.workshop.norm_book import NormBook, Proposal
from auto_dealer.workshop.norms import get_car
from auto_dealer.workshop.rules.norm_csv import FileRow
from auto_dealer.workshop.rules.norm_match import Car


@dataclass(frozen=True)
class SourceNorm:
	"""What a source says: cars by the names of our lists or their other spellings; empty and 0 mean: any.

	`code` ties it to our operation when names differ.
	"""

	operation: str
	hours: Decimal
	code: str = ""
	group: str = ""
	make: str = ""
	model: str = ""
	year_from: int = 0
	year_to: int = 0
	engine: str = ""
	body: str = ""


class NormSource(Protocol):
	"""Asked outside any lock; raises what it likes, the user is told."""

	def find_norms(self, car: Car, vin: str | None) -> Iterable[SourceNorm]:
		"""All norms that the source has for this car."""


def get_sources() -> list[str]:
	"""Names of the connected sources."""
	return sorted(_paths())


def fetch_norms(source: str, vehicle: str) -> list[Proposal]:
	"""Asks the source for the norms of a car and takes them into the own base, as an import of a file does.

	Returns what became of each; rows that contradict the own base are left out and say why.
	"""
	path = _paths().get(source)
	if not path:
		frappe.throw(_("No source is called {0}.").format(source), UnknownSource)
	connector: NormSource = frappe.get_attr(path)()
	vin = frappe.db.get_value("Auto Vehicle", vehicle, "vin")
	rows = [_to_row(line, norm) for line, norm in enumerate(connector.find_norms(get_car(vehicle), vin), 1)]
	proposals = NormBook(locked=True).propose(rows, source)
	NormBook.write(proposals)
	return proposals


def _paths() -> dict[str, str]:
	"""The last app that names a source wins."""
	return {name: paths[-1] for name, paths in frappe.get_hooks("dealer_norm_sources", default={}).items()}


def _to_row(line: int, norm: SourceNorm) -> FileRow:
	names = ("operation", "code", "group", "make", "model", "engine", "body")
	row = FileRow(
		line, {name: getattr(norm, name) for name in names}, norm.hours, norm.year_from, norm.year_to
	)
	if norm.hours <= 0:
		row.errors.append(("hours out of range", str(norm.hours)))
	return row
