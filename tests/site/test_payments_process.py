"""What people do with a deal's money: the invoice process, sending, confirming, the act, and what robots do by themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import free_phone, make_contact, make_deal, make_robot, make_row, make_staff, test_company

import frappe
from frappe.utils import add_days, flt, get_url, nowdate

from auto_dealer.payments import overview, totals
from auto_dealer.payments.api import (
	cancel_invoice,
	confirm_payment,
	get_payments,
	make_act,
	make_invoice,
	run_invoice_process,
	send_paper,
)
from auto_dealer.payments.bank_statement import match_line
from auto_dealer.payments.billed import BillNotTaken
from auto_dealer.payments.create_invoice import NothingToInvoice, create_invoice
from auto_dealer.payments.deal_money import AmountIsInvoiced
from auto_dealer.payments.invoice_process import ProcessNotHere
from auto_dealer.payments.open_invoices import InvoiceIsPaid
from auto_dealer.payments.public_invoice import invoice_link, link_to
from auto_dealer.payments.record_payment import PaymentRefused
from auto_dealer.payments.send_invoice import NoWayToClient
from auto_dealer.pipelines.move_deal import move_deal
from auto_dealer.robots import clock, tasks
from auto_dealer.robots.render import render

DEAL = "Auto Deal"
PIPELINE = "Body Repair"


@pytest.fixture(autouse=True)
def noon():
	frappe.flags.dealer_now = clock.now().replace(hour=12, minute=0, second=0, microsecond=0)
	make_row(
		"Email Account",
		name="Dealer mail",
		email_account_name="Dealer mail",
		email_id="dealer@site.example",
		enable_outgoing=1,
		default_outgoing=1,
		smtp_server="127.0.0.1",
		no_smtp_authentication=1,
	)


@pytest.fixture
def anna() -> str:
	return make_staff("anna", "Dealer Sales Manager")


@pytest.fixture
def contact():
	return make_contact("Сергей Иванов", phones=[free_phone()], emails=["client@fleet.example"])


@pytest.fixture
def deal(anna, contact):
	"""Agreed for 30 000, in the stage of agreement."""
	deal = make_deal(
		pipeline=PIPELINE,
		responsible=anna,
		contact=contact.name,
		client_kind="Private Person",
		object_kind="Truck",
		amount=30_000,
	)
	frappe.db.set_value(DEAL, deal.name, "stage", "Agreement")
	return frappe.get_doc(DEAL, deal.name)


def wait(**delta) -> None:
	"""Time passes; the minute job runs at the end of it."""
	frappe.flags.dealer_now = clock.now() + timedelta(**delta)
	for _round in range(2):
		tasks.every_minute()


def told(user: str, text: str) -> list[str]:
	rows = frappe.get_all("Notification Log", {"for_user": user}, ["subject", "email_content"])
	return [row.email_content for row in rows if text in row.subject]


def messages(contact) -> list:
	return frappe.get_all(
		"Client Message",
		{"contact": contact.name},
		["channel", "status", "text", "subject"],
		order_by="creation",
	)


def requests_of(deal, **filters) -> list:
	return frappe.get_all(
		"Payment Request",
		{"dealer_deal": deal.name, "docstatus": 1, **filters},
		["name", "grand_total", "status", "dealer_is_prepayment"],
		order_by="creation",
	)


def cash() -> str:
	return frappe.db.get_value("Mode of Payment", {"type": "Cash"})


def bank() -> str:
	return frappe.db.get_value("Mode of Payment", {"type": "Bank"})


def pay(deal, *parts) -> dict:
	rows = [{"mode": mode, "amount": amount, "reference_no": "42"} for mode, amount in parts]
	return confirm_payment(DEAL, deal.name, rows)


# -- the invoice process of the body repair --------------------------------------------------------


@pytest.mark.requirement("R76", "R77", "R78", "R79")
def test_a_manager_splits_the_invoice_and_sends_it(deal, anna, contact, as_user):
	with as_user(anna):
		done = run_invoice_process(deal.name, True, "email")
	frappe.db.commit()
	(request,) = requests_of(deal)
	assert (request.grand_total, request.dealer_is_prepayment) == (15_000, 1)
	assert "prepayment only" in print_of("Payment Request", request.name)
	assert frappe.db.get_value(DEAL, deal.name, "stage") == done["stage"] == "Waiting for the Car"
	(message,) = messages(contact)
	assert (message.channel, done["url"] in message.text) == ("email", True)
	assert told(anna, "all OK, waiting for the car") == [None]


@pytest.mark.requirement("R78")
def test_the_whole_invoice_is_printed_by_hand(deal, anna, contact, as_user):
	with as_user(anna):
		done = run_invoice_process(deal.name, False, "print")
	(request,) = requests_of(deal)
	assert (request.grand_total, request.dealer_is_prepayment) == (30_000, 0)
	assert messages(contact) == []
	assert "30,000.00" in print_of("Payment Request", done["invoice"])


@pytest.mark.requirement("R78")
def test_a_client_without_an_address_stops_the_process(deal, anna, as_user):
	with as_user(anna), pytest.raises(NoWayToClient):
		run_invoice_process(deal.name, False, "sms")


def test_the_process_belongs_to_the_stage_of_agreement(deal, anna, as_user):
	frappe.db.set_value(DEAL, deal.name, "stage", "First Contact")
	with as_user(anna), pytest.raises(ProcessNotHere):
		run_invoice_process(deal.name, False, "print")
	assert requests_of(deal) == []


@pytest.mark.requirement("R77")
def test_an_invoice_that_nobody_has_paid_makes_room_for_the_half(deal, anna, as_user):
	whole = create_invoice(DEAL, deal.name)
	with as_user(anna):
		run_invoice_process(deal.name, True, "print")
	assert frappe.db.get_value("Payment Request", whole, "status") == "Cancelled"
	assert [request.grand_total for request in requests_of(deal)] == [15_000]


@pytest.mark.requirement("R75")
def test_in_the_stage_of_agreement_the_manager_gets_the_invoice_to_print(anna, contact):
	deal = make_deal(
		pipeline=PIPELINE,
		responsible=anna,
		contact=contact.name,
		client_kind="Private Person",
		object_kind="Truck",
		amount=30_000,
	)
	frappe.db.set_value(DEAL, deal.name, "stage", "Inspection/Photo")
	move_deal(deal.name, "Agreement")
	wait(minutes=2)
	wait(minutes=2)
	(request,) = requests_of(deal)
	(text,) = told(anna, "Agree the sum")
	assert invoice_link(request.name) in text


# -- what robots do --------------------------------------------------------------------------------


@pytest.mark.requirement("R83")
@pytest.mark.parametrize(
	("stage", "robot", "text"),
	[
		("Car in Work", "body_repair_in_work_client", "being repaired already"),
		pytest.param(
			"Waiting for Payment",
			"body_repair_payment_client",
			"vehicle is ready",
			marks=pytest.mark.requirement("R85"),
		),
	],
)
def test_a_client_who_owes_gets_the_link_to_the_invoice(deal, contact, stage, robot, text):
	frappe.get_doc("Stage Robot", {"seed_key": robot}).update({"is_enabled": 1}).save()
	url = invoice_link(create_invoice(DEAL, deal.name))
	frappe.db.commit()
	move_deal(deal.name, stage, values={})
	wait(minutes=1)
	(message,) = messages(contact)
	assert url
	assert url in message.text


@pytest.mark.requirement("R83", "R85")
def test_a_client_who_has_paid_is_left_alone(deal, contact):
	for robot in ("body_repair_in_work_client", "body_repair_payment_client"):
		frappe.get_doc("Stage Robot", {"seed_key": robot}).update({"is_enabled": 1}).save()
	pay(deal, (cash(), 30_000))
	frappe.db.commit()
	for stage in ("Car in Work", "Waiting for Payment"):
		move_deal(deal.name, stage)
		wait(minutes=1)
	assert messages(contact) == []


@pytest.mark.requirement("R188")
def test_a_robot_invoices_the_remainder_and_sends_it(deal, contact):
	pay(deal, (cash(), 12_000))
	frappe.get_doc("Stage Robot", {"seed_key": "body_repair_remainder"}).update({"is_enabled": 1}).save()
	move_deal(deal.name, "Waiting for Payment")
	wait(minutes=1)
	(request,) = requests_of(deal)
	assert request.grand_total == 18_000
	assert [invoice_link(request.name) in message.text for message in messages(contact)] == [True]


def test_a_robot_finds_nothing_to_invoice(deal):
	pay(deal, (cash(), 30_000))
	robot = make_robot(
		pipeline=PIPELINE,
		stage="Car in Work",
		action="Create Invoice",
		send_by="Do Not Send",
		event="Stage Entered",
	)
	move_deal(deal.name, "Car in Work")
	wait(minutes=1)
	run = frappe.get_doc("Robot Run", {"robot": robot.name, "reference_name": deal.name})
	assert (run.outcome, "is paid" in run.made) == ("Ran", True)


@pytest.mark.parametrize(
	("event", "amount", "expected"),
	[("Payment Received", 10_000, 1), ("Fully Paid", 10_000, 0), ("Fully Paid", 30_000, 1)],
)
def test_payments_are_events_for_robots(deal, anna, event, amount, expected):
	make_robot(pipeline=PIPELINE, event=event, subject="Money has come")
	pay(deal, (cash(), amount))
	frappe.db.commit()
	wait(minutes=1)
	assert len(told(anna, "Money has come")) == expected


@pytest.mark.parametrize("is_paid", [False, True])
def test_an_invoice_that_is_not_paid_in_time_is_an_event(deal, anna, is_paid):
	make_robot(pipeline=PIPELINE, event="Invoice Overdue", subject="Too late")
	create_invoice(DEAL, deal.name)
	if is_paid:
		pay(deal, (cash(), 30_000))
	days = frappe.get_cached_doc("Dealer Payment Settings").invoice_days
	wait(days=days)
	assert told(anna, "Too late") == []
	wait(days=1)
	assert len(told(anna, "Too late")) == (0 if is_paid else 1)
	wait(days=3)
	assert len(told(anna, "Too late")) == (0 if is_paid else 1), "told once"


@pytest.mark.requirement("R59")
def test_in_the_short_pipeline_a_payment_goes_to_its_check(anna, contact):
	deal = make_deal(pipeline="Short Payment", responsible=anna, contact=contact.name, amount=7_000)
	pay(deal, (cash(), 7_000))
	frappe.db.commit()
	wait(minutes=1)
	assert frappe.db.get_value(DEAL, deal.name, "stage") == "Payment Check"


# -- invoices, payments, acts ----------------------------------------------------------------------


@pytest.mark.requirement("R189", "R195")
def test_the_button_invoices_what_is_left(deal, anna, as_user):
	with as_user(anna):
		pay(deal, (cash(), 11_000))
		made = make_invoice(DEAL, deal.name)
		again = make_invoice(DEAL, deal.name)
	assert made["amount"] == 19_000
	assert again == made, "a second click is the same invoice"


def test_no_more_is_invoiced_than_is_left(deal):
	make_invoice(DEAL, deal.name, share=0.5, is_prepayment=True)
	with pytest.raises(NothingToInvoice):
		make_invoice(DEAL, deal.name, amount=15_000.01)
	make_invoice(DEAL, deal.name, amount=15_000)
	with pytest.raises(NothingToInvoice):
		make_invoice(DEAL, deal.name, amount=1)


@pytest.mark.requirement("R124", "R190")
def test_the_invoice_goes_to_the_contact_as_a_link(deal, anna, contact, as_user):
	with as_user(anna):
		made = make_invoice(DEAL, deal.name)
		send_paper("Payment Request", made["invoice"], "email")
	(message,) = messages(contact)
	assert made["url"] in message.text
	frappe.get_attr("auto_dealer.channels.outbox.send_waiting")()
	queued = frappe.get_all("Email Queue", {"reference_name": deal.name}, pluck="message")
	assert len(queued) == 1


@pytest.mark.requirement("R126")
def test_an_sms_holds_the_short_link(deal, anna, contact, as_user, monkeypatch):
	from frappe.core.doctype.sms_settings import sms_settings

	sent = []
	monkeypatch.setattr(
		sms_settings, "send_request", lambda _url, params, *_rest: sent.append(dict(params)) or 200
	)
	gateway = {
		"sms_gateway_url": "http://sms.example",
		"message_parameter": "text",
		"receiver_parameter": "to",
	}
	frappe.get_doc("SMS Settings").update(gateway).save()
	with as_user(anna):
		made = make_invoice(DEAL, deal.name)
		send_paper("Payment Request", made["invoice"], "sms")
	frappe.get_attr("auto_dealer.channels.outbox.send_waiting")()
	(message,) = messages(contact)
	assert (message.channel, message.status, len(sent)) == ("sms", "Sent", 1)
	assert made["url"] in sent[0]["text"]
	assert made["url"].startswith(get_url("/i/"))
	assert len(made["url"]) - len(get_url("/i/")) == 22, "short enough for an SMS"


@pytest.mark.requirement("R194", "R124")
def test_the_act_is_made_and_sent(deal, anna, contact, as_user):
	with as_user(anna):
		pay(deal, (cash(), 30_000))
		made = make_act(DEAL, deal.name)
		assert make_act(DEAL, deal.name)["act"] == made["act"], "one act"
		send_paper("Sales Invoice", made["act"], "email")
	act = frappe.get_doc("Sales Invoice", made["act"])
	assert (act.status, act.dealer_deal) == ("Paid", deal.name)
	assert made["url"] in messages(contact)[0].text
	act.db_set("language", "en")
	printed = print_of("Sales Invoice", act.name)
	assert "completed works" in printed
	assert "Сергей Иванов" in printed


@pytest.mark.requirement("R192", "R185", "R187")
def test_a_person_confirms_a_payment_in_parts_and_moves_the_deal(deal, anna, as_user):
	with as_user(anna):
		done = pay(deal, (cash(), 10_000), (bank(), 5_000))
		move_deal(deal.name, "Waiting for the Car")
	assert (done["paid"], done["outstanding"]) == (15_000, 15_000)
	assert len(done["payments"]) == 2
	moved = frappe.get_doc(DEAL, deal.name)
	assert (moved.stage, moved.paid_amount, moved.outstanding_amount) == (
		"Waiting for the Car",
		15_000,
		15_000,
	)
	accounts = frappe.get_all(
		"Payment Entry", {"name": ("in", done["payments"])}, pluck="paid_to", order_by="name"
	)
	assert set(frappe.get_all("Payment Entry", {"name": ("in", done["payments"])}, pluck="owner")) == {anna}
	types = {frappe.db.get_value("Account", account, "account_type") for account in accounts}
	assert types == {"Cash", "Bank"}


@pytest.mark.parametrize("amount", [0, -5, 30_000.01])
def test_wrong_payments_are_refused(deal, amount):
	with pytest.raises(PaymentRefused):
		pay(deal, (cash(), amount))


def test_of_two_parts_none_is_written_when_one_is_refused(deal):
	with pytest.raises(PaymentRefused):
		pay(deal, (cash(), 10_000), ("No such way", 5_000))
	frappe.db.rollback()


def bank_line(text: str, deposit: float = 12_000):
	account = make_bank_account()
	line = frappe.get_doc(
		{
			"doctype": "Bank Transaction",
			"date": nowdate(),
			"bank_account": account.name,
			"company": test_company(),
			"currency": "RUB",
			"deposit": deposit,
			"description": text,
			"reference_number": "777",
		}
	).insert()
	line.submit()
	return line, account


@pytest.mark.requirement("R193")
def test_an_accountant_reconciles_a_bank_line_and_the_deal_follows(deal):
	from erpnext.accounts.doctype.bank_reconciliation_tool.bank_reconciliation_tool import reconcile_vouchers
	from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry

	create_invoice(DEAL, deal.name)
	line, account = bank_line("Оплата")
	entry = get_payment_entry(
		"Sales Order", frappe.db.get_value(DEAL, deal.name, "sales_order"), bank_account=account.account
	)
	entry.references[0].allocated_amount = entry.paid_amount = entry.received_amount = 12_000
	entry.reference_no, entry.reference_date = "777", nowdate()
	entry.insert().submit()
	reconcile_vouchers(
		line.name,
		frappe.as_json([{"payment_doctype": "Payment Entry", "payment_name": entry.name, "amount": 12_000}]),
	)
	frappe.db.commit()
	assert frappe.db.get_value("Bank Transaction", line.name, "status") == "Reconciled"
	assert frappe.db.get_value(DEAL, deal.name, ["paid_amount", "outstanding_amount"]) == (12_000, 18_000)
	assert entry.dealer_deal == deal.name, "the accountant finds it by the deal"


@pytest.mark.requirement("R193")
def test_a_bank_line_that_names_an_invoice_pays_it_by_itself(deal, queue):
	frappe.db.set_single_value("Dealer Payment Settings", "matches_bank_lines", 1)
	frappe.clear_document_cache("Dealer Payment Settings", "Dealer Payment Settings")
	invoice = create_invoice(DEAL, deal.name, share=0.4, is_prepayment=True)
	line, account = bank_line(f"Оплата по счёту № {invoice} от 22.11.2026 за ремонт")
	frappe.db.commit()
	queue.run_here()
	frappe.db.commit()
	assert frappe.db.get_value(DEAL, deal.name, ["paid_amount", "outstanding_amount"]) == (12_000, 18_000)
	assert frappe.db.get_value("Payment Request", invoice, "status") == "Paid"
	assert frappe.db.get_value("Bank Transaction", line.name, "status") == "Reconciled"
	entry = frappe.get_doc("Payment Entry", {"dealer_deal": deal.name})
	assert (entry.paid_to, entry.reference_no) == (account.account, "777")
	assert match_line(line.name) is None, "done twice it pays once"


@pytest.mark.parametrize(
	("text", "deposit"), [("Оплата за ремонт", 12_000), ("{0}", 12_000.01), ("{0} {1}", 5_000)]
)
def test_a_bank_line_that_is_not_clear_waits_for_a_person(deal, text, deposit):
	invoices = [create_invoice(DEAL, deal.name, amount=amount) for amount in (12_000, 8_000)]
	line, _account = bank_line(text.format(*invoices), deposit)
	assert match_line(line.name) is None
	frappe.db.commit()
	assert frappe.db.get_value(DEAL, deal.name, "paid_amount") == 0


def make_bank_account():
	bank = frappe.get_doc({"doctype": "Bank", "bank_name": frappe.generate_hash(length=8)}).insert()
	return frappe.get_doc(
		{
			"doctype": "Bank Account",
			"account_name": bank.name,
			"bank": bank.name,
			"is_company_account": 1,
			"company": test_company(),
			"account": frappe.db.get_value("Account", {"account_type": "Bank", "is_group": 0}),
		}
	).insert()


@pytest.mark.requirement("R191")
def test_past_and_coming_payments_are_seen_together(deal):
	half = create_invoice(DEAL, deal.name, share=0.5, is_prepayment=True)
	pay(deal, (cash(), 15_000))
	rest = create_invoice(DEAL, deal.name)
	frappe.db.commit()
	state = get_payments(DEAL, deal.name)
	assert (state["paid"], state["outstanding"]) == (15_000, 15_000)
	assert {row.name: bool(row.is_open) for row in state["invoices"]} == {half: False, rest: True}
	assert [row.paid_amount for row in state["payments"]] == [15_000]
	assert state["acts"] == []


@pytest.mark.requirement("R230")
def test_the_manager_sees_what_was_invoiced_to_the_client_before(deal, anna, contact, as_user):
	earlier = make_deal(pipeline=PIPELINE, responsible=anna, contact=contact.name, amount=4_000)
	foreign = make_deal(
		pipeline=PIPELINE,
		responsible=make_staff("boris", "Dealer Sales Manager"),
		contact=contact.name,
		amount=9_000,
	)
	acts = [make_act(DEAL, other.name)["act"] for other in (earlier, foreign)]
	make_invoice(DEAL, deal.name)
	with as_user(anna):
		seen = [row.name for row in get_payments(DEAL, deal.name)["client_acts"]]
	assert seen == acts[:1], "of her own deals only"


def test_money_on_a_deal_is_not_typed(deal):
	pay(deal, (cash(), 10_000))
	frappe.db.commit()
	form = frappe.get_doc(DEAL, deal.name)
	form.update({"paid_amount": 30_000, "outstanding_amount": 0, "sales_order": None})
	form.save()
	stored = frappe.db.get_value(DEAL, deal.name, ["paid_amount", "outstanding_amount", "sales_order"])
	assert stored[:2] == (10_000, 20_000)
	assert stored[2]


@pytest.mark.requirement("R186")
def test_a_changed_sum_changes_what_is_left_and_the_order(deal):
	create_invoice(DEAL, deal.name)
	pay(deal, (cash(), 10_000))
	form = frappe.get_doc(DEAL, deal.name)
	form.amount = 25_000
	form.save()
	frappe.db.commit()
	assert frappe.db.get_value(DEAL, deal.name, "outstanding_amount") == 15_000
	made = make_invoice(DEAL, deal.name)
	assert made["amount"] == 15_000, "the invoice for the old sum is closed with what was paid for it"
	order = frappe.get_doc("Sales Order", form.sales_order)
	assert (order.docstatus, order.grand_total) == (1, 25_000)


def test_an_invoiced_sum_is_changed_by_a_credit_note_only(deal):
	from erpnext.controllers.sales_and_purchase_return import make_return_doc

	act = make_act(DEAL, deal.name)["act"]
	form = frappe.get_doc(DEAL, deal.name)
	form.amount = 20_000
	with pytest.raises(AmountIsInvoiced):
		form.save()
	make_return_doc("Sales Invoice", act).submit()
	form = frappe.get_doc(DEAL, deal.name)
	form.amount = 20_000
	form.save()


def test_an_invoice_with_money_on_it_is_not_taken_back(deal):
	free = make_invoice(DEAL, deal.name, amount=5_000)["invoice"]
	cancel_invoice(free)
	assert frappe.db.get_value("Payment Request", free, "status") == "Cancelled"
	paid = make_invoice(DEAL, deal.name)["invoice"]
	pay(deal, (cash(), 1_000))
	with pytest.raises(InvoiceIsPaid):
		cancel_invoice(paid)


def test_a_deal_where_the_dealer_pays_is_not_invoiced(anna):
	deal = make_deal(pipeline="Buyout", responsible=anna, amount=900_000)
	with pytest.raises(frappe.ValidationError, match="dealer pays"):
		make_invoice(DEAL, deal.name)


@pytest.mark.parametrize(
	("values", "text"), [({"amount": 0}, "no sum"), ({"amount": 5, "currency": "USD"}, "company's currency")]
)
def test_what_cannot_be_billed_is_refused_with_a_reason(values, text):
	deal = make_deal(pipeline=PIPELINE, **values)
	with pytest.raises(BillNotTaken, match=text):
		make_invoice(DEAL, deal.name)


def test_a_payer_is_made_from_the_contact(contact):
	company = make_contact("ООО Ромашка", phones=[free_phone()], company_name="ООО Ромашка")
	for card, kind in ((contact, "Individual"), (company, "Company")):
		first, second = (make_deal(pipeline=PIPELINE, contact=card.name, amount=100) for _number in range(2))
		make_invoice(DEAL, first.name)
		make_invoice(DEAL, second.name)
		customers = {frappe.db.get_value(DEAL, deal.name, "customer") for deal in (first, second)}
		assert len(customers) == 1, "two deals of a client have one payer"
		assert frappe.db.get_value("Customer", customers.pop(), "customer_type") == kind


def test_texts_of_robots_make_no_invoice(deal):
	"""A replay and a preview render texts and change nothing."""
	assert render("{{ invoice_link }}", deal) == ""
	assert requests_of(deal) == []
	made = make_invoice(DEAL, deal.name)
	before = frappe.db.count("Public Link")
	assert render("{{ invoice_link }}", frappe.get_doc(DEAL, deal.name)) == made["url"]
	assert frappe.db.count("Public Link") == before


@pytest.mark.requirement("R238")
def test_the_printed_invoice_says_what_a_bank_needs(deal):
	settings = frappe.get_single("Dealer Payment Settings")
	settings.update(
		{
			"seller_name": "ООО Автосалон",
			"tax_id": "7701234567",
			"bank_name": "ПАО Банк",
			"bank_code": "044525225",
			"settlement_account": "40702810900000000001",
			"correspondent_account": "30101810400000000225",
		}
	)
	settings.save()
	frappe.clear_document_cache("Dealer Payment Settings", "Dealer Payment Settings")
	html = print_of("Payment Request", make_invoice(DEAL, deal.name)["invoice"], "ru")
	for text in (
		"7701234567",
		"044525225",
		"40702810900000000001",
		"data:image/png;base64",
		"Тридцать тысяч рублей",
	):
		assert text in html, text
	assert "30\u00a0000,00" in html


def print_of(doctype: str, name: str, language: str = "en") -> str:
	from auto_dealer.documents.print_document import render_html
	from auto_dealer.documents.public_link import PRINTS

	frappe.db.set_single_value("System Settings", "language", language)
	return render_html(doctype, name, PRINTS[doctype])


def test_links_expire_and_are_revoked(deal):
	from auto_dealer.payments.public_invoice import ensure_link, revoke

	request = make_invoice(DEAL, deal.name)["invoice"]
	first = invoice_link(request)
	revoke("Payment Request", request)
	assert invoice_link(request) == ""
	second = ensure_link("Payment Request", request)
	assert second not in ("", first)
	links = frappe.get_all("Public Link", {"reference_name": request}, ["name", "revoked_at"])
	for link in links:
		frappe.db.set_value("Public Link", link.name, "expires_at", add_days(nowdate(), -1))
	assert link_to("Payment Request", request) == ""


@pytest.mark.requirement("R226")
def test_the_act_takes_nothing_out_of_an_empty_stock(deal, monkeypatch):
	"""A bill with a part that is not in the warehouse: ERPNext refuses the act that would take it."""
	from erpnext.stock.stock_ledger import NegativeStockError

	from auto_dealer.payments import deal_bill
	from auto_dealer.payments.rules.bill import BillLine

	item = frappe.get_doc(
		{
			"doctype": "Item",
			"item_code": frappe.generate_hash(length=8),
			"item_group": frappe.db.get_value("Item Group", {"is_group": 0}),
			"is_stock_item": 1,
			"stock_uom": frappe.db.get_single_value("Stock Settings", "stock_uom") or "Nos",
		}
	).insert()
	warehouse = frappe.db.get_value("Warehouse", {"is_group": 0, "company": test_company()})
	whole = deal_bill.get_bill

	def with_part(doc):
		bill = whole(doc)
		line = BillLine(item.name, "Бампер", 1, bill.total, warehouse=warehouse)
		return type(bill)(bill.customer, bill.contact, bill.company, bill.currency, [line], bill.total)

	monkeypatch.setattr(deal_bill, "get_bill", with_part)
	with pytest.raises(NegativeStockError):
		make_act(DEAL, deal.name, update_stock=True)


def test_sums_of_a_deal_without_papers_need_no_ledger():
	deal = make_deal(pipeline=PIPELINE, amount=100)
	assert totals.count(DEAL, deal.name) == totals.Totals(paid=0, outstanding=100)
	assert overview.get_overview(DEAL, deal.name)["invoices"] == []
	assert flt(deal.outstanding_amount) == 100
