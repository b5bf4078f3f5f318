"""What a guest with a public link sees."""

from __future__ import annotations

from urllib.parse import urlencode

from werkzeug.wrappers import Response

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit

from auto_dealer.documents.print_document import can_make_pdf, render_html, render_pdf
from auto_dealer.documents.public_link import count_view, find_open_link

# Opens of one address a minute; guessing 32 random bytes is hopeless in any case.
MOST_VIEWS, SECONDS = 60, 60
HEADERS = {
	"Cache-Control": "private, no-store",
	"Referrer-Policy": "no-referrer",
	"X-Robots-Tag": "noindex, nofollow",
	"X-Content-Type-Options": "nosniff",
	"Content-Security-Policy": "script-src 'none'; frame-ancestors 'none'",
}


@frappe.whitelist(allow_guest=True, methods=["GET"])
@rate_limit(limit=MOST_VIEWS, seconds=SECONDS)
def get_document(token: str = "", pdf: str = "") -> Response:
	"""The print of the link's one document. A stranger without the secret learns nothing: a wrong, expired or
	revoked secret and one whose document is gone get the same 404."""
	link = find_open_link(token)
	if not link:
		return _answer(_page_not_found(), 404)
	source = (link.reference_doctype, link.reference_name, link.print_format)
	content = render_pdf(*source) if pdf else None
	count_view(link.name)
	# A GET is rolled back unless it says so; the view is to be counted.
	frappe.local.flags.commit = True
	if content:
		return _answer(content, 200, "application/pdf")
	return _answer(render_html(*source, bar=_bar(token)), 200)


def _bar(token: str) -> str:
	"""The way to the PDF, where the bench makes PDF files."""
	if not can_make_pdf():
		return ""
	return f"<p class='bar'><a href='?{urlencode({'token': token, 'pdf': 1})}'>PDF</a></p>"


def _answer(content: str | bytes, status: int, content_type: str = "text/html; charset=utf-8") -> Response:
	return Response(content, status=status, content_type=content_type, headers=HEADERS)


def _page_not_found() -> str:
	text = frappe.utils.escape_html(
		_("This link is not valid, or no longer. Please ask the dealer for a new one.")
	)
	return f"<!doctype html><meta charset='utf-8'><title>404</title><p>{text}</p>"
