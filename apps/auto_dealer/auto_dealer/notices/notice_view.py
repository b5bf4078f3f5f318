"""What the desk shows of a notice to one of its readers."""

from __future__ import annotations

import frappe
from frappe.model.document import Document
from frappe.utils import get_fullname

from auto_dealer.notices.labels import button_label, question
from auto_dealer.notices.react import as_rule
from auto_dealer.notices.rules.answers import RETURN, buttons_for

NOTICE = "Staff Notice"


def view(doc: Document, user: str) -> dict:
	"""Texts, the buttons that this user can press now, who has it; `leads_to` is the document it is about."""
	buttons = buttons_for(as_rule(doc), user)
	return {
		"name": doc.name,
		"subject": doc.subject,
		"text": doc.text or "",
		"kind": doc.kind,
		"status": doc.status,
		"question": question(doc.kind) if buttons else "",
		"owner": doc.owner_user,
		"owner_name": get_fullname(doc.owner_user) if doc.owner_user else "",
		"buttons": [
			{"answer": answer, "label": button_label(answer), "needs_comment": answer == RETURN}
			for answer in buttons
		],
		"asks_for_date": bool(doc.asks_for_date),
		"date_label": doc.date_label or "",
		"leads_to": [doc.reference_doctype, doc.reference_name] if doc.reference_name else None,
	}


def waiting_for(user: str) -> list[str]:
	"""Names of the notices that wait for this user's answer, the oldest first."""
	rows = frappe.db.sql(
		"""select n.name from `tabStaff Notice Recipient` r join `tabStaff Notice` n on n.name = r.parent
		where r.user = %s and n.kind != 'Info' and n.status in ('Open', 'Taken')
		and coalesce(n.owner_user, %s) = %s and (coalesce(r.answer, '') = '' or n.kind = 'Approval')
		and not (n.kind = 'First Wins' and n.status = 'Taken') order by n.creation limit 50""",
		(user, user, user),
		pluck=True,
	)
	return list(rows)
