"""Which leads and deals a person sees: the decision behind every list, form, count and file.

A role's scope in Dealer Settings is one of `WIDTH`, narrowest first; of several roles the widest wins.

	Own                the person is responsible, or named as the specialist their role stands for
	Own and Unsorted   and what nobody has taken yet in the person's department, or in no department
	Department         everything of the person's department and of those below it, and of no department
	All                everything

`queue` of a document says who holds it: the responsible's user id, or `@` + department while nobody does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

OWN, OWN_AND_UNSORTED, DEPARTMENT, ALL = "Own", "Own and Unsorted", "Department", "All"
WIDTH = (OWN, OWN_AND_UNSORTED, DEPARTMENT, ALL)
UNSORTED = "@"

DEAL = "Auto Deal"
LEAD = "Auto Lead"
# The column of a deal that names the specialist, by the role that works there.
SPECIALIST_COLUMNS = {
	"Dealer Credit Specialist": "credit_specialist",
	"Dealer Appraiser": "appraiser",
	"Dealer Diagnostician": "appraiser",
}
# What a decision reads from a stored document.
COLUMNS = {
	LEAD: ("queue", "department"),
	DEAL: ("queue", "department", "credit_specialist", "appraiser"),
}


@dataclass(frozen=True)
class Viewer:
	"""A person as far as visibility goes. `scopes` is by DocType; `departments` holds `home` and all below it."""

	user: str
	scopes: Mapping[str, str]
	home: str = ""
	departments: tuple[str, ...] = ()
	specialist_columns: tuple[str, ...] = ()
	shared: Mapping[str, tuple[str, ...]] | None = None


@dataclass(frozen=True)
class Clause:
	"""True for a document whose `column` holds one of `values`; the value "" stands for an empty column."""

	column: str
	values: tuple[str, ...]


def widest(scopes: Iterable[str], default: str = OWN) -> str:
	"""The widest of the scopes; `default` when there is none that we know."""
	known = [scope for scope in scopes if scope in WIDTH]
	return max(known, key=WIDTH.index) if known else default


def visible_clauses(viewer: Viewer, doctype: str) -> tuple[Clause, ...] | None:
	"""The alternatives of which one must hold for a document to be seen. None: all are seen; (): none is.

	Each alternative is about one column, so that an index serves it.
	"""
	scope = viewer.scopes.get(doctype)
	if not scope:
		return ()
	if scope == ALL:
		return None
	specialist = tuple(
		Clause(column, (viewer.user,)) for column in viewer.specialist_columns if column in COLUMNS[doctype]
	)
	if scope == DEPARTMENT:
		return (Clause("department", (*viewer.departments, "")), Clause("queue", (viewer.user,)), *specialist)
	if scope == OWN_AND_UNSORTED:
		unsorted = (UNSORTED, UNSORTED + viewer.home) if viewer.home else (UNSORTED,)
		return (Clause("queue", (viewer.user, *unsorted)), *specialist)
	return (Clause("queue", (viewer.user,)), *specialist)


def is_visible(viewer: Viewer, doctype: str, values: Mapping[str, str | None]) -> bool:
	"""Whether a document with these column values is seen; letters' case does not matter, as in the database."""
	clauses = visible_clauses(viewer, doctype)
	if clauses is None:
		return True
	return any(
		(values.get(clause.column) or "").casefold() in {value.casefold() for value in clause.values}
		for clause in clauses
	)
