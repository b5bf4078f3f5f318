"""Links in e-mails: opening changes nothing, the button answers once, a stranger learns nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from factories import make_pipeline_deal, make_preparation_staff

import frappe
from frappe.utils import now_datetime

from auto_dealer.notices import action_link, mail
from auto_dealer.notices.send import send
from auto_dealer.processes.start import start

PAGE = "/api/method/auto_dealer.notices.answer_page.get_page"
POST = "/api/method/auto_dealer.notices.answer_page.post_answer"


@pytest.fixture
def price(committed) -> tuple[dict, object, str]:
	"""A price that waits for its leaders: staff, request, notice."""
	staff = make_preparation_staff(2)
	deal = make_pipeline_deal("Buyout", responsible=staff["author"])
	values = {"works": [{"work": "Полировка"}], "price": 900_000, "vehicle_title": "Camry <b>"}
	request = frappe.get_doc("Detailing Request", start("Detailing", deal.name, values))
	notice = frappe.db.get_value("Staff Notice", {"reference_name": request.name, "kind": "Approval"})
	return staff, request, notice


def link_for(notice: str, user: str) -> str:
	token = action_link.create_link(notice, user)
	frappe.db.commit()
	return token


@pytest.mark.requirement("R163")
def test_one_tap_in_an_e_mail_agrees_the_price(price, http):
	staff, request, notice = price
	leader = staff["leaders"][0]
	token = link_for(notice, leader)
	guest = http()
	for _scanner in range(3):
		page = guest.get(PAGE, params={"token": token, "answer": "approve"})
		assert page.status_code == 200
		assert 'value="approve" class="first"' in page.text
		assert "Camry &lt;b&gt;" in page.text
	frappe.db.rollback()
	assert request.reload().state == "Price Approval", "looking changes nothing"
	assert frappe.db.get_value("Staff Notice", notice, "owner_user") is None
	answer = guest.post(POST, data={"token": token, "answer": "approve"})
	assert (answer.status_code, "Thank you" in answer.text) == (200, True)
	frappe.db.rollback()
	request.reload()
	assert (request.state, request.price_leader) == ("Hand Over to Detailing", leader)
	assert request.conversation[-1].user == leader
	row = frappe.get_doc("Staff Notice", notice).recipients[0]
	assert (row.user, row.answer, row.answered_by_mail) == (leader, "approve", 1)
	again = guest.post(POST, data={"token": token, "answer": "return", "comment": "x"})
	assert again.status_code == 409
	frappe.db.rollback()
	assert request.reload().state == "Hand Over to Detailing"


@pytest.mark.requirement("R164")
def test_returning_by_link_needs_a_comment(price, http):
	staff, request, notice = price
	token = link_for(notice, staff["leaders"][1])
	guest = http()
	refused = guest.post(POST, data={"token": token, "answer": "return", "comment": " "})
	assert refused.status_code == 409
	assert "comment" in refused.text
	assert "<textarea" in refused.text
	done = guest.post(POST, data={"token": token, "answer": "return", "comment": "Дорого"})
	assert done.status_code == 200
	frappe.db.rollback()
	request.reload()
	assert (request.state, request.conversation[-1].text) == ("Correction", "Дорого")


def test_who_comes_second_by_link_learns_who_was_first(price, http):
	staff, _request, notice = price
	first, second = (link_for(notice, user) for user in staff["leaders"])
	guest = http()
	assert guest.post(POST, data={"token": first, "answer": "approve"}).status_code == 200
	late = guest.post(POST, data={"token": second, "answer": "approve"})
	assert late.status_code == 409
	assert "prep-leader-1" in late.text
	assert "prep-leader-1" in guest.get(PAGE, params={"token": second}).text


@pytest.mark.requirement("R166")
def test_a_date_is_asked_for_on_the_page(price, http):
	staff, request, notice = price
	guest = http()
	guest.post(POST, data={"token": link_for(notice, staff["leaders"][0]), "answer": "approve"})
	frappe.db.rollback()
	accept = frappe.db.get_value(
		"Staff Notice", {"reference_name": request.name, "action": "detailing.accept"}
	)
	token = link_for(accept, staff["administrator"])
	assert 'type="datetime-local"' in guest.get(PAGE, params={"token": token}).text
	refused = guest.post(POST, data={"token": token, "answer": "confirm", "date": "yesterday?"})
	assert refused.status_code == 409
	due = (now_datetime() + timedelta(days=3)).replace(microsecond=0, second=0)
	done = guest.post(
		POST, data={"token": token, "answer": "confirm", "date": due.strftime("%Y-%m-%dT%H:%M")}
	)
	assert done.status_code == 200
	frappe.db.rollback()
	request.reload()
	assert (request.state, request.due_at, request.administrator) == (
		"Detailing",
		due,
		staff["administrator"],
	)


def test_wrong_expired_and_foreign_links(price, http):
	staff, request, notice = price
	leader = staff["leaders"][0]
	guest = http()
	for token in ("", "x", "A" * 43, "%27 or 1=1"):
		assert guest.get(PAGE, params={"token": token}).status_code == 404
		assert guest.post(POST, data={"token": token, "answer": "approve"}).status_code == 404
	token = link_for(notice, leader)
	frappe.db.set_value(
		"Action Link", {"notice": notice}, "expires_at", now_datetime() - timedelta(minutes=1)
	)
	frappe.db.commit()
	assert "<form" not in guest.get(PAGE, params={"token": token}).text
	assert guest.post(POST, data={"token": token, "answer": "approve"}).status_code == 409
	token = link_for(notice, leader)
	frappe.db.set_value("User", leader, "enabled", 0)
	frappe.db.commit()
	refused = guest.post(POST, data={"token": token, "answer": "approve"}).status_code
	frappe.db.set_value("User", leader, "enabled", 1)
	frappe.db.commit()
	assert refused == 404
	frappe.db.rollback()
	assert request.reload().state == "Price Approval"
	assert guest.get(POST, params={"token": token, "answer": "approve"}).status_code in (403, 405)


def test_the_link_works_for_somebody_who_is_logged_in_as_another(price, api):
	"""In a browser with a session the page bears the session's token; the answer is the link's user's."""
	staff, request, notice = price
	leader = staff["leaders"][0]
	token = link_for(notice, leader)
	session = api(staff["administrator"])
	page = session.get(PAGE, params={"token": token}).text
	found = re.search(r'name="csrf_token" value="(\w+)"', page)
	data = {"token": token, "answer": "approve", **({"csrf_token": found[1]} if found else {})}
	assert session.post(POST, data=data).status_code == 200
	me = session.get("/api/method/frappe.auth.get_logged_user").json()["message"]
	assert me == staff["administrator"], "the session is still its own"
	frappe.db.rollback()
	assert request.reload().price_leader == leader


def test_the_mail_bears_a_button_for_each_answer_and_only_the_hash_is_kept(committed, jobs):
	staff = make_preparation_staff(1)
	leader = staff["leaders"][0]
	frappe.db.set_value("User", leader, "language", "ru")
	notice = send([leader], "Согласуйте <цену>", "900 000", kind="Approval")
	message = mail.render(frappe.get_doc("Staff Notice", notice), leader)
	tokens = set(re.findall(r"token=([\w-]{43})", message))
	assert len(tokens) == 1
	assert message.count("answer=approve") == message.count("answer=return") == 1
	assert "Согласуйте &lt;цену&gt;" in message
	link = frappe.get_doc("Action Link", {"notice": notice})
	assert link.token_hash == action_link.hash_token(tokens.pop())
	info = send([leader], "Просто так")
	assert "token=" not in mail.render(frappe.get_doc("Staff Notice", info), leader)


def test_mails_go_out_after_the_commit_and_only_where_they_are_wanted(committed, jobs):
	staff = make_preparation_staff(2)
	frappe.get_doc(
		{
			"doctype": "Email Account",
			"email_account_name": "Notices",
			"email_id": "notices@dealer.example",
			"enable_outgoing": 1,
			"default_outgoing": 1,
			"smtp_server": "127.0.0.1",
			"no_smtp_authentication": 1,
			"awaiting_password": 1,
		}
	).insert(ignore_permissions=True) if not mail.has_account() else None
	unwilling = {"name": staff["leaders"][1]}
	frappe.db.set_value("Notification Settings", unwilling, "enable_email_notifications", 0)
	frappe.clear_document_cache("Notification Settings", staff["leaders"][1])
	notice = send(staff["leaders"], "Тест", kind="Confirm Reading")
	assert not [job for job in jobs.queued() if "notices.mail" in job], "not before the commit"
	frappe.db.commit()
	assert [job for job in jobs.queued() if "notices.mail" in job]
	assert mail.send_mails(notice) == 1
	queued = frappe.get_all("Email Queue", {"reference_name": notice}, pluck="name")
	assert len(queued) == 1
	recipients = frappe.get_all("Email Queue Recipient", {"parent": queued[0]}, pluck="recipient")
	assert recipients == [staff["leaders"][0]]
	frappe.db.set_value("Notification Settings", unwilling, "enable_email_notifications", 1)
	frappe.db.commit()
