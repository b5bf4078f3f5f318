"""A document's print as a guest gets it: HTML always, PDF where the bench has wkhtmltopdf."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator

import frappe
from frappe.utils.pdf import get_pdf
from frappe.www.printview import get_rendered_template

from auto_dealer.documents.contract_text import language_of

PAGE = "<!doctype html><html><head><meta charset='utf-8'></head><body><div class='print-format'>{}</div></body></html>"


def render_html(doctype: str, name: str, print_format: str | None) -> str:
	"""A whole page in the document's language. The caller answers for the right to see it."""
	doc = frappe.get_doc(doctype, name)
	with language_of(doc), _printing():
		return frappe.get_print(doctype, name, print_format=print_format, doc=doc)


def render_pdf(doctype: str, name: str, print_format: str | None) -> bytes | None:
	"""None where the bench cannot make PDF files; then the HTML is what there is.

	Our prints carry their own styles. Frappe's page around them fetches its own over HTTP, which fails on a server
	that cannot reach itself by its name, so the bare print is what becomes the PDF.
	"""
	if not can_make_pdf() or not print_format:
		return None
	doc = frappe.get_doc(doctype, name)
	with language_of(doc), _printing():
		body = get_rendered_template(doc, print_format=frappe.get_doc("Print Format", print_format))
	try:
		return get_pdf(
			PAGE.format(body), {"load-error-handling": "ignore", "load-media-error-handling": "ignore"}
		)
	except OSError:
		frappe.log_error(
			title="A document could not be made a PDF", reference_doctype=doctype, reference_name=name
		)
		return None


def can_make_pdf() -> bool:
	return bool(shutil.which("wkhtmltopdf"))


@contextlib.contextmanager
def _printing() -> Iterator[None]:
	"""Frappe's own check asks for the user's rights; a guest has none, and the link has been checked instead."""
	before = frappe.flags.ignore_print_permissions
	frappe.flags.ignore_print_permissions = True
	try:
		yield
	finally:
		frappe.flags.ignore_print_permissions = before
