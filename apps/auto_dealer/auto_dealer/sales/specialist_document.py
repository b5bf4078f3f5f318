"""A document that a deal gets once, and the specialist who works on it: credit, appraisal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import frappe
from frappe.model.document import Document

SAVEPOINT = "dealer_specialist_document"


@dataclass(frozen=True)
class SpecialistDocument:
	"""`need` and `chosen` are the deal's fields (is one needed, who is named), `person` is the document's own."""

	doctype: str
	need: str
	chosen: str
	person: str
	final_stages: tuple[str, ...]
	# The deal → an unsaved document.
	make: Callable[[Document], Document]
	# What the person is told: the text of the task, the line in the bell.
	task_text: Callable[[Document], str]
	bell_text: Callable[[Document], str]
	# Writes down on the document that it was handed over; the caller saves.
	note_hand_over: Callable[[Document], None]

	def after_deal_change(self, deal: Document, before: Document | None = None) -> None:
		"""Asks nothing of the database unless the need or the person has just changed."""
		if not (deal.get(self.need) and deal.get(self.chosen)):
			return
		if before and all(before.get(field) == deal.get(field) for field in (self.need, self.chosen)):
			return
		self.open(deal)

	def open(self, deal: Document) -> str:
		"""The name of the deal's document; made when there is none, handed over when the person changed.

		Two saves at a time: the deal's row is locked by its save, and `deal` is unique. No locking read asks for what
		is not there: its gap lock would make deals that get their documents at one time deadlock.
		"""
		name = frappe.db.get_value(self.doctype, {"deal": deal.name}) or self.create(deal)
		if not name:
			# Made by somebody else since this transaction began: a locking read sees it.
			name = frappe.db.get_value(self.doctype, {"deal": deal.name}, for_update=True)
		self.hand_over(name, deal.get(self.chosen))
		return name

	def create(self, deal: Document) -> str | None:
		"""Inserted and assigned; None when the deal has one already."""
		document = self.make(deal)
		frappe.db.savepoint(SAVEPOINT)
		try:
			# The manager who asks for it has no right to make it; the deal's own rights were checked.
			document.insert(ignore_permissions=True)
		except frappe.UniqueValidationError:
			frappe.db.rollback(save_point=SAVEPOINT)
			frappe.clear_last_message()
			return None
		self.assign(document)
		return document.name

	def hand_over(self, name: str, user: str) -> None:
		"""Gives an open document to another person; the former one's task goes."""
		if frappe.db.get_value(self.doctype, name, self.person) == user:
			return
		document = frappe.get_doc(self.doctype, name, for_update=True)
		if document.get(self.person) == user or document.stage in self.final_stages:
			return
		self.release(document)
		document.set(self.person, user)
		document.flags.by_use_case = True
		self.note_hand_over(document)
		# As above: the manager names the person on the deal, which they may change.
		document.save(ignore_permissions=True)
		self.assign(document)

	def assign(self, document: Document) -> None:
		"""A task (assignment) and a line in the bell. A person who is unknown or switched off gets neither."""
		user = document.get(self.person)
		if not user or not frappe.db.get_value("User", user, "enabled"):
			return
		task = frappe.get_doc(
			{
				"doctype": "ToDo",
				"allocated_to": user,
				"reference_type": document.doctype,
				"reference_name": document.name,
				"description": self.task_text(document),
				"assigned_by": frappe.session.user,
			}
		)
		# A manager may not assign documents that only specialists write.
		task.insert(ignore_permissions=True)
		if user != frappe.session.user:
			notify(user, self.bell_text(document), document)

	def release(self, document: Document) -> None:
		"""Takes the task from the present person."""
		tasks = frappe.get_all(
			"ToDo",
			{
				"reference_type": document.doctype,
				"reference_name": document.name,
				"allocated_to": document.get(self.person),
				"status": "Open",
			},
			pluck="name",
		)
		for name in tasks:
			task = frappe.get_doc("ToDo", name)
			task.status = "Cancelled"
			# The task is the specialist's, the change the manager's.
			task.save(ignore_permissions=True)


def notify(user: str, subject: str, document: Document) -> None:
	"""A line in the user's bell, with a link to the document; no personal data in it."""
	notice = frappe.get_doc(
		{
			"doctype": "Notification Log",
			"type": "Alert",
			"for_user": user,
			"from_user": frappe.session.user,
			"document_type": document.doctype,
			"document_name": document.name,
			"subject": subject,
		}
	)
	# Notices are written for others, who alone may read them.
	notice.insert(ignore_permissions=True)


def find_people(role: str, text: str, start: int, length: int) -> list:
	"""Enabled users with the role whose name or login holds the text, as rows of a link search; checks no rights."""
	users = frappe.get_all("Has Role", {"role": role, "parenttype": "User"}, pluck="parent")
	return frappe.get_all(
		"User",
		filters={"enabled": 1, "name": ("in", users)},
		or_filters={"full_name": ("like", f"%{text}%"), "name": ("like", f"%{text}%")},
		fields=["name", "full_name"],
		order_by="full_name",
		limit_start=start,
		limit=length,
		as_list=True,
	)
