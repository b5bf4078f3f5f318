"""/my/<token>: one order for whoever has its link: status, estimate, photos, money, documents."""

from __future__ import annotations

import frappe
from frappe import _

from auto_dealer.orders import client_view
from auto_dealer.portal.answer import Download, Page, not_found
from auto_dealer.portal.link_tokens import count_view
from auto_dealer.portal.money import money_pattern
from auto_dealer.portal.order_questions import get_questions
from auto_dealer.portal.order_view import ORDER, find_order, get_version, get_view
from auto_dealer.portal.rules.photo import make_small

# Seconds between two looks of an open page.
POLL_SECONDS = 30
TYPES = {
	"pdf": "application/pdf",
	"jpg": "image/jpeg",
	"jpeg": "image/jpeg",
	"png": "image/png",
	"webp": "image/webp",
}


def show(token: str) -> Page:
	link = find_order(token)
	if not link:
		return not_found()
	count_view(link.name)
	# A GET is rolled back unless it says so; the view is to be counted.
	frappe.local.flags.commit = True
	order = get_view(link.reference_doctype, link.reference_name)
	return Page(
		"order",
		{
			"title": _("Order {0}").format(order["number"]),
			"order": order,
			"token": token,
			"questions": get_questions(link.reference_doctype, link.reference_name),
			"data": {
				"token": token,
				"version": get_version(link.reference_doctype, link.reference_name),
				"snapshot_hash": order["snapshot_hash"],
				"poll_seconds": POLL_SECONDS,
				"language": frappe.local.lang,
				"money": money_pattern(order["currency"]),
				"texts": get_texts(),
			},
		},
	)


def get_texts() -> dict[str, str]:
	"""What the page's script says."""
	return {
		"answer_all": _("Please answer about every line."),
		"name": _("Write your name."),
		"sending": _("Sending…"),
		"approve_sum": _("Send the answer: approved {0}"),
		"send": _("Send the answer"),
		"changed": _("The order has changed. Press to see it anew."),
		"asked": _("We have your question and will answer soon."),
		"empty": _("Write your question."),
	}


def document(token: str, key: str) -> Page | Download:
	"""A document of this very order; a foreign one looks like one that does not exist."""
	link = find_order(token)
	found = (
		client_view.document(link.reference_name, key) if link and link.reference_doctype == ORDER else None
	)
	return Download(found[0], found[1], _type(found[1])) if found else not_found()


def photo(token: str, key: str) -> Page | Download:
	"""A photo that the workshop shows; `?small` is for the page itself."""
	link = find_order(token)
	found = client_view.photo(link.reference_name, key) if link and link.reference_doctype == ORDER else None
	if not found:
		return not_found()
	if "small" in frappe.form_dict and (small := make_small(found[0])):
		return Download(small, "photo.jpg", "image/jpeg", is_inline=True, seconds=3600)
	kind = _type(found[1])
	return Download(found[0], found[1], kind, is_inline=kind.startswith("image/"), seconds=3600)


def _type(file_name: str) -> str:
	return TYPES.get(file_name.rpartition(".")[2].lower(), "application/octet-stream")
