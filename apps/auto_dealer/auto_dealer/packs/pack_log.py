"""The log of applied packs: written by this package, never typed by hand."""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime


class WrittenByHand(frappe.PermissionError):
	"""Somebody tried to make, change or delete a row of the log."""


def refuse_by_hand(pack) -> None:
	"""A forged row would roll a pipeline back to what never was."""
	if not pack.flags.is_logged:
		frappe.throw(
			_("The log of packs is not written by hand. Apply a pack in the list of pipelines."),
			WrittenByHand,
		)


def write(
	*,
	before: dict[str, Any],
	after: dict[str, Any],
	moved: list[dict[str, Any]],
	**values: Any,
) -> str:
	"""A row for a pack that was just applied; gives its name."""
	pack = frappe.new_doc("Pipeline Pack")
	pack.update({**values, "status": "Applied", "applied_by": frappe.session.user})
	pack.update(
		{
			"state_before": _text(before),
			"state_after": _text(after),
			"moved_deals": _text(moved),
			"deals_moved": sum(row["count"] for row in moved),
		}
	)
	pack.flags.is_logged = True
	return pack.insert().name


def mark_rolled_back(pack) -> None:
	pack.update(
		{"status": "Rolled Back", "rolled_back_by": frappe.session.user, "rolled_back_at": now_datetime()}
	)
	pack.flags.is_logged = True
	# The roll-back may have deleted the pipeline.
	pack.flags.ignore_links = True
	pack.save()


def _text(value: Any) -> str:
	return json.dumps(value, ensure_ascii=False, default=str)
