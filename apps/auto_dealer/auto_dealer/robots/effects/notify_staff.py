"""A notice in the bell of each recipient; an e-mail goes with it where the user's settings say so."""

from __future__ import annotations

import frappe
from frappe import _

from auto_dealer.robots.recipients import find_users
from auto_dealer.robots.render import render


class NobodyToTell(frappe.ValidationError):
	"""The robot's recipient is nobody."""


def run(robot, doc, params: dict, run) -> list[str]:
	users = find_users(doc, params)
	if not users:
		frappe.throw(_("There is nobody to tell: {0}").format(_(params.get("recipient") or "")), NobodyToTell)
	subject = render(params.get("subject") or robot.title, doc, is_html=True)
	text = render(params.get("message"), doc, is_html=True)
	for user in users:
		notice = frappe.get_doc(
			{
				"doctype": "Notification Log",
				"type": "Alert",
				"for_user": user,
				"from_user": "Administrator",
				"subject": subject,
				"email_content": text.replace("\n", "<br>") or None,
				"document_type": doc.doctype,
				"document_name": doc.name,
			}
		)
		# Nobody has the right to write into another one's bell.
		notice.insert(ignore_permissions=True)
	return [_("Notice to {0}").format(user) for user in users]
