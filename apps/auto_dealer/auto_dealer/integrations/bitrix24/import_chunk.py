"""One chunk of rows: written whole or, when the database refuses something in it, in halves down to the bad row."""

import frappe

from auto_dealer.integrations.bitrix24.chunk_result import ChunkResult
from auto_dealer.integrations.bitrix24.import_contacts import import_contacts
from auto_dealer.integrations.bitrix24.import_deals import import_deals
from auto_dealer.integrations.bitrix24.import_leads import import_leads
from auto_dealer.integrations.bitrix24.reasons import plain
from auto_dealer.integrations.bitrix24.rules.headings import CONTACT, DEAL, LEAD
from auto_dealer.integrations.bitrix24.rules.rows import ImportedRow, Refusal
from auto_dealer.integrations.bitrix24.site_facts import SiteFacts

WRITERS = {CONTACT: import_contacts, LEAD: import_leads, DEAL: import_deals}
SAVEPOINT = "bitrix24_rows"
# Another transaction stood in the way: the whole chunk is done again, nothing is wrong with its rows.
CONFLICTS = (frappe.QueryDeadlockError, frappe.QueryTimeoutError)


def import_chunk(rows: list[ImportedRow | Refusal], kind: str, facts: SiteFacts) -> ChunkResult:
	"""Writes the rows inside the open transaction; a row that cannot be stored is refused and spoils no other."""
	result = ChunkResult()
	for row in rows:
		if isinstance(row, Refusal):
			result.take(row)
	_import_rows([row for row in rows if isinstance(row, ImportedRow)], kind, facts, result)
	return result


def _import_rows(rows: list[ImportedRow], kind: str, facts: SiteFacts, result: ChunkResult) -> None:
	if not rows:
		return
	frappe.db.savepoint(SAVEPOINT)
	try:
		result.add(WRITERS[kind](rows, facts))
	except CONFLICTS:
		raise
	except Exception as error:
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.clear_messages()
		if len(rows) == 1:
			result.refuse(rows[0], "database", plain(error))
			return
		middle = len(rows) // 2
		_import_rows(rows[:middle], kind, facts, result)
		_import_rows(rows[middle:], kind, facts, result)
