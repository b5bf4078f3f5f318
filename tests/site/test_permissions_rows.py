"""Who sees which lead and deal: lists, documents and REST say the same about every person and every document."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from factories import make_department, make_row, make_staff
from site_fixtures import ApiSession

import frappe

from auto_dealer.permissions.scopes import get_scope, get_viewer

LEAD, DEAL = "Auto Lead", "Auto Deal"


class World:
	"""Two departments, one with a part below it; people of every kind; documents of every situation."""

	def __init__(self) -> None:
		self.new = make_department("Perm 100% New")
		self.vip = make_department("Perm VIP", self.new)
		self.used = make_department("Perm 'Used'")
		self.people = {
			"anna": make_staff("perm-anna", "Dealer Sales Manager", department=self.new),
			"boris": make_staff("perm-boris", "Dealer Sales Manager", department=self.new),
			"vera": make_staff("perm-vera", "Dealer Sales Manager", department=self.vip),
			"uma": make_staff("perm-uma", "Dealer Sales Manager", department=self.used),
			"nina": make_staff("perm-nina", "Dealer Sales Manager"),
			"head_new": make_staff("perm-head-new", "Dealer Sales Head", department=self.new),
			"head_used": make_staff("perm-head-used", "Dealer Sales Head", department=self.used),
			"head_nowhere": make_staff("perm-head-nowhere", "Dealer Sales Head"),
			"credit": make_staff("perm-credit", "Dealer Credit Specialist", department=self.used),
			"appraiser": make_staff("perm-appraiser", "Dealer Appraiser"),
			"diagnostician": make_staff("perm-diagnostician", "Dealer Diagnostician"),
			"administrator": make_staff("perm-administrator", "Dealer Administrator"),
			"portal": make_staff("perm-portal", "Dealer Portal Administrator"),
			"marketer": make_staff("perm-marketer", "Dealer Marketer"),
			"advisor": make_staff("perm-advisor", "Dealer Service Advisor", department=self.used),
			"photographer": make_staff("perm-photographer", "Dealer Photographer"),
			"mechanic": make_staff("perm-mechanic", "Dealer Mechanic", department=self.new),
			"both": make_staff(
				"perm-both", "Dealer Sales Manager", "Dealer Credit Specialist", department=self.new
			),
			"stranger": make_staff("perm-stranger", "Sales User"),
		}
		situations = {
			"annas": ("anna", self.new),
			"boriss": ("boris", self.new),
			"veras": ("vera", self.vip),
			"umas": ("uma", self.used),
			"annas_in_used": ("anna", self.used),
			"ninas": ("nina", None),
			"unsorted_new": (None, self.new),
			"unsorted_vip": (None, self.vip),
			"unsorted_used": (None, self.used),
			"unsorted_nowhere": (None, None),
		}
		self.leads = {key: self.make(LEAD, key, *where) for key, where in situations.items()}
		self.deals = {key: self.make(DEAL, key, *where) for key, where in situations.items()}
		self.deals["with_credit"] = self.make(
			DEAL, "with_credit", "uma", self.used, credit_specialist="credit"
		)
		self.deals["with_appraisal"] = self.make(
			DEAL, "with_appraisal", "boris", self.new, appraiser="appraiser"
		)
		self.deals["for_both"] = self.make(DEAL, "for_both", "uma", self.used, credit_specialist="both")

	def make(
		self, doctype: str, key: str, person: str | None, department: str | None, **specialists: str
	) -> str:
		responsible = self.people.get(person) if person else None
		values = {
			"name": f"PERM-{doctype[5]}-{key}",
			"client_name": f"Client {key}",
			"title": f"Client {key}",
			"phone": "+79990000000",
			"responsible": responsible,
			"department": department,
			"queue": responsible or f"@{department or ''}",
			**{field: self.people[name] for field, name in specialists.items()},
		}
		if doctype == LEAD:
			values.pop("title")
		else:
			values["vehicle_of_interest"] = [{"note": f"wish of {key}"}]
		return make_row(doctype, **values).name

	def documents(self, doctype: str) -> dict[str, str]:
		return self.leads if doctype == LEAD else self.deals


@pytest.fixture
def world() -> World:
	return World()


UNSORTED = {"unsorted_new", "unsorted_vip", "unsorted_used", "unsorted_nowhere"}
EVERYTHING = {"annas", "boriss", "veras", "umas", "annas_in_used", "ninas", *UNSORTED}
SPECIAL = {"with_credit", "with_appraisal", "for_both"}
OF_NEW = {"annas", "boriss", "veras", "unsorted_new", "unsorted_vip", "unsorted_nowhere", "ninas"}
OF_USED = {"umas", "annas_in_used", "unsorted_used", "unsorted_nowhere", "ninas"}
# Leads and deals that each person sees; None: no right to the DocType at all.
SEEN = {
	"anna": ({"annas", "annas_in_used", "unsorted_new", "unsorted_nowhere"}, set()),
	"boris": ({"boriss", "unsorted_new", "unsorted_nowhere"}, {"with_appraisal"}),
	"vera": ({"veras", "unsorted_vip", "unsorted_nowhere"}, set()),
	"uma": ({"umas", "unsorted_used", "unsorted_nowhere"}, {"with_credit", "for_both"}),
	"nina": ({"ninas", "unsorted_nowhere"}, set()),
	"head_new": (OF_NEW, {"with_appraisal"}),
	"head_used": (OF_USED, {"with_credit", "for_both"}),
	"head_nowhere": ({"ninas", "unsorted_nowhere"}, set()),
	"advisor": ({"unsorted_used", "unsorted_nowhere"}, set()),
	"administrator": (EVERYTHING, SPECIAL),
	"portal": (EVERYTHING, SPECIAL),
	"marketer": (EVERYTHING, SPECIAL),
	"both": ({"unsorted_new", "unsorted_nowhere"}, {"for_both"}),
}
ONLY_DEALS = {
	"credit": {"with_credit"},
	"appraiser": {"with_appraisal"},
	"diagnostician": set(),
	"photographer": set(),
}
NO_RIGHTS = ("mechanic", "stranger")


def expected(person: str, doctype: str) -> set[str] | None:
	if person in NO_RIGHTS or (person in ONLY_DEALS and doctype == LEAD):
		return None
	if person in ONLY_DEALS:
		return ONLY_DEALS[person]
	common, special = SEEN[person]
	return common | (special if doctype == DEAL else set())


PEOPLE = (*SEEN, *ONLY_DEALS, *NO_RIGHTS)


@pytest.mark.requirement("R103", "R104", "R105", "R106", "R107", "R109", "R112", "R149")
@pytest.mark.parametrize("doctype", [LEAD, DEAL])
def test_list_and_document_agree_for_everybody(world: World, as_user: Callable, doctype: str):
	documents = world.documents(doctype)
	assert set(world.people) == set(PEOPLE)
	for person, user in world.people.items():
		seen = expected(person, doctype)
		with as_user(user):
			readable = {key for key, name in documents.items() if can_read(doctype, name)}
			if seen is None:
				with pytest.raises(frappe.PermissionError):
					frappe.get_list(doctype)
				assert readable == set(), person
				continue
			listed = frappe.get_list(
				doctype, {"name": ("in", list(documents.values()))}, pluck="name", limit=0
			)
		assert {key for key, name in documents.items() if name in listed} == seen, person
		assert readable == seen, person


def can_read(doctype: str, name: str) -> bool:
	return bool(frappe.has_permission(doctype, "read", doc=name))


@pytest.mark.requirement("R109", "R149")
def test_rest_says_the_same(api: Callable, world: World):
	for person in ("anna", "boris", "head_new", "head_used", "credit", "administrator", "mechanic"):
		session = api(world.people[person])
		for doctype in (LEAD, DEAL):
			check_rest(session, world.documents(doctype), doctype, expected(person, doctype))


def check_rest(session: ApiSession, documents: dict[str, str], doctype: str, seen: set[str] | None) -> None:
	filters = json.dumps([["name", "in", list(documents.values())]])
	answer = session.get(f"/api/resource/{doctype}", params={"filters": filters, "limit_page_length": 0})
	if seen is None:
		assert answer.status_code == 403
	else:
		names = {row["name"] for row in answer.json()["data"]}
		assert {key for key, name in documents.items() if name in names} == seen
	codes = {
		key: session.get(f"/api/resource/{doctype}/{name}").status_code for key, name in documents.items()
	}
	assert {key for key, code in codes.items() if code == 200} == (seen or set())
	assert set(codes.values()) <= {200, 403}


def test_a_guest_gets_nothing(http: Callable, world: World):
	for doctype in (LEAD, DEAL):
		assert http().get(f"/api/resource/{doctype}").status_code in (401, 403)
		assert http().get(f"/api/resource/{doctype}/{world.documents(doctype)['annas']}").status_code in (
			401,
			403,
		)
	assert get_scope("Guest", DEAL) == ""


@pytest.mark.requirement("R149")
def test_the_stored_document_is_judged_not_the_sent_one(world: World, as_user: Callable):
	"""A document from the browser may claim to be the sender's."""
	with as_user(world.people["anna"]) as anna:
		doc = frappe.get_doc(DEAL, world.deals["umas"])
		doc.update({"queue": anna, "responsible": anna, "__islocal": 1})
		assert not doc.has_permission("read")
		assert not doc.has_permission("write")
		doc.set("__islocal", 0)
		with pytest.raises(frappe.PermissionError):
			doc.save()


def test_a_shared_deal_is_seen_in_list_and_form(world: World, as_user: Callable):
	name, anna = world.deals["umas"], world.people["anna"]
	frappe.share.add(DEAL, name, anna, read=1)
	with as_user(anna):
		assert name in frappe.get_list(DEAL, pluck="name", limit=0)
		assert can_read(DEAL, name)
		assert not frappe.has_permission(DEAL, "write", doc=name)
	frappe.share.remove(DEAL, name, anna)
	with as_user(anna):
		assert name not in frappe.get_list(DEAL, pluck="name", limit=0)
		assert not can_read(DEAL, name)


class TestChangesTakeEffectAtOnce:
	@pytest.mark.requirement("R108")
	def test_of_a_scope_in_dealer_settings(self, world: World, as_user: Callable):
		anna = world.people["anna"]
		assert get_scope(anna, DEAL) == "Own and Unsorted"
		set_scope("Dealer Sales Manager", "Deals", "Department")
		assert get_scope(anna, DEAL) == "Department"
		assert get_scope(anna, LEAD) == "Own and Unsorted"
		with as_user(anna):
			assert can_read(DEAL, world.deals["boriss"])
			assert not can_read(LEAD, world.leads["boriss"])
			assert world.deals["boriss"] in frappe.get_list(DEAL, pluck="name", limit=0)
		set_scope("Dealer Sales Manager", "Deals", "Own")
		with as_user(anna):
			assert not can_read(DEAL, world.deals["unsorted_new"])

	@pytest.mark.requirement("R108")
	def test_a_role_without_a_row_sees_its_own(self, world: World):
		settings = frappe.get_doc("Dealer Settings")
		settings.role_scopes = [row for row in settings.role_scopes if row.role != "Dealer Sales Manager"]
		settings.save()
		assert get_scope(world.people["anna"], DEAL) == "Own"

	def test_of_the_users_department(self, world: World, as_user: Callable):
		anna = make_staff("perm-anna", "Dealer Sales Manager", department=world.used)
		with as_user(anna):
			assert can_read(DEAL, world.deals["unsorted_used"])
			assert not can_read(DEAL, world.deals["unsorted_new"])

	def test_of_the_users_roles(self, world: World):
		anna = frappe.get_doc("User", world.people["anna"])
		anna.add_roles("Dealer Administrator")
		assert get_scope(anna.name, DEAL) == "All"
		anna.remove_roles("Dealer Administrator")
		assert get_scope(anna.name, DEAL) == "Own and Unsorted"

	def test_of_the_department_tree(self, world: World, as_user: Callable):
		vip = frappe.get_doc("Department", world.vip)
		vip.parent_department = world.used
		vip.save()
		with as_user(world.people["head_used"]):
			assert can_read(DEAL, world.deals["veras"])
		with as_user(world.people["head_new"]):
			assert not can_read(DEAL, world.deals["veras"])

	def test_a_rolled_back_change_is_forgotten(self, committed):
		department = make_department("Perm rolled back")
		anna = make_staff("perm-rolled", "Dealer Sales Manager")
		frappe.db.commit()
		make_staff("perm-rolled", "Dealer Sales Manager", department=department)
		assert get_viewer(anna).home == department
		frappe.db.rollback()
		assert get_viewer(anna).home == ""

	@pytest.mark.requirement("R108")
	def test_of_the_role_permission_manager(self, world: World, as_user: Callable):
		from frappe.core.page.permission_manager.permission_manager import add, update

		with as_user(world.people["mechanic"]):
			assert not frappe.has_permission(DEAL, "read")
		add(DEAL, "Dealer Mechanic", 0)
		update(DEAL, "Dealer Sales Manager", 0, "write", 0)
		with as_user(world.people["mechanic"]):
			assert frappe.has_permission(DEAL, "read")
			assert not can_read(DEAL, world.deals["boriss"])
		with as_user(world.people["anna"]):
			assert not frappe.has_permission(DEAL, "write", doc=world.deals["annas"])
			assert can_read(DEAL, world.deals["annas"])


def set_scope(role: str, document: str, scope: str) -> None:
	settings = frappe.get_doc("Dealer Settings")
	for row in settings.role_scopes:
		if row.role == role and row.document == document:
			row.scope = scope
	settings.save()


@pytest.mark.requirement("R108")
def test_an_admins_scopes_survive_a_migrate(committed):
	from auto_dealer.setup.install import after_migrate

	set_scope("Dealer Photographer", "Deals", "All")
	settings = frappe.get_doc("Dealer Settings")
	settings.role_scopes = [row for row in settings.role_scopes if row.role != "Dealer Mechanic"]
	settings.save()
	before = [(row.role, row.document, row.scope) for row in settings.role_scopes]
	frappe.db.commit()
	after_migrate()
	after = [(row.role, row.document, row.scope) for row in frappe.get_doc("Dealer Settings").role_scopes]
	assert after == before


def test_every_role_has_its_scope_shipped():
	from auto_dealer.setup.roles import ROLES

	rows = {(row.role, row.document) for row in frappe.get_doc("Dealer Settings").role_scopes}
	assert {(role, document) for role in ROLES for document in ("Leads", "Deals")} <= rows


def test_rights_cost_a_list_one_query_at_most(world: World, as_user: Callable):
	for person, most in (("anna", 1), ("credit", 1), ("administrator", 1), ("head_new", 2)):
		with as_user(world.people[person]):
			frappe.get_list(DEAL, pluck="name")
			assert count_queries(lambda: frappe.get_list(DEAL, pluck="name")) == most, person


def test_what_a_head_holds_elsewhere_is_listed(world: World, as_user: Callable):
	head = world.people["head_new"]
	name = make_row(DEAL, name="PERM-D-head", responsible=head, queue=head, department=world.used).name
	with as_user(head):
		listed = frappe.get_list(DEAL, pluck="name", limit=0)
		assert name in listed
		assert world.deals["umas"] not in listed
		assert can_read(DEAL, name)


def test_the_log_of_many_deals_is_limited_too(world: World, as_user: Callable, monkeypatch):
	"""Beyond some number of visible deals the condition takes another form."""
	from auto_dealer.permissions import related

	for deal in world.deals.values():
		make_row("Deal Stage Log", deal=deal, to_stage="Payment")
	for most in (1000, 0):
		monkeypatch.setattr(related, "MOST_NAMED_DEALS", most)
		for person in ("anna", "head_new", "credit", "administrator"):
			with as_user(world.people[person]):
				logged = set(frappe.get_list("Deal Stage Log", pluck="deal", limit=0))
			assert {key for key, name in world.deals.items() if name in logged} == expected(person, DEAL), (
				person,
				most,
			)


def count_queries(run: Callable) -> int:
	counted, original = [], frappe.db.sql

	def counting(query, *args, **kwargs):
		counted.append(str(query))
		return original(query, *args, **kwargs)

	frappe.db.sql = counting
	try:
		run()
	finally:
		frappe.db.sql = original
	return len(counted)
