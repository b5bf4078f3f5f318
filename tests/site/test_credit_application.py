"""Credit applications: made by the deal, stages, figures, the deal's view of them, personal data."""

from __future__ import annotations

import json

import pytest
from factories import (
	make_credit_application,
	make_deal,
	make_lead,
	make_lending_bank,
	make_robot,
	make_staff,
	make_vehicle,
)
from sql_counter import count_sql

import frappe
from frappe.model.workflow import apply_workflow
from frappe.utils import add_days, now_datetime

from auto_dealer.credit import open_application, personal_data
from auto_dealer.credit.deal_state import get_state
from auto_dealer.credit.stage_check import StageNotReady
from auto_dealer.setup.credit import add_credit

APPLICATION, SPECIALIST, MANAGER = "Credit Application", "Dealer Credit Specialist", "Dealer Sales Manager"


@pytest.fixture
def specialist() -> str:
	return make_staff("credit-olga", SPECIALIST)


def application_of(deal) -> frappe.model.document.Document:
	return frappe.get_doc(APPLICATION, {"deal": deal.name})


def move(application, action: str, **values):
	"""As the form does it: what was typed is saved, then the action is taken."""
	application.update(values)
	application.save()
	return apply_workflow(application, action)


# -- made by the deal ------------------------------------------------------------------------------


@pytest.mark.requirement("R88", "R91", "R92")
def test_a_deal_that_needs_credit_gets_an_application_once(specialist):
	car = make_vehicle(vin="JTMHV05J604123456", year=2021, mileage=40_000)
	deal = make_deal(client_name="Пётр Первый", amount=2_000_000, vehicle=car.name)
	assert not frappe.db.exists(APPLICATION, {"deal": deal.name})
	deal.needs_credit = 1
	deal.save()
	assert not frappe.db.exists(APPLICATION, {"deal": deal.name}), "nobody is named yet"
	deal.credit_specialist = specialist
	deal.save()
	deal.save()
	application = application_of(deal)
	assert (application.stage, application.specialist) == ("New", specialist)
	assert (application.deal_amount, application.deal_stage) == (2_000_000, deal.stage)
	assert (application.vehicle, application.vin) == (car.name, car.vin)
	assert (application.vehicle_year, application.mileage, application.vehicle_price) == (
		2021,
		40_000,
		2_000_000,
	)
	assert (application.borrower_name, application.phone) == ("Пётр Первый", deal.phone)
	assert frappe.db.count(APPLICATION, {"deal": deal.name}) == 1


@pytest.mark.requirement("R88", "R89")
def test_the_specialist_is_told_and_has_a_task(specialist, as_user):
	manager = make_staff("credit-anna", MANAGER)
	lead = make_lead(responsible=manager)
	with as_user(manager):
		deal = make_deal(lead=lead.name, needs_credit=1, credit_specialist=specialist)
	application = application_of(deal)
	reference = {"document_type": APPLICATION, "document_name": application.name}
	notices = frappe.get_all("Notification Log", reference, ["for_user", "from_user", "subject"])
	assert [(row.for_user, row.from_user) for row in notices] == [(specialist, manager)]
	assert deal.title in notices[0].subject
	tasks = frappe.get_all(
		"ToDo", {"reference_name": application.name, "status": "Open"}, pluck="allocated_to"
	)
	assert tasks == [specialist]
	with as_user(specialist):
		assert frappe.get_list(APPLICATION, pluck="name") == [application.name]
		assert frappe.has_permission("Auto Deal", "read", doc=deal.name)


@pytest.mark.requirement("R88", "R89")
def test_another_specialist_takes_over(specialist):
	deal = make_deal(needs_credit=1, credit_specialist=specialist)
	other = make_staff("credit-oleg", SPECIALIST)
	deal.credit_specialist = other
	deal.save()
	application = application_of(deal)
	assert application.specialist == other
	tasks = frappe.get_all(
		"ToDo", {"reference_name": application.name}, ["allocated_to", "status"], order_by="creation"
	)
	assert {(row.allocated_to, row.status) for row in tasks} == {(specialist, "Cancelled"), (other, "Open")}
	assert frappe.db.count("Notification Log", {"document_name": application.name, "for_user": other}) == 1


@pytest.mark.requirement("R88")
def test_an_application_that_somebody_else_has_just_made_is_taken(specialist):
	deal = make_deal(needs_credit=1, credit_specialist=specialist)
	# What a save does whose view of the database is older than the other's commit.
	assert open_application.APPLICATION.create(deal) is None
	assert open_application.APPLICATION.open(deal) == application_of(deal).name
	assert frappe.db.count(APPLICATION, {"deal": deal.name}) == 1


def test_a_deal_without_credit_pays_nothing_for_it():
	deal = make_deal()
	deal.amount = 5
	with count_sql() as counter:
		deal.save()
	assert not [query for query in counter.all if "Credit" in query], counter


# -- stages ----------------------------------------------------------------------------------------


@pytest.mark.requirement("R87")
def test_from_new_to_issued(specialist, as_user):
	make_lending_bank("Bank A")
	application = make_credit_application(specialist)
	with as_user(specialist):
		application = frappe.get_doc(APPLICATION, application.name)
		application = move(application, "Collect Documents")
		application.append("offers", {"bank": "Bank A", "status": "Sent"})
		application = move(application, "Send to Banks")
		answer = {"status": "Approved", "rate": 17, "term_months": 36, "approved_sum": 1_000_000}
		application.offers[0].update(answer)
		application = move(application, "Record the Decision")
		with pytest.raises(StageNotReady, match="exactly one"):
			move(application, "Accept an Offer")
		application.reload()
		application.offers[0].is_chosen = 1
		application = move(application, "Accept an Offer")
		with pytest.raises(StageNotReady, match="Credit Contract No"):
			move(application, "Sign Contract")
		application.reload()
		application = move(application, "Sign Contract", contract_number="77-1", contract_date="2026-02-01")
		application = move(application, "Issue Credit", issued_on="2026-02-02", issued_sum=1_000_000)
	assert application.stage == "Issued"
	assert application.closed_at
	assert not frappe.db.exists("Workflow Action", {"reference_name": application.name})


@pytest.mark.requirement("R87")
def test_a_stage_names_what_it_lacks(specialist):
	application = make_credit_application(specialist, has_consent=0, incomes=[])
	application = move(application, "Collect Documents")
	application.append("offers", {"bank": make_lending_bank().name, "status": "Sent"})
	with pytest.raises(StageNotReady) as refusal:
		move(application, "Send to Banks")
	assert "Incomes" in str(refusal.value)
	assert "The Borrower Has Consented" in str(refusal.value)
	assert frappe.response["missing"] == ["incomes", "has_consent"]


@pytest.mark.requirement("R87")
def test_stages_are_not_jumped_and_refusals_need_a_reason(specialist):
	application = make_credit_application(specialist)
	application.stage = "Issued"
	with pytest.raises(frappe.ValidationError):
		application.save()
	application.reload()
	with pytest.raises(StageNotReady, match="Reason"):
		move(application, "Refuse")
	application.reload()
	application = move(application, "Withdraw", closing_reason="Клиент передумал")
	assert (application.stage, bool(application.closed_at)) == ("Withdrawn", True)
	application = move(application, "Reopen")
	assert (application.stage, application.closed_at) == ("Documents", None)


@pytest.mark.requirement("R87")
def test_an_admin_s_workflow_survives_a_migrate():
	workflow = frappe.get_doc("Workflow", APPLICATION)
	assert all(state.is_optional_state for state in workflow.states)
	workflow.transitions = [row for row in workflow.transitions if row.action != "Reopen"]
	workflow.save()
	frappe.delete_doc("Lending Bank", "ВТБ")
	add_credit()
	actions = {row.action for row in frappe.get_doc("Workflow", APPLICATION).transitions}
	assert "Reopen" not in actions
	assert not frappe.db.exists("Lending Bank", "ВТБ")


# -- figures ---------------------------------------------------------------------------------------


@pytest.mark.requirement("R93", "R94")
def test_terms_and_affordability_are_computed(specialist):
	application = make_credit_application(specialist, monthly_payment=1, overpayment=1, debt_burden=1)
	# PMT(18 %/12, 36, -1 000 000) of a spreadsheet.
	assert (application.credit_sum, application.monthly_payment) == (1_000_000, 36_152.40)
	assert application.last_payment == pytest.approx(36_152.40, abs=0.5)
	assert application.overpayment == pytest.approx(
		35 * 36_152.40 + application.last_payment - 1_000_000, abs=0.005
	)
	assert application.effective_rate == pytest.approx(18, abs=0.001)
	assert (application.monthly_income, application.monthly_debts) == (150_000, 10_000)
	assert (application.payment_to_income, application.debt_burden) == (24.1, 30.8)
	application.append("incomes", {"kind": "Rent", "monthly_amount": 50_000})
	application.append("debts", {"kind": "Mortgage", "monthly_payment": 40_000})
	application.balloon = 300_000
	application.save()
	assert (application.monthly_income, application.monthly_debts) == (200_000, 50_000)
	assert application.monthly_payment == 29_806.68
	assert application.last_payment > 300_000


@pytest.mark.requirement("R94")
def test_impossible_terms_are_refused(specialist):
	for values in ({"balloon": 2_000_000}, {"term_months": 1_000}, {"down_payment": 3_000_000}):
		with pytest.raises(frappe.ValidationError):
			make_credit_application(specialist, **values)


@pytest.mark.requirement("R95", "R96")
def test_the_commission_is_the_sum_of_bank_and_products_and_is_shown_on_the_deal(specialist):
	settings = frappe.get_single("Credit Settings")
	settings.update({"specialist_share": 10, "manager_share": 20})
	settings.save()
	bank = make_lending_bank(commission_percent=2)
	application = make_credit_application(specialist)
	application.append("products", {"product": "KASKO", "premium": 80_000, "is_financed": 1})
	application.append(
		"products", {"product": "GAP", "premium": 30_000, "commission_percent": 20, "commission_sum": 500}
	)
	offer = {"status": "Approved", "rate": 18, "term_months": 36, "approved_sum": 1_000_000, "is_chosen": 1}
	application.append("offers", {"bank": bank.name, "commission_percent": 2, **offer})
	application.update({"total_commission": 1, "manager_share": 100})
	application.save()
	assert [row.commission for row in application.products] == [12_000, 6_500]
	assert application.credit_sum == 1_080_000
	assert (application.bank_commission, application.product_commission) == (20_000, 18_500)
	assert application.total_commission == 38_500
	parts = (application.dealer_commission, application.specialist_commission, application.manager_commission)
	assert parts == (26_950, 3_850, 7_700)
	assert application.effective_rate > 18, "the product in the credit makes it dearer"
	state = get_state(application.deal)
	assert (state.total_commission, state.manager_commission) == (38_500, 7_700)


def test_shares_beyond_the_whole_are_refused():
	settings = frappe.get_single("Credit Settings")
	settings.update({"specialist_share": 60, "manager_share": 50})
	with pytest.raises(frappe.ValidationError):
		settings.save()


# -- the deal's view -------------------------------------------------------------------------------


@pytest.mark.requirement("R90", "R28")
def test_the_deal_shows_status_and_last_event_at_once(specialist, monkeypatch):
	application = make_credit_application(specialist)
	told = []
	monkeypatch.setattr(frappe, "publish_realtime", lambda *args, **kwargs: told.append((args, kwargs)))
	move(application, "Refuse", closing_reason="Отказ")
	state = get_state(application.deal)
	assert (state.name, state.stage, state.last_event) == (application.name, "Refused", "Refused")
	assert state.last_event_at <= now_datetime()
	rooms = [
		(kwargs["doctype"], kwargs["docname"]) for args, kwargs in told if args[0] == "dealer_credit_changed"
	]
	assert set(rooms) == {("Auto Deal", application.deal)}
	assert get_state(make_deal().name) is None


# -- personal data ---------------------------------------------------------------------------------


def test_personal_data_is_erased_after_its_time(specialist):
	frappe.db.set_single_value("Credit Settings", "retention_days", 30)
	application = make_credit_application(specialist, closing_reason="Отказ")
	paper = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": "passport-test.txt",
			"content": "passport",
			"attached_to_doctype": APPLICATION,
			"attached_to_name": application.name,
		}
	).insert()
	assert paper.is_private
	apply_workflow(application, "Refuse")
	frappe.db.set_value(APPLICATION, application.name, "closed_at", add_days(now_datetime(), -29))
	assert personal_data.erase_old() == []
	frappe.db.set_value(APPLICATION, application.name, "closed_at", add_days(now_datetime(), -31))
	assert personal_data.erase_old() == [application.name]
	application.reload()
	left = {
		field: application.get(field) for field in personal_data.personal_fields() if application.get(field)
	}
	assert left == {}
	assert not frappe.db.exists("File", paper.name)
	assert (application.credit_sum, application.stage) == (1_000_000, "Refused")
	application.save()
	assert personal_data.erase_old() == [], "once is enough"


def test_what_the_browser_sends_for_our_own_fields_is_put_back(specialist):
	application = make_credit_application(specialist)
	application.update(
		{"specialist": "Administrator", "manager_share": 90, "erased_at": "2020-01-01 00:00:00"}
	)
	application.save()
	assert (application.specialist, application.manager_share, application.erased_at) == (
		specialist,
		10,
		None,
	)


def test_a_version_has_no_personal_data(specialist):
	application = make_credit_application(specialist)
	data = {
		"changed": [["passport_number", "4509 123456", "4510 654321"], ["term_months", 36, 48]],
		"added": [["incomes", {"source": "Ромашка", "monthly_amount": 150_000}]],
		"row_changed": [],
		"removed": [],
	}
	version = frappe.get_doc(
		{
			"doctype": "Version",
			"ref_doctype": APPLICATION,
			"docname": application.name,
			"data": json.dumps(data),
		}
	).insert()
	for hidden in ("4509", "4510", "Ромашка", "150000"):
		assert hidden not in version.data
	assert '["term_months",36,48]' in version.data


def test_a_row_s_kind_is_its_product_s(specialist):
	application = make_credit_application(specialist)
	application.append("products", {"product": "GAP", "premium": 1})
	application.save()
	assert application.products[0].kind == "GAP"


def test_robots_watch_applications(specialist):
	make_robot(
		title="Credit approved",
		document_type=APPLICATION,
		pipeline=None,
		stage="Documents",
		event="Stage Entered",
		subject="Собрать {{ doc.title }}",
	)
	application = make_credit_application(specialist)
	move(application, "Collect Documents")
	tasks = frappe.get_all("Robot Task", {"reference_name": application.name}, ["reference_doctype", "stage"])
	assert [(task.reference_doctype, task.stage) for task in tasks] == [(APPLICATION, "Documents")]


def test_a_deleted_application_leaves_no_personal_data(specialist):
	application = make_credit_application(specialist, passport_number="4509 123456")
	frappe.delete_doc(APPLICATION, application.name)
	data = frappe.db.get_value("Deleted Document", {"deleted_name": application.name}, "data")
	assert application.deal in data
	assert "4509" not in data
	assert "Ромашка" not in data
