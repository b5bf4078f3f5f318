""" "Invite to discuss" (R27): a colleague sees the deal, is told by the bell, and the question stands in its feed."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.share import add_docshare
from frappe.utils import escape_html


class NotAColleague(frappe.ValidationError):
	"""Only users of the desk can be invited."""


def invite(deal: str, user: str, message: str) -> Document:
	"""The comment that mentions the colleague. Whoever may edit the deal may show it to one more person, to read."""
	doc = frappe.get_doc("Auto Deal", deal)
	doc.check_permission("write")
	colleague = frappe.db.get_value(
		"User", {"name": user, "enabled": 1, "user_type": "System User"}, "full_name"
	)
	if not colleague:
		frappe.throw(_("{0} does not work here.").format(escape_html(user)), NotAColleague)
	if not doc.has_permission("read", user=user):
		# Roles need no general right to share: this shows one deal, to read only, and the feed says who did it.
		add_docshare("Auto Deal", deal, user, read=1, flags={"ignore_share_permission": True})
	return doc.add_comment("Comment", _mention(user, colleague, message))


def _mention(user: str, full_name: str, message: str) -> str:
	"""The markup in which Frappe's own comments mention a person."""
	name = escape_html(full_name)
	return (
		f'<div><span class="mention" data-id="{escape_html(user)}" data-value="{name}" data-denotation-char="@">'
		f"@{name}</span> {escape_html(message)}</div>"
	)
