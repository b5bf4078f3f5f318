"""The demo's year replayed through the app's own use cases, so that every rule has seen it; then dated back.

The documents' clock is not turned back: it stands in a dozen modules, and what is patched for a demo is missed when
a module is added. A move of a deal is told its moment (`flags.stage_at`, made for this and for imports); what else
bears the date of today (creation, first answer, comments) is set by SQL right after the use case.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import frappe
from frappe.utils import add_days, getdate

from auto_dealer.demo.photos import make_photo
from auto_dealer.demo.plan import SEED, Enquiry
from auto_dealer.demo.staff import email_of
from auto_dealer.pipelines.load_pipeline import load
from auto_dealer.pipelines.rules.stages import LOST, WON, deadline_of
from auto_dealer.sales.attach_lead import attach_lead
from auto_dealer.sales.close_lead import close_lead
from auto_dealer.sales.convert_lead import convert_lead
from auto_dealer.sales.take_to_work import take_lead_to_work

SELLERS = (("manager", 70), ("head", 20), ("admin", 10))
ROBOT = "Administrator"


_caches: dict[str, dict] = {}


@contextmanager
def acting_as(user: str) -> Iterator[None]:
	"""What happens in the block is done by this user, with his rights."""
	before = frappe.session.user
	_switch(user)
	try:
		yield
	finally:
		_switch(before)


def _switch(user: str) -> None:
	"""As `frappe.set_user`, which forgets all cached metadata; some thousand switches find theirs again."""
	if user == frappe.session.user:
		return
	_caches[frappe.session.user] = frappe.local.cache
	frappe.set_user(user)
	frappe.local.cache = _caches.setdefault(user, {})


class Year:
	"""Makes the documents of a plan's enquiries."""

	def __init__(self, contacts: dict[int, frappe._dict], made: dict[str, list[str]]):
		self.contacts, self.made = contacts, made
		self.random = Random(SEED + 1)
		self.open_deals: dict[int, str] = {}
		self.photo_count = 0

	def make(self, enquiry: Enquiry) -> None:
		seller = self._responsible(enquiry)
		if enquiry.status == "Attached to Deal":
			self._attach(enquiry, seller)
		elif enquiry.steps:
			self._make_deal(enquiry, seller)
		else:
			self._make_lead_only(enquiry, seller)

	# -- leads -------------------------------------------------------------------------------------

	def _make_lead_only(self, enquiry: Enquiry, seller: str) -> None:
		lead = self._insert_lead(enquiry, ROBOT)
		with acting_as(seller):
			if enquiry.status in ("Junk", "Refused"):
				take_lead_to_work(lead)
				close_lead(lead, enquiry.status, enquiry.reason)
			elif enquiry.status == "In Progress":
				take_lead_to_work(lead)
		self._date_lead(lead, enquiry)

	def _insert_lead(self, enquiry: Enquiry, user: str) -> str:
		with acting_as(user):
			lead = frappe.get_doc({"doctype": "Auto Lead", **self._lead_values(enquiry)})
			lead.responsible = None if user == ROBOT else user
			lead.flags.ignore_version = True
			lead.insert()
		self.made.setdefault("Auto Lead", []).append(lead.name)
		return lead.name

	def _lead_values(self, enquiry: Enquiry) -> dict:
		contact = self.contacts.get(enquiry.client) or frappe._dict(
			phone=f"+7495{self.random.randrange(1000000, 9999999)}"
		)
		return {
			"client_name": contact.full_name,
			"phone": contact.phone,
			"email": contact.email if enquiry.channel in ("Web Site", "Sales E-mail") else None,
			"enquiry_type": enquiry.enquiry_type,
			"ad_channel": enquiry.channel,
			"source_text": enquiry.source or None,
			"interest_make": enquiry.model.make if enquiry.model else None,
			"interest_model": enquiry.model.name if enquiry.model else None,
			"interest_text": enquiry.wish or None,
			"budget": enquiry.amount if enquiry.model else 0,
			"department": None if enquiry.pipeline is None else load(enquiry.pipeline).department or None,
		}

	def _attach(self, enquiry: Enquiry, seller: str) -> None:
		"""A repeat visit or call of a client with an open deal (R9-R11)."""
		deal = self.open_deals[enquiry.client]
		with acting_as(frappe.db.get_value("Auto Deal", deal, "responsible") or seller):
			lead = attach_lead(deal, values=self._lead_values(enquiry)).name
		self.made.setdefault("Auto Lead", []).append(lead)
		self._date_lead(lead, enquiry)
		_date_comments(deal, enquiry.at, ("like", f"%{lead}%"))

	def _date_lead(self, lead: str, enquiry: Enquiry) -> None:
		values = {"creation": enquiry.at, "modified": enquiry.last_at, "first_response_at": enquiry.answered}
		frappe.db.set_value("Auto Lead", lead, values, update_modified=False)

	# -- deals -------------------------------------------------------------------------------------

	def _make_deal(self, enquiry: Enquiry, seller: str) -> None:
		is_unsorted = len(enquiry.steps) == 1 and enquiry.has_lead
		user = ROBOT if is_unsorted else seller
		if enquiry.has_lead:
			lead = self._insert_lead(enquiry, user)
			with acting_as(user):
				name = convert_lead(lead, enquiry.pipeline, self._deal_values(enquiry))
		else:
			lead, name = None, self._insert_deal(enquiry, user)
		self.made.setdefault("Auto Deal", []).append(name)
		self._date_start(name, enquiry)
		with acting_as(user):
			self._walk(name, enquiry)
		if lead:
			self._date_lead(lead, enquiry)
		times = {"creation": enquiry.steps[0].at, "modified": enquiry.last_at}
		frappe.db.set_value("Auto Deal", name, times, update_modified=False)
		if not enquiry.result:
			self.open_deals[enquiry.client] = name

	def _insert_deal(self, enquiry: Enquiry, user: str) -> str:
		"""A deal that the dealer begins by himself: maintenance that is due, an extra payment."""
		with acting_as(user):
			deal = frappe.get_doc(
				{"doctype": "Auto Deal", "pipeline": enquiry.pipeline, **self._deal_values(enquiry)}
			)
			deal.contact = self.contacts[enquiry.client].name
			deal.responsible = None if user == ROBOT else user
			deal.flags.ignore_version = True
			return deal.insert().name

	def _deal_values(self, enquiry: Enquiry) -> dict:
		"""What is known from the start; the car of a sale and its price come with the contract."""
		contact = self.contacts[enquiry.client]
		is_sale = enquiry.pipeline in ("New Cars", "Used Cars")
		is_service = enquiry.pipeline in ("Body Repair", "Maintenance")
		values = {
			"needs_credit": int(enquiry.needs_credit),
			"credit_specialist": email_of("credit") if enquiry.needs_credit else None,
			"needs_appraisal": int(enquiry.needs_appraisal),
			"appraiser": email_of("appraiser" if is_sale else "diagnostician")
			if enquiry.needs_appraisal
			else None,
			"object_kind": self._object_kind(contact.kind) if is_service else None,
			"vehicle": enquiry.car.name if enquiry.car and not is_sale else None,
			"amount": enquiry.amount if self._is_priced(enquiry) else 0,
		}
		if not enquiry.result:
			values["expected_close"] = str(add_days(getdate(), self.random.randrange(2, 30)))
		if not enquiry.has_lead and enquiry.wish:
			values["title"] = f"{contact.full_name} – {enquiry.wish}"
		return {field: value for field, value in values.items() if value}

	@staticmethod
	def _is_priced(enquiry: Enquiry) -> bool:
		"""A sale once somebody has talked to the client; what is repaired or bought is priced later."""
		if enquiry.pipeline in ("New Cars", "Used Cars"):
			return len(enquiry.steps) > 1
		return enquiry.pipeline in ("Maintenance", "Short Payment")

	def _object_kind(self, client_kind: str) -> str | None:
		kind = (
			"Light Commercial Vehicle" if client_kind in ("Fleet", "Company (5-10 cars)") else "Passenger Car"
		)
		return kind if frappe.db.exists("Object Kind", kind) else None

	def _date_start(self, name: str, enquiry: Enquiry) -> None:
		"""The first stage began when the deal did."""
		first = enquiry.steps[0]
		deadline = deadline_of(load(enquiry.pipeline).find(first.stage), first.at)
		values = {"stage_changed_at": first.at, "stage_deadline": deadline}
		frappe.db.set_value("Auto Deal", name, values, update_modified=False)
		frappe.db.set_value("Deal Stage Log", {"deal": name}, "changed_at", first.at, update_modified=False)

	def _walk(self, name: str, enquiry: Enquiry) -> None:
		"""Stage by stage, filling what each one asks for."""
		if len(enquiry.steps) == 1:
			return
		deal = frappe.get_doc("Auto Deal", name)
		for step in enquiry.steps[1:]:
			self._fill(deal, step.stage, enquiry)
			deal.stage = step.stage
			deal.flags.stage_at = step.at
			deal.flags.ignore_version = True
			deal.save()
		if enquiry.comment:
			deal.add_comment("Comment", enquiry.comment)
			_date_comments(name, enquiry.steps[1].at, enquiry.comment)

	def _fill(self, deal, stage: str, enquiry: Enquiry) -> None:
		"""What the stage's own rule asks for, as the gate's dialog would."""
		rule = load(enquiry.pipeline).find(stage)
		if rule.kind == LOST:
			deal.lost_reason, deal.competitor = enquiry.reason, enquiry.competitor
		if "amount" in rule.required_fields:
			deal.amount = deal.amount or enquiry.amount
		if "vehicle" in rule.required_fields or rule.kind == WON:
			deal.vehicle = deal.vehicle or (enquiry.car.name if enquiry.car else None)
		if rule.asks_for_photo:
			for _ in range(enquiry.photos):
				self._attach_photo(deal.name)

	def _attach_photo(self, deal: str) -> None:
		self.photo_count += 1
		frappe.get_doc(
			{
				"doctype": "File",
				"file_name": f"{deal}-{self.photo_count}.png",
				"content": make_photo(self.photo_count),
				"is_private": 1,
				"attached_to_doctype": "Auto Deal",
				"attached_to_name": deal,
			}
		).insert()

	def _responsible(self, enquiry: Enquiry) -> str:
		if enquiry.pipeline in ("Body Repair", "Maintenance"):
			return email_of("service")
		if enquiry.pipeline in ("Buyout", "Commission"):
			return email_of("buyout")
		names, weights = zip(*SELLERS, strict=True)
		return email_of(self.random.choices(names, weights)[0])


def _date_comments(deal: str, at, content) -> None:
	"""Comments that were just written about a deal are dated back."""
	filters = {"reference_doctype": "Auto Deal", "reference_name": deal, "content": content}
	for name in frappe.get_all("Comment", filters, pluck="name"):
		frappe.db.set_value("Comment", name, {"creation": at, "modified": at}, update_modified=False)


def date_the_rest(made: dict[str, list[str]]) -> None:
	"""Stage log rows are as old as their moves; a client as his first enquiry; a car as its first deal."""
	deals, contacts, cars = made["Auto Deal"], made["Contact"], made["Auto Vehicle"]
	_caches.clear()
	# Changes of fields as of today would contradict the year that the deals tell.
	for doctype in ("Auto Lead", "Auto Deal"):
		frappe.db.delete("Version", {"ref_doctype": doctype, "docname": ("in", made[doctype])})
	frappe.db.sql(
		"update `tabDeal Stage Log` set creation = changed_at, modified = changed_at where deal in %s",
		(deals,),
	)
	frappe.db.sql(
		"""update `tabContact` c join (select contact, min(creation) as first from `tabAuto Lead` group by contact) l
		on l.contact = c.name set c.creation = l.first, c.modified = l.first where c.name in %s""",
		(contacts,),
	)
	frappe.db.sql(
		"""update `tabAuto Vehicle` v join (select vehicle, min(creation) as first from `tabAuto Deal` group by vehicle) d
		on d.vehicle = v.name set v.creation = d.first, v.modified = d.first where v.name in %s""",
		(cars,),
	)
