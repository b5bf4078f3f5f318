"""JSON that Frappe itself cannot parse: it answers 500 before any function of ours is called.

The hook `after_request` sees that answer, and gives the intake's own instead: the body is kept as a Failed event.
"""

from __future__ import annotations

import json

import frappe

from auto_dealer.channels.intake import take_in

INTAKE_PATHS = frozenset(
	f"/api/{prefix}method/auto_dealer.channels.api.intake" for prefix in ("", "v1/", "v2/")
)


def answer_broken_body(response=None, request=None) -> None:
	"""Replaces Frappe's 500 to an unreadable JSON body of the intake; looks at nothing else."""
	if not request or request.path not in INTAKE_PATHS or getattr(response, "status_code", 200) < 500:
		return
	if request.method != "POST" or not request.is_json or _is_json(request.get_data(cache=True)):
		return
	frappe.db.rollback()
	answer = take_in(request)
	frappe.db.commit()  # noqa: TID251
	response.status_code = answer.status
	response.set_data(json.dumps(answer.body, ensure_ascii=False))
	response.headers.extend(answer.headers)


def _is_json(body: bytes) -> bool:
	try:
		json.loads(body)
	except (ValueError, RecursionError):
		return False
	return True
