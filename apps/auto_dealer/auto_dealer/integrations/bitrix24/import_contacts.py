"""A chunk of contacts: made, or joined with the client who has the phone or e-mail already."""

from frappe.utils import now_datetime

from auto_dealer.integrations.bitrix24.bulk_insert import comment_row, insert_rows
from auto_dealer.integrations.bitrix24.chunk_clients import ChunkClients
from auto_dealer.integrations.bitrix24.chunk_result import CREATED, MERGED, SKIPPED, ChunkResult
from auto_dealer.integrations.bitrix24.row_notes import notes_of
from auto_dealer.integrations.bitrix24.rules.rows import ImportedRow
from auto_dealer.integrations.bitrix24.site_facts import SiteFacts


def import_contacts(rows: list[ImportedRow], facts: SiteFacts) -> ChunkResult:
	"""Writes nothing twice: a contact of the portal that was imported before is passed over."""
	result = ChunkResult()
	clients = ChunkClients(rows, facts.user)
	now = now_datetime().replace(microsecond=0)
	comments = []
	seen: set[str] = set()
	for row in rows:
		if clients.is_imported(row) or row.bitrix_id in seen:
			result.count(SKIPPED)
			continue
		seen.add(row.bitrix_id)
		known = clients.find(row)
		created = row.created or now
		client = clients.find_or_make(row, created)
		result.count(MERGED if known else CREATED)
		if text := notes_of(row):
			comments.append(comment_row("Contact", client.name, text, created, facts.user))
	clients.write(now)
	insert_rows("Comment", comments)
	return result
