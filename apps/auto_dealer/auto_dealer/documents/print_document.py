"""A document's print as a guest gets it: HTML always, PDF where the bench has wkhtmltopdf."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator

import frappe
from frappe.model.document import Document
from frappe.utils.pdf import get_pdf
from frappe.www.printview import get_rendered_template

from auto_dealer.documents.contract_text import language_of

# Our prints carry their own styles: no script, no style sheet and no font is fetched from anywhere.
PAGE = """<!doctype html>
<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>{style}</style></head>
<body>{bar}<div class="print-format">{body}</div></body></html>"""
SCREEN = """@media screen { body { margin: 0; background: #e6e9ec; font-family: sans-serif; }
.print-format { box-sizing: border-box; max-width: 210mm; margin: 8mm auto; padding: 18mm 15mm 18mm 20mm; background: #fff; }
.bar { padding: 3mm; text-align: center; } }
@media screen and (max-width: 700px) { .print-format { margin: 0; padding: 6mm 4mm; } }
@media print { .bar { display: none; } }"""


def render_html(doctype: str, name: str, print_format: str, bar: str = "") -> str:
	"""A whole page in the document's language; `bar` is HTML above it on a screen.

	The caller answers for the right to see it.
	"""
	doc = frappe.get_doc(doctype, name)
	return _fill_page(doc, _render(doc, print_format), SCREEN, bar)


def render_pdf(doctype: str, name: str, print_format: str) -> bytes | None:
	"""None where the bench cannot make PDF files; then the HTML is what there is.

	Frappe's own page around a print fetches styles over HTTP, which fails on a server that cannot reach itself by
	its name; this one fetches nothing.
	"""
	if not can_make_pdf():
		return None
	doc = frappe.get_doc(doctype, name)
	page = _fill_page(doc, _render(doc, print_format))
	try:
		return get_pdf(page, {"load-error-handling": "ignore", "load-media-error-handling": "ignore"})
	except OSError:
		frappe.log_error(
			title="A document could not be made a PDF", reference_doctype=doctype, reference_name=name
		)
		return None


def _render(doc: Document, print_format: str) -> str:
	with language_of(doc), _printing():
		return get_rendered_template(doc, print_format=frappe.get_doc("Print Format", print_format))


def _fill_page(doc: Document, body: str, style: str = "", bar: str = "") -> str:
	title = frappe.utils.escape_html(doc.get_title() or doc.name)
	return PAGE.format(title=title, style=style, bar=bar, body=body)


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
