"""The photos of a prepared car: when there are enough of them, the deal passes to sales."""

from __future__ import annotations

from datetime import timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from auto_dealer.notices import clock
from auto_dealer.processes import steps
from auto_dealer.processes.deal_course import try_for
from auto_dealer.processes.rules import detailing as rules
from auto_dealer.robots import schedule

DOCTYPE = "Detailing Request"
DEAL = "Auto Deal"
AGAIN = "auto_dealer.processes.photos.count_again"
COUNT_AGAIN = 10
IMAGES = ("jpg", "jpeg", "png", "webp", "heic", "gif")


class NoPhotos(frappe.ValidationError):
	"""The photographer's task is closed without a photo."""


def after_file(file: Document, method: str | None = None) -> None:
	"""Doc event of File: costs no SQL unless an image comes to a request or a deal."""
	if file.attached_to_doctype not in (DOCTYPE, DEAL) or not is_image(file.file_name or file.file_url):
		return
	if request := find_request(file):
		enough = cint(frappe.get_cached_doc("Preparation Settings").photos_needed)
		if enough and len(photos_of(request)) >= enough:
			try_to_pass(request)
		elif enough:
			# Of two photos that come at one time neither upload sees the other: they are counted once more.
			due = clock.now() + timedelta(seconds=COUNT_AGAIN)
			schedule.plan(f"photos:{request.name}", due, AGAIN, (DOCTYPE, request.name))


def count_again(doctype: str, name: str) -> str | None:
	"""Timed action, a moment after the last photo."""
	request = frappe.get_doc(doctype, name, for_update=True) if frappe.db.exists(doctype, name) else None
	enough = cint(frappe.get_cached_doc("Preparation Settings").photos_needed)
	if not request or request.state not in rules.SHOOTING or not enough or len(photos_of(request)) < enough:
		return None
	try_to_pass(request)
	return request.state


def on_task_closed(task: Document) -> None:
	"""The photographer is ready: with at least one photo the deal passes to sales."""
	if task.reference_type != DOCTYPE or not frappe.db.exists(DOCTYPE, task.reference_name):
		return
	request = frappe.get_doc(DOCTYPE, task.reference_name, for_update=True)
	if request.state not in rules.SHOOTING:
		return
	if not photos_of(request):
		frappe.throw(_("Attach the photos to {0} first.").format(request.name), NoPhotos)
	try_to_pass(request)


def try_to_pass(request: Document) -> None:
	"""A deal whose next stage refuses stays; the author is told why and passes it by hand later."""
	try_for(request, lambda: steps.apply(request, "Pass to Sales"))


def find_request(file: Document) -> Document | None:
	"""The request under way that waits for this file; locked."""
	by = (
		{"name": file.attached_to_name}
		if file.attached_to_doctype == DOCTYPE
		else {"deal": file.attached_to_name}
	)
	name = frappe.db.get_value(DOCTYPE, {**by, "state": ("in", rules.SHOOTING)})
	request = frappe.get_doc(DOCTYPE, name, for_update=True) if name else None
	return request if request and request.state in rules.SHOOTING else None


def photos_of(request: Document) -> list[frappe._dict]:
	"""Images that came to the request or its deal since the photographer has the task."""
	since = frappe.db.get_value("ToDo", request.photo_task, "creation") if request.photo_task else None
	if not since:
		return []
	files = frappe.get_all(
		"File",
		{
			"attached_to_doctype": ("in", (DOCTYPE, DEAL)),
			"attached_to_name": ("in", (request.name, request.deal)),
			"creation": (">=", since),
			"is_folder": 0,
		},
		["name", "file_name", "file_url", "is_private", "attached_to_doctype"],
	)
	return [file for file in files if is_image(file.file_name or file.file_url)]


def is_image(name: str | None) -> bool:
	return (name or "").rsplit(".", 1)[-1].lower() in IMAGES


def show_on_deal(request: Document) -> None:
	"""The sellers see the photos at the deal: the same files, attached there too."""
	for photo in photos_of(request):
		if photo.attached_to_doctype == DEAL:
			continue
		frappe.get_doc(
			{
				"doctype": "File",
				"file_name": photo.file_name,
				"file_url": photo.file_url,
				"is_private": photo.is_private,
				"attached_to_doctype": DEAL,
				"attached_to_name": request.deal,
			}
			# The photographer has no right on the deal; the photos belong to it.
		).insert(ignore_permissions=True)
