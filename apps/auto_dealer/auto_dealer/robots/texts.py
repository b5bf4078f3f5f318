"""The texts of a robot: typed into it, or those of an Email Template that it names."""

from __future__ import annotations

from typing import Any

import frappe

from auto_dealer.robots.rules.plain_text import to_plain_text


def texts_of(robot: Any) -> tuple[str, str]:
	"""Subject and message as templates; `robot`: a document, or the parameters of a rule."""
	if not (name := robot.get("email_template")):
		return robot.get("subject") or "", robot.get("message") or ""
	template = frappe.get_cached_doc("Email Template", name)
	body = template.response_html if template.use_html else template.response
	return template.subject or "", to_plain_text(body)
