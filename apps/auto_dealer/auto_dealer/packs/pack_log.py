"""The log of applied packs: written by this package, never typed by hand."""

from __future__ import annotations

import frappe
from frappe import _


class WrittenByHand(frappe.PermissionError):
	"""Somebody tried to make, change or delete a row of the log."""


def refuse_by_hand(pack) -> None:
	"""A forged row would roll a pipeline back to what never was."""
	if not pack.flags.is_logged:
		frappe.throw(
			_("The log of packs is not written by hand. Apply a pack in the list of pipelines."), WrittenByHand
		)
