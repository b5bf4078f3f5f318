"""Sending to several banks at once: jobs, failures and repetitions, comparison, packs."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from factories import make_credit_application, make_lending_bank, make_staff

import frappe
from frappe.utils import add_days, add_to_date, now_datetime, nowdate

from auto_dealer.credit import bank_jobs, personal_data
from auto_dealer.credit.application_pack import as_zip, make_pack
from auto_dealer.credit.compare_offers import compare_offers
from auto_dealer.credit.send_to_banks import CannotSend, send_to_banks
from auto_dealer.credit.stage_check import StageNotReady

APPLICATION, SPECIALIST = "Credit Application", "Dealer Credit Specialist"


@pytest.fixture
def specialist() -> str:
	return make_staff("credit-olga", SPECIALIST)


def offers_of(name: str) -> dict:
	return {row.bank: row for row in frappe.get_doc(APPLICATION, name).offers}


def make_due(offer: str) -> None:
	frappe.db.set_value("Bank Offer", offer, "next_try_at", add_to_date(now_datetime(), minutes=-1))


# -- sending ---------------------------------------------------------------------------------------


@pytest.mark.requirement("R97")
def test_several_banks_at_once_each_answers_for_itself(specialist, queue):
	make_lending_bank("Yes", rate=17)
	make_lending_bank("No", simulated_outcome="Refuse")
	make_lending_bank("Broken", simulated_outcome="Fail")
	make_lending_bank("By hand", connector="Manual")
	application = make_credit_application(specialist)
	queued = send_to_banks(application.name, ["Yes", "No", "Broken", "By hand", "Yes"])
	assert len(queued) == 4
	application.reload()
	assert (application.stage, application.last_event) == (
		"Sent to Banks",
		"Sent to: Yes, No, Broken, By hand",
	)
	assert {row.status for row in application.offers} == {"Queued"}
	frappe.db.after_commit.run()
	assert queue.queued().count("auto_dealer.credit.bank_jobs.send_one") == 4
	queue.run_here()
	offers = offers_of(application.name)
	assert {bank: row.status for bank, row in offers.items()} == {
		"Yes": "Approved",
		"No": "Refused",
		"Broken": "Failed",
		"By hand": "Sent",
	}
	yes = offers["Yes"]
	assert (yes.rate, yes.term_months, yes.approved_sum) == (17, 36, 1_000_000)
	# PMT(17 %/12, 36, -1 000 000); 2 % of the sum.
	assert (yes.monthly_payment, yes.commission) == (35_652.73, 20_000)
	assert yes.overpayment == pytest.approx(36 * 35_652.73 - 1_000_000, abs=1)
	assert str(yes.valid_until) == add_days(nowdate(), 30)
	assert "out of order" in offers["Broken"].last_error
	assert offers["Broken"].next_try_at > now_datetime()
	assert frappe.db.get_value(APPLICATION, application.name, "stage") == "Bank Decision"


@pytest.mark.requirement("R97")
def test_a_bank_that_failed_is_tried_again_until_the_specialist_is_told(specialist, queue):
	bank = make_lending_bank("Broken", simulated_outcome="Fail")
	application = make_credit_application(specialist)
	offer = send_to_banks(application.name, [bank.name])[0]
	bank_jobs.send_one(application.name, offer)
	for attempt in range(2, 6):
		bank_jobs.retry_due()
		assert offers_of(application.name)["Broken"].attempts == attempt - 1, "its time has not come"
		make_due(offer)
		bank_jobs.retry_due()
		assert offers_of(application.name)["Broken"].attempts == attempt
	row = offers_of(application.name)["Broken"]
	assert (row.status, row.next_try_at) == ("Failed", None)
	notices = frappe.get_all(
		"Notification Log", {"document_name": application.name, "for_user": specialist}, pluck="subject"
	)
	assert sum("Broken" in subject for subject in notices) == 1
	bank.simulated_outcome = "Approve"
	bank.save()
	assert send_to_banks(application.name, [bank.name]) == [offer]
	bank_jobs.send_one(application.name, offer)
	assert offers_of(application.name)["Broken"].status == "Approved"


@pytest.mark.requirement("R97")
def test_a_repaired_bank_gets_the_application_by_itself(specialist):
	bank = make_lending_bank("Broken", simulated_outcome="Fail")
	application = make_credit_application(specialist)
	offer = send_to_banks(application.name, [bank.name])[0]
	bank_jobs.send_one(application.name, offer)
	bank.simulated_outcome = "Approve"
	bank.save()
	make_due(offer)
	bank_jobs.retry_due()
	row = offers_of(application.name)["Broken"]
	assert (row.status, row.attempts, row.last_error) == ("Approved", 2, None)
	assert row.external_id == f"SIM-{offer}", "the bank can tell a repetition by the key"


@pytest.mark.requirement("R97")
def test_a_job_that_runs_twice_sends_once(specialist):
	make_lending_bank("Yes")
	application = make_credit_application(specialist)
	offer = send_to_banks(application.name, ["Yes"])[0]
	assert bank_jobs.claim(application.name, offer)
	assert bank_jobs.claim(application.name, offer) is None
	frappe.db.set_value("Bank Offer", offer, "sent_at", add_to_date(now_datetime(), minutes=-31))
	bank_jobs.retry_due()
	assert offers_of(application.name)["Yes"].status == "Approved", "taken up after a worker that died"
	bank_jobs.send_one(application.name, offer)
	assert offers_of(application.name)["Yes"].attempts == 2


@pytest.mark.requirement("R97")
def test_nothing_is_sent_without_consent_or_twice(specialist, queue):
	make_lending_bank("Yes")
	application = make_credit_application(specialist, has_consent=0, consent_date=None)
	with pytest.raises(StageNotReady, match="The Borrower Has Consented"):
		send_to_banks(application.name, ["Yes"])
	frappe.db.rollback()
	make_lending_bank("Yes")
	application = make_credit_application(make_staff("credit-olga", SPECIALIST))
	send_to_banks(application.name, ["Yes"])
	with pytest.raises(CannotSend, match="already"):
		send_to_banks(application.name, ["Yes"])
	with pytest.raises(CannotSend, match="unknown"):
		send_to_banks(application.name, ["No such bank"])


def test_the_error_that_staff_read_has_no_personal_data(specialist, monkeypatch):
	make_lending_bank("Yes")
	application = make_credit_application(specialist, borrower_name="Иван Петров")
	offer = send_to_banks(application.name, ["Yes"])[0]

	def fail(*_args):
		raise ValueError("bad borrower Иван Петров, 4509 123456")

	monkeypatch.setattr(bank_jobs, "ask_bank", fail)
	bank_jobs.send_one(application.name, offer)
	assert offers_of(application.name)["Yes"].last_error == "ValueError: bad borrower ***, ***"


def test_a_bank_by_e_mail_gets_the_archive(specialist, monkeypatch):
	sent = []
	monkeypatch.setattr(frappe, "sendmail", lambda **kwargs: sent.append(kwargs))
	with pytest.raises(frappe.ValidationError):
		make_lending_bank("Mail", connector="E-mail")
	make_lending_bank("Mail", connector="E-mail", email="loans@bank.example")
	application = make_credit_application(specialist)
	offer = send_to_banks(application.name, ["Mail"])[0]
	bank_jobs.send_one(application.name, offer)
	assert offers_of(application.name)["Mail"].status == "Sent"
	assert sent[0]["recipients"] == ["loans@bank.example"]
	archive = zipfile.ZipFile(io.BytesIO(sent[0]["attachments"][0]["fcontent"]))
	assert "application.json" in archive.namelist()


# -- the pack --------------------------------------------------------------------------------------


@pytest.mark.requirement("R97", "R93")
def test_the_pack_has_the_questionnaire_and_the_papers_and_no_commissions(specialist):
	application = make_credit_application(specialist, borrower_name="Иван Петров")
	frappe.get_doc(
		{
			"doctype": "File",
			"file_name": "паспорт.txt",
			"content": "scan",
			"attached_to_doctype": APPLICATION,
			"attached_to_name": application.name,
		}
	).insert()
	archive = zipfile.ZipFile(io.BytesIO(as_zip(make_pack(application, "key"))))
	names = archive.namelist()
	assert [name for name in names if name.startswith("application.")][1] == "application.json"
	papers = [name for name in names if name.startswith("documents/01 ")]
	assert archive.read(papers[0]) == b"scan"
	data = json.loads(archive.read("application.json"))
	assert (data["borrower_name"], data["credit_sum"]) == ("Иван Петров", 1_000_000)
	assert data["incomes"][0]["source"] == "Ромашка"
	assert not [key for key in data if "commission" in key or "share" in key]
	questionnaire = archive.read(names[0])
	assert questionnaire[:4] == b"%PDF" or "Иван Петров" in questionnaire.decode()


# -- comparison ------------------------------------------------------------------------------------


@pytest.mark.requirement("R97")
def test_offers_side_by_side_with_the_best_marked(specialist):
	for name, rate in (("A", 19), ("B", 17)):
		make_lending_bank(name, rate=rate)
	make_lending_bank("C", simulated_outcome="Refuse")
	application = make_credit_application(specialist)
	for offer in send_to_banks(application.name, ["A", "B", "C"]):
		bank_jobs.send_one(application.name, offer)
	application.reload()
	application.offers[0].approved_sum = 1_200_000
	application.save()
	table = {row["bank"]: row for row in compare_offers(application)}
	assert table["A"]["best"] == ["approved_sum", "commission"]
	assert table["B"]["best"] == ["rate", "monthly_payment", "overpayment"]
	assert (table["C"]["best"], table["C"]["is_open"]) == ([], False)


def test_an_unknown_connector_is_refused():
	with pytest.raises(frappe.ValidationError):
		make_lending_bank("X", connector="Pigeon")


def test_an_e_mail_waits_in_the_queue_with_its_pack_until_the_data_is_erased(specialist, monkeypatch):
	make_lending_bank("Mail", connector="E-mail", email="loans@bank.example")
	application = make_credit_application(specialist)
	offer = send_to_banks(application.name, ["Mail"])[0]
	monkeypatch.setitem(frappe.flags, "mute_emails", False)
	frappe.db.delete("Email Account")
	monkeypatch.setattr(frappe.local, "outgoing_email_account", {}, raising=False)
	bank_jobs.send_one(application.name, offer)
	row = offers_of(application.name)["Mail"]
	assert (row.status, row.last_error) == ("Failed", "No outgoing e-mail account is set up.")
	account = {"email_id": "dealer@dealer.example", "email_account_name": "Out", "smtp_server": "127.0.0.1"}
	account = frappe.get_doc(
		{"doctype": "Email Account", **account, "enable_outgoing": 1, "default_outgoing": 1}
	)
	account.db_insert()
	make_due(offer)
	bank_jobs.retry_due()
	assert offers_of(application.name)["Mail"].status == "Sent"
	mail = {"reference_doctype": APPLICATION, "reference_name": application.name}
	assert ".zip" in frappe.db.get_value("Email Queue", mail, "message")
	personal_data.erase(application.name)
	assert not frappe.db.exists("Email Queue", mail)
