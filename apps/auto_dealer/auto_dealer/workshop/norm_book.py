"""The norms of the site, beside which rows from outside are laid: what is new, changed, the same or wrong.

The one writer of norms that come in numbers: from files and from connected sources.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import frappe
from frappe import _
from frappe.utils import now

from auto_dealer.workshop.check_norm import describe_clash, read_norms_locked
from auto_dealer.workshop.norms import NORM_FIELDS, describe_row, to_row
from auto_dealer.workshop.rules.norm_csv import FileRow, fold
from auto_dealer.workshop.rules.norm_match import NormRow, clashes, fold_engine

NEW, CHANGED, SAME, WRONG = "new", "changed", "same", "wrong"
LONGEST_NAME = 140
NUMBERS = ("hours", "year_from", "year_to")


@dataclass(frozen=True)
class NewOperation:
	"""An operation that the site has not: made with the first of its norms that is written."""

	name: str
	code: str | None
	group: str | None


@dataclass
class Proposal:
	"""What becomes of one row. `operation` is a name; `new_operation` when the site has it not yet."""

	line: int
	kind: str = NEW
	operation: str = ""
	new_operation: NewOperation | None = None
	norm: NormRow | None = None
	before: NormRow | None = None
	errors: list[str] = field(default_factory=list)

	def as_shown(self) -> dict:
		return {
			"line": self.line,
			"kind": self.kind,
			"operation": self.operation,
			"is_new_operation": bool(self.new_operation),
			"car": describe_row(self.norm) if self.norm else "",
			"hours": str(self.norm.hours) if self.norm else "",
			"hours_before": str(self.before.hours) if self.before else "",
			"source": self.norm.source if self.norm else "",
			"errors": self.errors,
		}


class NormBook:
	"""Lists of the site as they are now; `locked` reads past the transaction's view, for those who hold the locks."""

	def __init__(self, locked: bool = False):
		self.locked = locked
		self.makes = _names("Vehicle Make", "make_name")
		self.models = _names("Vehicle Model", "model_name", "make")
		self.groups = _group_names()
		self.bodies = _body_names()
		self.operations, self.by_code = _operations(locked)
		self.new_operations: dict[str, NewOperation] = {}
		self.norms: dict[str, list[NormRow]] = {}

	def propose(self, rows: list[FileRow], source: str = "") -> list[Proposal]:
		"""One proposal a row, in the rows' order; a row that contradicts an earlier one of the file is wrong."""
		found = [self._resolve(row, source) for row in rows]
		self._read_norms({proposal.operation for proposal in found if proposal.operation})
		for proposal in found:
			if proposal.errors:
				proposal.kind = WRONG
			else:
				self._compare(proposal)
		return found

	def _read_norms(self, operations: set[str]) -> None:
		names = sorted(operations)
		if self.locked:
			self.norms = read_norms_locked(names)
			return
		for row in frappe.get_all(
			"Labour Norm", {"operation": ("in", names or [""])}, ["operation", *NORM_FIELDS]
		):
			self.norms.setdefault(row.operation, []).append(to_row(row))

	def _compare(self, proposal: Proposal) -> None:
		own = self.norms.setdefault(proposal.operation, [])
		norm = proposal.norm
		for other in clashes(norm, own):
			if other.name.startswith("line ") or not _is_same_place(norm, other):
				proposal.errors.append(self._contradiction(proposal.operation, other))
				proposal.kind = WRONG
				return
			proposal.before = other
			# A file that names no source takes none away.
			is_same = norm.hours == other.hours and norm.source in ("", other.source)
			proposal.kind = SAME if is_same else CHANGED
			own.remove(other)
		own.append(norm)

	@staticmethod
	def _contradiction(operation: str, other: NormRow) -> str:
		if other.name.startswith("line "):
			line = other.name.removeprefix("line ")
			return _("Line {0} of the file names the same cars of this operation.").format(line)
		return describe_clash(operation, other)

	def _resolve(self, row: FileRow, source: str) -> Proposal:
		proposal = Proposal(row.line, errors=[_describe(*error) for error in row.errors])
		values = row.values
		self._set_operation(proposal, values)
		make = self._find(proposal, self.makes, values.get("make", ""), _("No make is called {0}."))
		model = self._find_model(proposal, make, values.get("model", ""))
		if model and not make:
			make = frappe.get_cached_value("Vehicle Model", model, "make")
		body = self._find(proposal, self.bodies, values.get("body", ""), _("No body is called {0}."))
		proposal.norm = NormRow(
			f"line {row.line}",
			row.hours,
			make,
			model,
			row.year_from,
			row.year_to,
			values.get("engine", "")[:80],
			body,
			(values.get("source") or source)[:LONGEST_NAME],
		)
		return proposal

	def _set_operation(self, proposal: Proposal, values: dict[str, str]) -> None:
		name, code = values.get("operation", ""), values.get("code", "")
		group = self._find(proposal, self.groups, values.get("group", ""), _("No group is called {0}."))
		known = self.operations.get(fold(name))
		by_code = self.by_code.get(code.casefold()) if code else None
		if len(name) > LONGEST_NAME or len(code) > 60:
			proposal.errors.append(_("The name or the code of the operation is too long."))
		elif by_code and name and known != by_code:
			proposal.errors.append(_("The code {0} belongs to the operation {1}.").format(code, by_code))
		elif name:
			proposal.operation = known or self._add_operation(name, code, group)
			proposal.new_operation = self.new_operations.get(proposal.operation)

	def _add_operation(self, name: str, code: str, group: str) -> str:
		self.new_operations[name] = NewOperation(name, code or None, group or None)
		self.operations[fold(name)] = name
		if code:
			self.by_code[code.casefold()] = name
		return name

	def _find_model(self, proposal: Proposal, make: str, text: str) -> str:
		if not text:
			return ""
		found = self.models.get(fold(f"{make} {text}")) or self.models.get(fold(text))
		if not found:
			proposal.errors.append(_("No model is called {0}.").format(text))
		elif make and frappe.get_cached_value("Vehicle Model", found, "make") != make:
			proposal.errors.append(_("{0} is no model of {1}.").format(text, make))
		return found or ""

	@staticmethod
	def _find(proposal: Proposal, names: dict[str, str], text: str, error: str) -> str:
		if not text:
			return ""
		found = names.get(fold(text))
		if not found:
			proposal.errors.append(error.format(text))
		return found or ""

	@staticmethod
	def write(proposals: Iterable[Proposal]) -> None:
		"""New operations, new norms in one INSERT, changed hours; the import that keeps the file is their history."""
		for right in ("create", "write"):
			frappe.has_permission("Labour Norm", right, throw=True)
		kept = [proposal for proposal in proposals if proposal.kind in (NEW, CHANGED)]
		for new in dict.fromkeys(proposal.new_operation for proposal in kept if proposal.new_operation):
			values = {"operation_name": new.name, "code": new.code, "group": new.group}
			frappe.get_doc({"doctype": "Labour Operation", **values}).insert(ignore_if_duplicate=True)
		_insert_norms([proposal for proposal in kept if proposal.kind == NEW])
		for proposal in kept:
			if proposal.kind == CHANGED:
				norm, before = proposal.norm, proposal.before
				values = {"hours": norm.hours, "source": norm.source or before.source}
				frappe.db.set_value("Labour Norm", before.name, values)


def _insert_norms(proposals: list[Proposal]) -> None:
	"""In one statement: these rows were checked by the same rules as a form's."""
	if not proposals:
		return
	stamp, user = now(), frappe.session.user
	columns = ("name", "creation", "modified", "owner", "modified_by", "title", "operation", *NORM_FIELDS[1:])
	rows = []
	for proposal in proposals:
		norm = proposal.norm
		title = f"{proposal.operation} — {describe_row(norm)}"[:255]
		own = [
			getattr(norm, name) if name in NUMBERS else getattr(norm, name) or None
			for name in NORM_FIELDS[1:]
		]
		rows.append(
			(frappe.generate_hash(length=10), stamp, stamp, user, user, title, proposal.operation, *own)
		)
	frappe.db.bulk_insert("Labour Norm", columns, rows)


def _is_same_place(norm: NormRow, other: NormRow) -> bool:
	"""Whether both name the very same cars: then one replaces the other."""
	return norm.years == other.years and fold_engine(norm.engine) == fold_engine(other.engine)


def _describe(what: str, value: str) -> str:
	texts = {
		"more cells than columns": _("The row has more cells than the first row: {0}."),
		"no operation": _("The operation is not named."),
		"no number of hours": _("The hours are no number: {0}."),
		"hours out of range": _("The hours have to lie between 0 and 1000: {0}."),
		"no year": _("{0} is no year of a car."),
		"years reversed": _("The years begin after they end: {0}."),
	}
	return texts[what].format(value or _("empty"))


def _names(doctype: str, field: str, prefix: str | None = None) -> dict[str, str]:
	"""Folded name, own name and each other spelling → the document's name."""
	fields = ["name", field, "aliases", *([prefix] if prefix else [])]
	found: dict[str, str] = {}
	for row in frappe.get_all(doctype, fields=fields):
		spellings = [row[field], *(row.aliases or "").split("\n")]
		if prefix:
			spellings = [f"{row[prefix]} {spelling}" for spelling in spellings if spelling]
		for spelling in (row.name, *spellings):
			found.setdefault(fold(spelling), row.name)
	return found


def _group_names() -> dict[str, str]:
	"""By name and by its translation: files come in the language of those who write them."""
	names = frappe.get_all("Service Group", pluck="name")
	return {fold(text): name for name in names for text in (_(name), _(name, lang="ru"), name)}


def _body_names() -> dict[str, str]:
	options = frappe.get_meta("Labour Norm").get_field("body").options.split("\n")
	return {fold(text): name for name in options if name for text in (_(name), _(name, lang="ru"), name)}


def _operations(locked: bool) -> tuple[dict[str, str], dict[str, str]]:
	operation = frappe.qb.DocType("Labour Operation")
	query = frappe.qb.from_(operation).select(operation.name, operation.code)
	rows = (query.for_update() if locked else query).run()
	return {fold(name): name for name, _code in rows}, {code.casefold(): name for name, code in rows if code}
