"""Shows the portal's pages: Frappe's `page_renderer` hook. No desk or website bundle is loaded.

path ── rules.routes ──> page ── its function ──> Page(template, context, status) ──> HTML in the portal's shell
"""

from __future__ import annotations

from werkzeug.wrappers import Response

import frappe
from frappe import _
from frappe.website.page_renderers.base_renderer import BaseRenderer

from auto_dealer.portal.answer import Download, Page, message
from auto_dealer.portal.guest_language import use_language
from auto_dealer.portal.guest_limits import check_rate
from auto_dealer.portal.rules.routes import find_route
from auto_dealer.portal.shell import get_shell

# Opens of one address a minute; guessing 32 random bytes is hopeless in any case.
MOST_VIEWS, SECONDS = 120, 60
HEADERS = {
	"Cache-Control": "private, no-store",
	"Content-Security-Policy": (
		"default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; script-src 'self'; "
		"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
	),
	"Referrer-Policy": "no-referrer",
	"X-Content-Type-Options": "nosniff",
}
FOR_ALL = ("book", "estimate")
# Page → the function that makes it, called with what stood in the address.
PAGES = {
	"book": "auto_dealer.portal.book_page.show",
	"booking": "auto_dealer.portal.booking_page.show",
	"booking_calendar": "auto_dealer.portal.booking_page.calendar",
	"cabinet": "auto_dealer.portal.cabinet_page.show",
	"estimate": "auto_dealer.portal.estimate_page.show",
	"order": "auto_dealer.portal.order_page.show",
	"order_document": "auto_dealer.portal.order_page.document",
	"order_photo": "auto_dealer.portal.order_page.photo",
}


class PortalPage(BaseRenderer):
	def __init__(self, path=None, http_status_code=None):
		super().__init__(path, http_status_code)
		self.route = find_route(self.path)

	def can_render(self) -> bool:
		return bool(self.route) and self.route.page in PAGES

	def render(self) -> Response:
		use_language()
		try:
			check_rate("page", MOST_VIEWS, SECONDS)
		except frappe.RateLimitExceededError as error:
			frappe.clear_messages()
			return self._respond(message(_("Too Many Requests"), str(error), 429))
		return self._respond(frappe.get_attr(PAGES[self.route.page])(**self.route.parts))

	def _respond(self, answer: Page | Download) -> Response:
		headers = dict(HEADERS)
		if self.route.page not in FOR_ALL:
			headers["X-Robots-Tag"] = "noindex, nofollow"
		if isinstance(answer, Download):
			headers["Content-Disposition"] = answer.disposition()
			if answer.seconds:
				headers["Cache-Control"] = f"private, max-age={answer.seconds}"
			return Response(answer.content, 200, headers, content_type=answer.content_type)
		if answer.redirect:
			return Response("", 302, {**headers, "Location": answer.redirect})
		html = frappe.get_template(f"templates/portal/{answer.template}.html").render(
			{**get_shell(), **answer.context}
		)
		return Response(html, answer.status, headers, content_type="text/html; charset=utf-8")
