"""For a moment the rights of another user: of the one whom an e-mail link belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import frappe


@contextmanager
def acting_as(user: str) -> Iterator[None]:
	"""In this block the session is `user`'s; afterwards it is what it was, whoever was logged in."""
	session = frappe.local.session
	before, sid, data, form = session.user, session.sid, session.data, frappe.local.form_dict
	frappe.set_user(user)
	try:
		yield
	finally:
		frappe.set_user(before)
		frappe.local.session.sid = sid
		frappe.local.session.data = data
		frappe.local.form_dict = form
