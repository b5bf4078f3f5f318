"""What the rows of an import are compared with: users, pipelines, channels, currencies. Read once a run."""

from dataclasses import dataclass, field

import frappe
from frappe import _

from auto_dealer.clients.client_keys import phone_region
from auto_dealer.integrations.bitrix24.rules.headings import fold
from auto_dealer.integrations.bitrix24.rules.rows import ImportedRow
from auto_dealer.integrations.bitrix24.rules.stages import PipelineInfo, StageInfo
from auto_dealer.permissions.scopes import get_home_department
from auto_dealer.pipelines.load_pipeline import load
from auto_dealer.pipelines.rules.stages import PipelineRule
from auto_dealer.sales.create_lead_and_deal import default_enquiry_type

LOST_REASON = "Imported"
LANGUAGES = ("ru", "en")


@dataclass
class SiteFacts:
	"""The defaults of one import and the site's lists, for `SiteFacts.read(import_document)`."""

	user: str
	region: str
	currency: str
	enquiry_type: str
	non_target_type: str | None
	default_pipeline: PipelineInfo
	default_responsible: str | None
	default_department: str | None
	pipelines: tuple[PipelineInfo, ...] = ()
	rules: dict[str, PipelineRule] = field(default_factory=dict)
	users: dict[str, str] = field(default_factory=dict)
	channels: dict[str, str] = field(default_factory=dict)
	currencies: frozenset[str] = frozenset()
	departments: dict[str, str] = field(default_factory=dict)

	@classmethod
	def read(cls, document) -> "SiteFacts":
		rules = {
			name: load(name) for name in frappe.get_all("Deal Pipeline", {"is_enabled": 1}, pluck="name")
		}
		pipelines = tuple(
			_pipeline_info(rule) for rule in sorted(rules.values(), key=lambda rule: rule.sort_order)
		)
		default = next(
			(info for info in pipelines if info.name == document.default_pipeline),
			next((info for info in pipelines if rules[info.name].is_default), pipelines[0]),
		)
		company = frappe.db.get_single_value(
			"Dealer Settings", "company"
		) or frappe.defaults.get_global_default("company")
		return cls(
			user=frappe.session.user,
			region=phone_region(),
			currency=frappe.get_cached_value("Company", company, "default_currency") if company else "RUB",
			enquiry_type=document.default_enquiry_type or default_enquiry_type(),
			non_target_type=_first_enquiry_type(is_target=0),
			default_pipeline=default,
			default_responsible=document.default_responsible or None,
			default_department=document.default_department or None,
			pipelines=pipelines,
			rules=rules,
			users=_users(),
			channels={fold(name): name for name in frappe.get_all("Ad Channel", pluck="name")},
			currencies=frozenset(frappe.get_all("Currency", pluck="name")),
		)

	def responsible_of(self, row: ImportedRow) -> tuple[str | None, bool]:
		"""The user who answers for the row, and whether the name in the file was recognised (or empty)."""
		named = [row.responsible_email, fold(row.responsible)]
		found = next((self.users[name] for name in named if name and self.users.get(name)), None)
		return found or self.default_responsible, bool(found or not any(named))

	def department_of(self, responsible: str | None, pipeline: str | None = None) -> str | None:
		"""The responsible's department, else the import's, else the pipeline's."""
		if responsible and responsible not in self.departments:
			self.departments[responsible] = get_home_department(responsible)
		home = self.departments.get(responsible) if responsible else None
		return (
			home or self.default_department or (self.rules[pipeline].department if pipeline else None) or None
		)

	def channel_of(self, row: ImportedRow) -> str | None:
		return self.channels.get(fold(row.source)) if row.source else None


def make_sure_of_lost_reason() -> None:
	"""The reason of what was lost in Bitrix24; an admin may translate it, and finds it among the reasons."""
	if not frappe.db.exists("Lost Reason", LOST_REASON):
		# The import's own constant, whoever among the administrators starts it.
		frappe.get_doc({"doctype": "Lost Reason", "reason_name": LOST_REASON}).insert(ignore_permissions=True)


def _pipeline_info(rule: PipelineRule) -> PipelineInfo:
	stages = tuple(
		StageInfo(stage.name, stage.kind, (*_names(stage.name), *stage.former_names))
		for stage in rule.enabled
	)
	return PipelineInfo(rule.name, stages, _names(rule.name))


def _names(name: str) -> tuple[str, ...]:
	return tuple(_(name, lang=language) for language in LANGUAGES)


def _users() -> dict[str, str]:
	"""Enabled staff by e-mail and by name in either order; a name that two people have names nobody."""
	found: dict[str, str] = {}
	people = frappe.get_all(
		"User",
		{"enabled": 1, "user_type": "System User", "name": ("not in", ("Administrator", "Guest"))},
		["name", "email", "full_name", "first_name", "middle_name", "last_name"],
	)
	for person in people:
		first, last = person.first_name or "", person.last_name or ""
		names = {
			person.full_name or "",
			f"{first} {last}",
			f"{last} {first}",
			f"{last} {first} {person.middle_name or ''}",
		}
		for name in {fold(name) for name in names} - {""}:
			found[name] = person.name if found.get(name, person.name) == person.name else ""
		found[person.email.lower()] = person.name
	return found


def _first_enquiry_type(is_target: int = 1) -> str | None:
	wanted = {"is_enabled": 1, "is_secondary": 0, "is_target": is_target}
	return frappe.db.get_value("Enquiry Type", wanted, "name", order_by="creation")
