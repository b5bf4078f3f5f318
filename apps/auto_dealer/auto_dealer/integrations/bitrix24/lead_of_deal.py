"""Which lead of the portal became which deal. The CSV export of deals seldom says it: the client and the dates do."""

from datetime import datetime
from typing import Any

import frappe

from auto_dealer.integrations.bitrix24.import_leads import AT_WORK
from auto_dealer.integrations.bitrix24.rules.headings import LEAD
from auto_dealer.integrations.bitrix24.rules.rows import ImportedRow, external_key
from auto_dealer.sales.rules import enquiry

PORTAL_LEADS = "bitrix24:lead:%"


class FreeLeads:
	"""Imported leads of these clients that belong to no deal yet, each taken once; their rows are locked."""

	def __init__(self, rows: list[ImportedRow], contacts: set[str]):
		keys = [external_key(LEAD, row.lead_id) for row in rows if row.lead_id] or [""]
		leads = frappe.db.sql(
			"""select name, contact, status, creation, external_key from `tabAuto Lead`
			where (contact in %s or external_key in %s) and external_key like %s and ifnull(deal, '') = ''
			and status in %s order by name for update""",
			(sorted(contacts), keys, PORTAL_LEADS, (*AT_WORK, enquiry.CONVERTED)),
			as_dict=True,
		)
		self.by_key = {lead.external_key: lead for lead in leads}
		self.by_contact: dict[str, list[frappe._dict]] = {}
		for lead in leads:
			self.by_contact.setdefault(lead.contact, []).append(lead)
		self.taken: set[str] = set()

	def take(self, row: ImportedRow, contact: str, created: datetime) -> str | None:
		"""The lead that the export names, else the client's: a converted one first, the last before the deal first."""
		named = self.by_key.get(external_key(LEAD, row.lead_id)) if row.lead_id else None
		candidates = [named] if named else self.by_contact.get(contact, [])
		free = [lead for lead in candidates if lead.name not in self.taken]
		if not free:
			return None
		best = max(
			free, key=lambda lead: (lead.status == enquiry.CONVERTED, lead.creation <= created, lead.creation)
		)
		self.taken.add(best.name)
		return best.name


def convert_leads(deals: list[dict[str, Any]]) -> None:
	"""As `sales.claim_lead.mark_converted`, for many: one UPDATE."""
	if not deals:
		return
	part = "select %s as lead, %s as deal, %s as contact, %s as customer, %s as responsible, %s as department, %s as queue"
	fields = ("lead", "name", "contact", "customer", "responsible", "department", "queue")
	frappe.db.sql(
		f"""update `tabAuto Lead` l join ({" union all ".join([part] * len(deals))}) d on d.lead = l.name
		set l.status = %s, l.deal = d.deal, l.contact = d.contact,
			l.customer = if(ifnull(l.customer, '') = '', d.customer, l.customer),
			l.department = if(ifnull(l.responsible, '') = '' and d.responsible is not null, d.department, l.department),
			l.queue = if(ifnull(l.responsible, '') = '' and d.responsible is not null, d.queue, l.queue),
			l.responsible = if(ifnull(l.responsible, '') = '', d.responsible, l.responsible),
			l.first_response_at = ifnull(l.first_response_at, l.creation)""",  # noqa: S608 - only repeats a constant
		[*(deal[field] for deal in deals for field in fields), enquiry.CONVERTED],
	)


def attach_repeat_leads(open_deals: list[dict[str, Any]]) -> None:
	"""Open leads of the portal whose client now has an open deal: repeat contacts, counted as such (R9-R11)."""
	if not open_deals:
		return
	deal_of = {deal["contact"]: deal["name"] for deal in open_deals}
	leads = frappe.db.sql(
		"""select name, contact from `tabAuto Lead` where contact in %s and external_key like %s
		and ifnull(deal, '') = '' and status in %s""",
		(sorted(deal_of), PORTAL_LEADS, tuple(AT_WORK)),
	)
	for lead, contact in leads:
		values = {"status": enquiry.ATTACHED, "deal": deal_of[contact], "is_secondary": 1}
		frappe.db.set_value("Auto Lead", lead, values, update_modified=False)
