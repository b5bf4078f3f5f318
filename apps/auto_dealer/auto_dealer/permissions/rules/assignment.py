"""Who may give a lead or deal to whom, and move it to which department.

who                         may
All                         anything
Department (a head)         give any visible document to anybody, take it from anybody, change the department
Own, Own and Unsorted:
  a new document            leave it unsorted, keep it, or give it to a colleague of the own department
  an unsorted document      take it (which fills an empty department with the own one)
  an own document           hand it to a colleague of the own department
  anybody else's            nothing (a named specialist works in the deal, but does not pass it on)
"""

from __future__ import annotations

from dataclasses import dataclass

from auto_dealer.permissions.rules.scope import ALL, DEPARTMENT

OK = ""
TO_OTHER_DEPARTMENT = "to_other_department"
NOT_YOURS = "not_yours"
UNSORTED_TO_COLLEAGUE = "unsorted_to_colleague"
BACK_TO_UNSORTED = "back_to_unsorted"
DEPARTMENT_CHANGE = "department_change"


@dataclass(frozen=True)
class Holding:
	"""Who holds a document: responsible (user id) and department, "" for none."""

	responsible: str = ""
	department: str = ""


@dataclass(frozen=True)
class Actor:
	"""The person who changes it; `home` is their department, "" for none."""

	user: str
	scope: str
	home: str = ""


def check_assignment(actor: Actor, before: Holding | None, after: Holding, receiver_home: str = "") -> str:
	"""The kind of problem, or "" when the change is allowed. `before` is None for a new document.

	`receiver_home` is the department of `after.responsible`.
	"""
	if actor.scope in (ALL, DEPARTMENT):
		return OK
	if before is None:
		return _check_receiver(actor, after.responsible, receiver_home)
	return _check_responsible(actor, before, after, receiver_home) or _check_department(actor, before, after)


def _check_responsible(actor: Actor, before: Holding, after: Holding, receiver_home: str) -> str:
	if before.responsible == after.responsible:
		return OK
	if not before.responsible:
		return OK if after.responsible == actor.user else UNSORTED_TO_COLLEAGUE
	if before.responsible != actor.user:
		return NOT_YOURS
	if not after.responsible:
		return BACK_TO_UNSORTED
	return _check_receiver(actor, after.responsible, receiver_home)


def _check_receiver(actor: Actor, receiver: str, receiver_home: str) -> str:
	if receiver in ("", actor.user) or receiver_home == actor.home:
		return OK
	return TO_OTHER_DEPARTMENT


def _check_department(actor: Actor, before: Holding, after: Holding) -> str:
	if before.department == after.department:
		return OK
	if not before.department and after.department == actor.home:
		return OK
	return DEPARTMENT_CHANGE
