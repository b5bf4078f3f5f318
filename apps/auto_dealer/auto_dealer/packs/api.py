"""What the desk calls about packs. All of it needs the right to make rows of Pipeline Pack: packs carry robots,
their addresses and their rights."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import sbool

from auto_dealer.packs import apply_pack as applying
from auto_dealer.packs import export_pack as exporting
from auto_dealer.packs import roll_back as rolling
from auto_dealer.packs.rules.pack_format import write
from auto_dealer.packs.shipped import list_shipped

LOG = "Pipeline Pack"


@frappe.whitelist()
def get_pack(pipeline: str) -> dict[str, str]:
	"""The pipeline as a file: {filename, content}. For portal administrators and system managers."""
	frappe.has_permission(LOG, "create", throw=True)
	frappe.get_doc("Deal Pipeline", pipeline).check_permission("read")
	return {
		"filename": f"{frappe.scrub(pipeline).replace('/', '_')}.pipeline.json",
		"content": write(exporting.export_pack(pipeline)),
	}


@frappe.whitelist()
def get_shipped_packs() -> list[dict[str, str]]:
	"""The packs that come with the app, to start anew from one: [{value, label}]."""
	frappe.has_permission(LOG, "create", throw=True)
	return [{"value": name, "label": _(name)} for name in list_shipped()]


@frappe.whitelist(methods=["POST"])
def preview_pack(
	content: str | None = None, shipped: str | None = None, pipeline: str | None = None
) -> dict[str, Any]:
	"""What the pack would change, and what keeps it from working here. Changes nothing."""
	frappe.has_permission(LOG, "create", throw=True)
	return applying.preview(_content(content, shipped), pipeline)


@frappe.whitelist(methods=["POST"])
def apply_pack(
	token: str,
	content: str | None = None,
	shipped: str | None = None,
	pipeline: str | None = None,
	targets: dict[str, str] | str | None = None,
) -> str:
	"""Applies the pack to the pipeline as `token` of the preview saw it; gives the row of the log."""
	frappe.has_permission(LOG, "create", throw=True)
	source = "Shipped" if shipped else "File"
	return applying.apply_pack(
		_content(content, shipped), token, pipeline, frappe.parse_json(targets), source
	)


@frappe.whitelist()
def get_changes(pack: str) -> dict[str, Any]:
	"""What an applied pack has changed, in the reader's language. For those who may read the log."""
	doc = frappe.get_doc(LOG, pack)
	doc.check_permission("read")
	return rolling.describe_applied(doc)


@frappe.whitelist(methods=["POST"])
def preview_roll_back(pack: str) -> dict[str, Any]:
	"""What a roll-back would change and which later edits it would lose. Changes nothing."""
	frappe.has_permission(LOG, "create", throw=True)
	doc = frappe.get_doc(LOG, pack)
	doc.check_permission("write")
	return rolling.preview_roll_back(doc)


@frappe.whitelist(methods=["POST"])
def roll_back(
	pack: str, targets: dict[str, str] | str | None = None, lose_later_edits: bool | str = False
) -> None:
	"""Restores what was before the pack; refuses to lose later edits unless told to."""
	frappe.has_permission(LOG, "create", throw=True)
	rolling.roll_back(pack, frappe.parse_json(targets), sbool(lose_later_edits) is True)


def _content(content: str | None, shipped: str | None) -> str:
	if not shipped:
		return content or ""
	packs = list_shipped()
	if shipped not in packs:
		frappe.throw(_("There is no shipped pack {0}").format(frappe.utils.escape_html(shipped)))
	return packs[shipped]
