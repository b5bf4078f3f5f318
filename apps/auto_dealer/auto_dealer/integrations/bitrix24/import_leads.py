"""A chunk of leads, with the rules that an enquiry passes in `sales.lead_card`, applied to many at once."""

from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html, now_datetime

from auto_dealer.clients.rules.tokens import client_tokens
from auto_dealer.clients.search_index import index_many
from auto_dealer.integrations.bitrix24.bulk_insert import comment_row, insert_rows, stamps
from auto_dealer.integrations.bitrix24.chunk_clients import ChunkClients, Client
from auto_dealer.integrations.bitrix24.chunk_result import CREATED, MERGED, SKIPPED, ChunkResult
from auto_dealer.integrations.bitrix24.row_notes import notes_of
from auto_dealer.integrations.bitrix24.rules.rows import ImportedRow
from auto_dealer.integrations.bitrix24.rules.stages import lead_status
from auto_dealer.integrations.bitrix24.rules.values import one_line
from auto_dealer.integrations.bitrix24.site_facts import LOST_REASON, SiteFacts
from auto_dealer.sales.numbering import next_names
from auto_dealer.sales.rules import enquiry
from auto_dealer.sales.rules.deal_card import queue_of

AT_WORK = frozenset({enquiry.NEW, enquiry.IN_PROGRESS})


def import_leads(rows: list[ImportedRow], facts: SiteFacts) -> ChunkResult:
	"""An enquiry of a client with an open deal is attached to it (R9); a lead imported before is passed over."""
	result = ChunkResult()
	rows = fresh_rows("Auto Lead", rows, result, facts)
	if not rows:
		return result
	clients = ChunkClients(rows, facts.user)
	now = now_datetime().replace(microsecond=0)
	pairs = [(row, client_of_lead(row, clients, row.created or now)) for row in rows]
	clients.write(now)
	deals = newest_open_deals({client.name for _row, client in pairs if client and not client.is_new})
	names = next_names("Auto Lead", len(rows))
	leads, tokens, comments = [], [], []
	for (row, client), name in zip(pairs, names, strict=True):
		deal = deals.get(client.name) if client and lead_status(row.status)[0] in AT_WORK else None
		lead = make_lead(name, row, client, facts, row.created or now, deal)
		leads.append(lead)
		tokens.append(("Auto Lead", name, tokens_of(lead)))
		if deal:
			comments.append(_attached_note(deal, lead, facts.user))
		result.count(MERGED if deal else CREATED)
	insert_rows("Auto Lead", leads)
	insert_rows("Comment", comments)
	index_many(tokens)
	return result


def fresh_rows(
	doctype: str, rows: list[ImportedRow], result: ChunkResult, facts: SiteFacts
) -> list[ImportedRow]:
	"""The rows that are neither here already nor twice in the chunk nor in an unknown currency."""
	keys = [row.external_key for row in rows]
	known = set(
		frappe.get_all(doctype, filters={"external_key": ["in", keys]}, pluck="external_key", order_by=None)
	)
	fresh = []
	for row in rows:
		if row.external_key in known:
			result.count(SKIPPED)
		elif row.person.is_empty and not row.contact_id and not facts.non_target_type:
			result.refuse(row, "empty")
		elif row.currency and row.currency not in facts.currencies:
			result.refuse(row, "currency", row.currency)
		else:
			known.add(row.external_key)
			fresh.append(row)
	return fresh


def client_of_lead(row: ImportedRow, clients: ChunkClients, created: datetime) -> Client | None:
	"""The known client; a new one is made for whoever can be reached. A name alone identifies nobody, junk is nobody."""
	can_be_reached = row.person.phones or row.person.emails or row.person.messengers or row.contact_id
	if can_be_reached and lead_status(row.status)[0] != enquiry.JUNK:
		return clients.find_or_make(row, created)
	return clients.find(row)


def newest_open_deals(contacts: set[str]) -> dict[str, frappe._dict]:
	"""The newest open deal of each contact (decision 2)."""
	if not contacts:
		return {}
	rows = frappe.db.sql(
		"""select contact, name, responsible, department, customer from `tabAuto Deal`
		where contact in %s and is_closed = 0 order by creation, name""",
		(sorted(contacts),),
		as_dict=True,
	)
	return {row.contact: row for row in rows}


def make_lead(
	name: str,
	row: ImportedRow,
	client: Client | None,
	facts: SiteFacts,
	created: datetime,
	deal: frappe._dict | None = None,
) -> dict[str, Any]:
	"""The stored columns of a lead; what is not named here has its default in the database."""
	status, status_known = lead_status(row.status)
	responsible, responsible_known = facts.responsible_of(row)
	department = facts.department_of(responsible)
	channel = facts.channel_of(row)
	unknown = {
		"status": "" if status_known else row.status,
		"responsible": "" if responsible_known else row.responsible,
	}
	if deal:
		status = enquiry.ATTACHED
		responsible, department = responsible or deal.responsible, department or deal.department
	card = client.card if client else frappe._dict()
	person = row.person
	return {
		"name": name,
		**stamps(created, max(row.modified or created, created), facts.user),
		"external_key": row.external_key,
		"client_name": person.full_name or card.full_name or "",
		"phone": next(iter(person.phones), None) or card.mobile_no or None,
		"email": next(iter(person.emails), None) or card.email_id or None,
		"messenger": next(iter(person.messengers), None),
		"contact": client.name if client else None,
		"customer": deal.customer if deal else None,
		"status": status,
		"enquiry_type": facts.non_target_type if person.is_empty and not client else facts.enquiry_type,
		"ad_channel": channel,
		"source_text": one_line(" – ".join(filter(None, ("" if channel else row.source, row.source_text))))
		or None,
		"responsible": responsible,
		"department": department,
		"deal": deal.name if deal else None,
		"lost_reason": LOST_REASON if enquiry.needs_reason(status) else None,
		"budget": row.amount or 0,
		"interest_text": notes_of(row, unknown) or None,
		"first_response_at": created if enquiry.has_responded(None, status) else None,
		"queue": queue_of(responsible, department),
		"is_secondary": int(status == enquiry.ATTACHED),
	}


def tokens_of(lead: dict[str, Any]) -> set[str]:
	"""What a quick search finds the enquiry by."""
	given = [[lead[field]] if lead[field] else [] for field in ("phone", "email", "messenger")]
	return client_tokens(lead["client_name"], *given)


def _attached_note(deal: frappe._dict, lead: dict[str, Any], user: str) -> dict[str, Any]:
	"""The line in the deal's history that `sales.attach_lead` writes for a repeat contact."""
	row = comment_row("Auto Deal", deal.name, "", lead["creation"], user)
	link = f'<a href="/app/auto-lead/{lead["name"]}">{lead["name"]}</a>'
	text = _("Repeat contact {0}: {1}").format(link, escape_html(_(lead["enquiry_type"])))
	details = [lead[field] for field in ("ad_channel", "source_text", "interest_text") if lead[field]]
	return {**row, "comment_type": "Info", "content": "<br>".join([text, *map(escape_html, details)])}
