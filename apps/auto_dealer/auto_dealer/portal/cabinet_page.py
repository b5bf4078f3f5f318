"""/my: the pages of a client who has an account."""

from __future__ import annotations

import frappe
from frappe import _

from auto_dealer.portal.answer import Page
from auto_dealer.portal.cabinet_view import get_cabinet


def show() -> Page:
	if frappe.session.user == "Guest":
		return Page(redirect="/login?redirect-to=/my")
	cabinet = get_cabinet(frappe.session.user)
	# A GET is rolled back unless it says so; links that were made are to open.
	frappe.local.flags.commit = True
	return Page(
		"cabinet", {"title": _("My cars and orders"), "cabinet": cabinet, "name": frappe.utils.get_fullname()}
	)
