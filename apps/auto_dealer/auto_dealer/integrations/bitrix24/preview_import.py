"""What an import would do, without doing it."""

from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

import frappe

from auto_dealer.integrations.bitrix24.attached_files import Export, read_exports
from auto_dealer.integrations.bitrix24.chunk_clients import identity_keys, portal_key
from auto_dealer.integrations.bitrix24.chunk_result import CREATED, MERGED, REFUSED, SKIPPED
from auto_dealer.integrations.bitrix24.reasons import describe
from auto_dealer.integrations.bitrix24.rules.headings import CONTACT, DEAL, LEAD
from auto_dealer.integrations.bitrix24.rules.rows import ImportedRow, Refusal
from auto_dealer.integrations.bitrix24.rules.stages import lead_status, place_deal
from auto_dealer.integrations.bitrix24.site_facts import SiteFacts

SHOWN_ROWS = 10
SHOWN_REFUSALS = 50
CHUNK = 1000
DOCTYPES = {LEAD: "Auto Lead", DEAL: "Auto Deal"}


@dataclass
class FilePreview:
	"""Counts and first rows of one file, ready for JSON."""

	kind: str
	encoding: str
	delimiter: str
	unknown_headings: list[str]
	counts: dict[str, int] = field(
		default_factory=lambda: dict.fromkeys((CREATED, MERGED, SKIPPED, REFUSED), 0)
	)
	known_clients: int = 0
	unknown_names: dict[str, int] = field(default_factory=dict)
	rows: list[dict[str, Any]] = field(default_factory=list)
	refusals: list[dict[str, Any]] = field(default_factory=list)


def make_preview(document) -> list[dict[str, Any]]:
	"""One entry a file: how many rows are new, join a known client or deal, are here already, are refused and why.

	Two rows of one new client in one file count as the import will count them; which lead becomes which deal is seen
	in the import only.
	"""
	facts = SiteFacts.read(document)
	return [asdict(_preview_file(export, facts)) for export in read_exports(document)]


def _preview_file(export: Export, facts: SiteFacts) -> FilePreview:
	table = export.table
	preview = FilePreview(export.kind, table.encoding, table.delimiter, export.unknown_headings())
	rows = export.rows(facts.region)
	seen: set[str] = set()
	while chunk := list(islice(rows, CHUNK)):
		_preview_chunk(preview, chunk, facts, seen)
	return preview


def _preview_chunk(
	preview: FilePreview, chunk: list[ImportedRow | Refusal], facts: SiteFacts, seen: set[str]
) -> None:
	rows = [row for row in chunk if isinstance(row, ImportedRow)]
	imported = _imported(preview.kind, rows)
	owners = _owners(rows)
	open_deals = _contacts_with_open_deal(set(owners.values())) if preview.kind == LEAD else set()
	for row in chunk:
		if isinstance(row, Refusal):
			_add_refusal(preview, row)
			continue
		keys = identity_keys(row.person)
		owner = next((owners[key] for key in [portal_key(row), *keys] if key in owners), None)
		outcome = _outcome(preview, row, owner, imported, open_deals, seen, keys)
		if row.currency and row.currency not in facts.currencies and outcome != SKIPPED:
			_add_refusal(preview, Refusal(row.line, "currency", (row.currency,), row.cells))
			continue
		preview.counts[outcome] += 1
		preview.known_clients += bool(owner)
		seen.update((row.external_key, *(keys if preview.kind == CONTACT else ())))
		_note_unknown(preview, row, facts)
		if len(preview.rows) < SHOWN_ROWS:
			preview.rows.append(_shown(row, outcome, owner, facts))


def _outcome(
	preview: FilePreview,
	row: ImportedRow,
	owner: str | None,
	imported: set[str],
	open_deals: set[str],
	seen: set[str],
	keys: list[str],
) -> str:
	if row.external_key in imported or row.external_key in seen:
		return SKIPPED
	if preview.kind == CONTACT:
		return MERGED if owner or seen.intersection(keys) else CREATED
	if preview.kind == LEAD and owner in open_deals and lead_status(row.status)[0] in ("New", "In Progress"):
		return MERGED
	return CREATED


def _add_refusal(preview: FilePreview, refusal: Refusal) -> None:
	preview.counts[REFUSED] += 1
	if len(preview.refusals) < SHOWN_REFUSALS:
		text = "; ".join(cell for cell in refusal.cells if cell)[:200]
		reason = describe(refusal.code, refusal.values)
		preview.refusals.append({"line": refusal.line, "reason": reason, "text": text})


def _shown(row: ImportedRow, outcome: str, owner: str | None, facts: SiteFacts) -> dict[str, Any]:
	responsible, _known = facts.responsible_of(row)
	stage = row.status
	if row.kind == LEAD:
		stage = lead_status(row.status)[0]
	elif row.kind == DEAL:
		placed = place_deal(row.pipeline, row.status, facts.pipelines, facts.default_pipeline)
		stage = f"{frappe._(placed.pipeline.name)}: {frappe._(placed.stage.name)}"
	return {
		"line": row.line,
		"id": row.bitrix_id,
		"client": row.person.full_name or row.linked_contact,
		"phone": ", ".join(row.person.phones),
		"title": row.title,
		"stage": stage,
		"amount": row.amount,
		"created": str(row.created or ""),
		"responsible": responsible or "",
		"outcome": outcome,
		"known_client": owner or "",
	}


def _note_unknown(preview: FilePreview, row: ImportedRow, facts: SiteFacts) -> None:
	"""Names of the file that nothing here answers to, with how often they come."""
	names = []
	# A contact has no responsible here.
	if row.kind != CONTACT and not facts.responsible_of(row)[1]:
		names.append(row.responsible)
	if row.kind == LEAD and not lead_status(row.status)[1]:
		names.append(row.status)
	if row.kind == DEAL:
		names += place_deal(
			row.pipeline, row.status, facts.pipelines, facts.default_pipeline
		).unknown.values()
	for name in names:
		preview.unknown_names[name] = preview.unknown_names.get(name, 0) + 1


def _imported(kind: str, rows: list[ImportedRow]) -> set[str]:
	keys = [row.external_key for row in rows]
	if not keys:
		return set()
	if kind == CONTACT:
		return set(
			frappe.get_all("Client Key", {"name": ("in", keys), "contact": ("is", "set")}, pluck="name")
		)
	return set(frappe.get_all(DOCTYPES[kind], {"external_key": ("in", keys)}, pluck="external_key"))


def _owners(rows: list[ImportedRow]) -> dict[str, str]:
	"""The contact of each key that has one."""
	keys = {key for row in rows for key in (portal_key(row), *identity_keys(row.person)) if key}
	if not keys:
		return {}
	found = frappe.get_all(
		"Client Key",
		{"name": ("in", sorted(keys)), "contact": ("is", "set")},
		["name", "contact"],
		as_list=True,
	)
	by_name = {name.lower(): contact for name, contact in found}
	return {key: by_name[key.lower()] for key in keys if key.lower() in by_name}


def _contacts_with_open_deal(contacts: set[str]) -> set[str]:
	if not contacts:
		return set()
	return set(
		frappe.get_all("Auto Deal", {"contact": ("in", sorted(contacts)), "is_closed": 0}, pluck="contact")
	)
