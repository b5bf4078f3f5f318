"""A chunk of deals, with the rules that a deal passes in `sales.deal_card` and in the pipelines' guard."""

from datetime import datetime, time
from typing import Any

import frappe
from frappe.utils import now_datetime

from auto_dealer.clients.search_index import index_many
from auto_dealer.integrations.bitrix24.bulk_insert import comment_row, insert_rows, stamps
from auto_dealer.integrations.bitrix24.chunk_clients import ChunkClients, Client
from auto_dealer.integrations.bitrix24.chunk_result import CREATED, ChunkResult
from auto_dealer.integrations.bitrix24.import_leads import fresh_rows, make_lead, tokens_of
from auto_dealer.integrations.bitrix24.lead_of_deal import FreeLeads, attach_repeat_leads, convert_leads
from auto_dealer.integrations.bitrix24.row_notes import notes_of
from auto_dealer.integrations.bitrix24.rules.rows import ImportedRow
from auto_dealer.integrations.bitrix24.rules.stages import Placement, place_deal
from auto_dealer.integrations.bitrix24.site_facts import LOST_REASON, SiteFacts
from auto_dealer.pipelines.guard_stage import set_stage_fields
from auto_dealer.pipelines.rules.stages import seconds_between
from auto_dealer.sales.numbering import next_names
from auto_dealer.sales.rules import enquiry
from auto_dealer.sales.rules.deal_card import make_title, queue_of


def import_deals(rows: list[ImportedRow], facts: SiteFacts) -> ChunkResult:
	"""Every deal gets its contact (R61) and, where the pipeline wants one, its lead (R12)."""
	result = ChunkResult()
	rows = fresh_rows("Auto Deal", rows, result, facts)
	if not rows:
		return result
	now = now_datetime().replace(microsecond=0)
	clients = ChunkClients(rows, facts.user)
	pairs = [(row, clients.find_or_make(row, row.created or now)) for row in rows]
	clients.write(now)
	free_leads = FreeLeads(rows, {client.name for _row, client in pairs})
	customers = _customers({client.name for _row, client in pairs if not client.is_new})
	chunk = _DealChunk(facts, now, free_leads, customers)
	for (row, client), name in zip(pairs, next_names("Auto Deal", len(rows)), strict=True):
		chunk.add(name, row, client)
		result.count(CREATED)
	chunk.write()
	return result


class _DealChunk:
	"""The rows to be written for a chunk of deals."""

	def __init__(self, facts: SiteFacts, now: datetime, free_leads: FreeLeads, customers: dict[str, str]):
		self.facts, self.now, self.free_leads, self.customers = facts, now, free_leads, customers
		self.deals: list[dict[str, Any]] = []
		self.logs: list[dict[str, Any]] = []
		self.comments: list[dict[str, Any]] = []
		self.new_leads: list[tuple[dict[str, Any], ImportedRow, Client]] = []
		self.converted: list[dict[str, Any]] = []

	def add(self, name: str, row: ImportedRow, client: Client) -> None:
		facts = self.facts
		placement = place_deal(row.pipeline, row.status, facts.pipelines, facts.default_pipeline)
		responsible, responsible_known = facts.responsible_of(row)
		deal = self._make(name, row, client, placement, responsible)
		self.deals.append(deal)
		self._link_lead(deal, row, client)
		self._log(deal, placement)
		unknown = dict(placement.unknown)
		unknown["responsible"] = "" if responsible_known else row.responsible
		unknown["source"] = (
			"" if deal["ad_channel"] else " – ".join(filter(None, (row.source, row.source_text)))
		)
		if text := notes_of(row, unknown):
			self.comments.append(comment_row("Auto Deal", name, text, deal["creation"], facts.user))

	def write(self) -> None:
		self._write_new_leads()
		insert_rows("Auto Deal", self.deals)
		insert_rows("Deal Stage Log", self.logs)
		insert_rows("Comment", self.comments)
		convert_leads(self.converted)
		attach_repeat_leads([deal for deal in self.deals if not deal["is_closed"]])

	def _make(
		self, name: str, row: ImportedRow, client: Client, placement: Placement, responsible: str | None
	) -> dict[str, Any]:
		facts = self.facts
		pipeline, stage = facts.rules[placement.pipeline.name], placement.stage.name
		created = row.created or self.now
		card = client.card
		department = facts.department_of(responsible, pipeline.name)
		moved = _moved_at(row, created) if stage != pipeline.entry_stage.name else created
		deal = frappe._dict(
			name=name,
			**stamps(created, max(row.modified or moved, created), facts.user),
			external_key=row.external_key,
			client_name=card.full_name,
			phone=card.mobile_no or card.phone or next(iter(row.person.phones), None),
			email=card.email_id or next(iter(row.person.emails), None),
			contact=client.name,
			customer=self.customers.get(client.name),
			client_kind=card.dealer_client_kind,
			pipeline=pipeline.name,
			stage=stage,
			amount=row.amount or 0,
			currency=row.currency or facts.currency,
			expected_close=row.close_date,
			responsible=responsible,
			department=department,
			ad_channel=facts.channel_of(row),
			queue=queue_of(responsible, department),
			lead=None,
			lost_reason=LOST_REASON,
			competitor=None,
			paid_amount=0,
			outstanding_amount=0,
		)
		deal.title = row.title or make_title(deal.client_name, None, deal.phone)
		set_stage_fields(deal, pipeline, pipeline.find(stage), moved)
		deal.is_unsorted = int(not deal.responsible and not deal.is_closed)
		# A deal that is won was paid in the old system; the ledger here knows nothing of it.
		deal.outstanding_amount = 0 if deal.result == "Won" else deal.amount
		return deal

	def _link_lead(self, deal: dict[str, Any], row: ImportedRow, client: Client) -> None:
		"""The client's own lead of the portal; a lead made for the deal where the pipeline takes none without (R12)."""
		deal["lead"] = self.free_leads.take(row, client.name, deal["creation"])
		if deal["lead"]:
			self.converted.append(deal)
		elif self.facts.rules[deal["pipeline"]].lead_required:
			self.new_leads.append((deal, row, client))

	def _write_new_leads(self) -> None:
		leads, tokens = [], []
		names = next_names("Auto Lead", len(self.new_leads)) if self.new_leads else []
		for name, (deal, row, client) in zip(names, self.new_leads, strict=True):
			lead = make_lead(name, row, client, self.facts, deal["creation"])
			lead.update(
				external_key=f"{row.external_key}:lead",
				status=enquiry.CONVERTED,
				deal=deal["name"],
				customer=deal["customer"],
				responsible=deal["responsible"],
				department=deal["department"],
				queue=deal["queue"],
				lost_reason=None,
				interest_text=None,
				first_response_at=deal["creation"],
			)
			deal["lead"] = name
			leads.append(lead)
			tokens.append(("Auto Lead", name, tokens_of(lead)))
		insert_rows("Auto Lead", leads)
		index_many(tokens)

	def _log(self, deal: dict[str, Any], placement: Placement) -> None:
		"""The beginning in the entry stage, then the one move to where the deal stands: all that an export tells."""
		entry = self.facts.rules[deal["pipeline"]].entry_stage.name
		self.logs.append(self._log_row(deal, None, entry, deal["creation"], 0))
		if deal["stage"] != entry:
			seconds = seconds_between(deal["creation"], deal["stage_changed_at"])
			self.logs.append(self._log_row(deal, entry, deal["stage"], deal["stage_changed_at"], seconds))

	def _log_row(
		self, deal: dict, from_stage: str | None, to_stage: str, at: datetime, seconds: int
	) -> dict[str, Any]:
		return {
			"name": frappe.generate_hash(length=10),
			**stamps(at, at, self.facts.user),
			"deal": deal["name"],
			"pipeline": deal["pipeline"],
			"from_stage": from_stage,
			"to_stage": to_stage,
			"reason": None,
			"changed_by": self.facts.user,
			"changed_at": at,
			"seconds_in_stage": seconds,
			"responsible": deal["responsible"],
			"department": deal["department"],
		}


def _moved_at(row: ImportedRow, created: datetime) -> datetime:
	"""When the deal came to its stage, as near as the export tells; never before it was made."""
	moved = row.modified or created
	if row.close_date and row.is_closed and row.close_date != moved.date():
		moved = datetime.combine(row.close_date, time(12))
	return max(moved, created)


def _customers(contacts: set[str]) -> dict[str, str]:
	"""The payer of each contact that has exactly one."""
	if not contacts:
		return {}
	rows = frappe.db.sql(
		"""select parent, min(link_name) from `tabDynamic Link` where parenttype = 'Contact'
		and link_doctype = 'Customer' and parent in %s group by parent having count(*) = 1""",
		(sorted(contacts),),
	)
	return dict(rows)
