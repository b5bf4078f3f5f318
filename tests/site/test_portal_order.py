"""/my/<token> over HTTP as a guest: what the client of one order sees and answers, and what the secret does not open."""

from __future__ import annotations

import io
import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest
from factories import make_agreed_order, make_contact, make_deal, make_staff, make_work_order
from PIL import Image

import frappe
from frappe.utils import add_days, now_datetime

from auto_dealer.payments.create_invoice import create_invoice
from auto_dealer.portal.desk_api import robot_value
from auto_dealer.portal.guest_limits import check_rate
from auto_dealer.portal.link_tokens import (
	UnknownPurpose,
	ensure_link,
	find_link,
	make_token,
	open_link,
	revoke_links,
)
from auto_dealer.portal.order_api import MOST_ANSWERS
from auto_dealer.portal.order_questions import MOST_QUESTIONS
from auto_dealer.portal.page import MOST_VIEWS, SECONDS

API = "auto_dealer.portal.order_api."
ORDER = "Service Work Order"


@pytest.fixture
def guest(http):
	"""A guest of an address of his own, so that tests do not share a limit."""
	session = http()
	session.headers["X-Forwarded-For"] = ".".join(str(secrets.randbelow(250) + 1) for _part in range(4))
	session.headers["Accept-Language"] = "en"
	return session


@pytest.fixture
def order(guest):
	advisor = make_staff("portal-advisor", "Dealer Service Advisor")
	made = make_work_order(
		service_advisor=advisor,
		promised_at="2026-12-01 18:00:00",
		labour=[
			{"description": "Brake pads", "hours": 1, "rate": 2000},
			{"description": "Brake discs", "hours": 2, "rate": 2000},
		],
		photos=[
			{"photo": photo(), "caption": "Wheel", "is_shown": 1},
			{"photo": photo("blue"), "is_shown": 0},
		],
	)
	made.stage = "Estimate"
	made.save()
	return made


def photo(colour: str = "red") -> str:
	buffer = io.BytesIO()
	Image.new("RGB", (1600, 1200), colour).save(buffer, "JPEG")
	values = {"doctype": "File", "file_name": f"{colour}.jpg", "content": buffer.getvalue(), "is_private": 1}
	return frappe.get_doc(values).insert().file_url


def link_of(order) -> str:
	url = ensure_link("Order", order.doctype, order.name)
	frappe.db.commit()
	return url.split("/my/")[1]


def said(answer) -> dict:
	return answer.json()["message"]


def data_of(page) -> dict:
	return frappe.parse_json(page.text.split('id="page-data">')[1].split("</script>")[0])


def lines_of(page) -> list[str]:
	return [part.split('"')[0] for part in page.text.split('data-line="')[1:]]


# -- what is seen ----------------------------------------------------------------------------------


def test_a_client_sees_his_order_and_is_counted(guest, order):
	token = link_of(order)
	page = guest.get(f"/my/{token}")
	assert page.status_code == 200, page.text[-500:]
	for text in (
		order.name,
		"Brake pads",
		"4,000",
		"Tuesday, 1 December, 18:00",
		"Toyota Camry",
		"Стук спереди",
	):
		assert text in page.text, text
	assert page.headers["Cache-Control"] == "private, no-store"
	assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
	assert "frappe" not in page.text.lower().replace("x-frappe", "")
	guest.get(f"/my/{token}")
	frappe.db.rollback()
	assert frappe.db.get_value("Portal Link", {"reference_name": order.name}, "view_count") == 2


def test_photos_are_those_that_are_shown(guest, order):
	token, other = link_of(order), make_work_order(photos=[{"photo": photo("green"), "is_shown": 1}])
	frappe.db.commit()
	shown, hidden = order.photos[0].name, order.photos[1].name
	answer = guest.get(f"/my/{token}/photo/{shown}")
	assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
	small = guest.get(f"/my/{token}/photo/{shown}?small")
	assert max(Image.open(io.BytesIO(small.content)).size) <= 960
	for key in (hidden, other.photos[0].name, "nonsense"):
		assert guest.get(f"/my/{token}/photo/{key}").status_code == 404
	assert guest.get(f"/my/{'x' * 43}/photo/{shown}").status_code == 404


@pytest.mark.requirement("R190")
def test_money_and_documents_of_this_order(guest, committed):
	agreed = make_agreed_order()
	create_invoice(ORDER, agreed.name)
	other = make_agreed_order()
	token = link_of(agreed)
	page = guest.get(f"/my/{token}")
	assert "Left to pay" in page.text
	address = page.text.split('href="')
	invoice = next(part.split('"')[0] for part in address if "/i/" in part.split('"')[0])
	assert guest.get(invoice[invoice.index("/i/") :]).status_code == 200
	documents = frappe.get_all("Work Order Approval", {"work_order": agreed.name}, pluck="name")
	foreign = frappe.get_all("Work Order Approval", {"work_order": other.name}, pluck="name")
	answer = guest.get(f"/my/{token}/document/{documents[0]}")
	assert answer.status_code in (200, 404)  # 404 where no PDF could be made
	if answer.status_code == 200:
		assert answer.content[:5] == b"%PDF-"
	assert guest.get(f"/my/{token}/document/{foreign[0]}").status_code == 404


def test_a_deal_of_the_body_shop_has_a_page_too(guest, committed):
	deal = make_deal(pipeline="Body Repair", amount=45000)
	token = link_of(deal)
	page = guest.get(f"/my/{token}")
	assert page.status_code == 200
	assert deal.name in page.text
	assert "45,000" in page.text
	assert said(guest.call(f"{API}answer_estimate", token=token, answers={"a": True}))["error"] == "not_found"


# -- answers ---------------------------------------------------------------------------------------


def test_a_client_approves_and_declines_line_by_line(guest, order):
	token = link_of(order)
	page = guest.get(f"/my/{token}")
	first, second = lines_of(page)
	values = {"token": token, "snapshot_hash": data_of(page)["snapshot_hash"], "client_name": "Иван Петров"}
	version = said(guest.call(f"{API}get_order_version", token=token))["version"]
	assert version == data_of(page)["version"]
	assert guest.call(f"{API}answer_estimate", **values, answers={first: True}).status_code == 422
	answer = guest.call(f"{API}answer_estimate", **values, answers={first: True, second: False})
	assert (answer.status_code, said(answer)) == (200, {"ok": True}), answer.text[-500:]
	frappe.db.rollback()
	order.reload()
	assert [row.approval for row in order.labour] == ["Approved", "Declined"]
	approval = frappe.get_last_doc("Work Order Approval", {"work_order": order.name})
	assert (approval.answered_by, approval.way, bool(approval.ip)) == ("Иван Петров", "Link", True)
	assert said(guest.call(f"{API}get_order_version", token=token))["version"] != version
	assert 'id="answers"' not in guest.get(f"/my/{token}").text


def test_an_answer_to_another_estimate_is_refused(guest, order):
	token = link_of(order)
	page = guest.get(f"/my/{token}")
	values = {
		"token": token,
		"snapshot_hash": data_of(page)["snapshot_hash"],
		"client_name": "Иван",
		"answers": dict.fromkeys(lines_of(page), True),
	}
	order.reload()
	order.labour[0].rate = 9000
	order.save()
	frappe.db.commit()
	answer = guest.call(f"{API}answer_estimate", **values)
	assert (answer.status_code, said(answer)["error"]) == (409, "changed")
	frappe.db.rollback()
	assert not frappe.db.exists("Work Order Approval", {"work_order": order.name})


def test_two_answers_at_a_time_are_one(guest, order):
	token = link_of(order)
	page = guest.get(f"/my/{token}")
	values = {"token": token, "snapshot_hash": data_of(page)["snapshot_hash"], "client_name": "Иван"}
	answers = [dict.fromkeys(lines_of(page), approve) for approve in (True, False, True, False)]
	with ThreadPoolExecutor(4) as pool:
		codes = list(
			pool.map(lambda a: guest.call(f"{API}answer_estimate", **values, answers=a).status_code, answers)
		)
	assert sorted(codes)[0] == 200
	assert set(codes[:]) <= {200, 409, 422}
	assert codes.count(200) == 1
	frappe.db.rollback()
	assert frappe.db.count("Work Order Approval", {"work_order": order.name}) == 1


def test_strange_answers_are_refused(guest, order):
	token = link_of(order)
	for answers in ({}, {"x": "yes"}, {"x": 1}, {"x": None}):
		assert (
			guest.call(f"{API}answer_estimate", token=token, answers=answers, client_name="И").status_code
			== 422
		)
	for answers in ("x", ["x"], 5):
		assert guest.call(f"{API}answer_estimate", token=token, answers=answers).status_code in (417, 422)
	assert guest.call(f"{API}answer_estimate", token=token, answers={"x": True}).status_code == 422


# -- questions -------------------------------------------------------------------------------------


def test_a_question_reaches_the_advisor(guest, order):
	token = link_of(order)
	assert guest.call(f"{API}ask_question", token=token, text="  ").status_code == 422
	answer = guest.call(f"{API}ask_question", token=token, text="Когда забирать?\n<b>Иван</b>")
	assert answer.status_code == 200, answer.text[-500:]
	frappe.db.rollback()
	question = frappe.get_last_doc("Communication", {"reference_name": order.name})
	assert (question.sent_or_received, question.reference_doctype) == ("Received", ORDER)
	assert "<b>" not in question.content
	notice = frappe.get_last_doc("Staff Notice", {"reference_name": order.name})
	assert [row.user for row in notice.recipients] == [order.service_advisor]
	page = guest.get(f"/my/{token}").text
	assert "Когда забирать?" in page
	assert "<b>Иван" not in page


def test_the_trap_and_the_limits_of_questions(guest, order):
	token = link_of(order)
	assert guest.call(f"{API}ask_question", token=token, text="spam", website="x").status_code == 200
	frappe.db.rollback()
	assert not frappe.db.exists("Communication", {"reference_name": order.name})
	for _question in range(MOST_QUESTIONS):
		values = {"communication_medium": "Chat", "subject": "Question from the client's page"}
		frappe.get_doc(
			{
				"doctype": "Communication",
				"content": "?",
				"sent_or_received": "Received",
				"reference_doctype": ORDER,
				"reference_name": order.name,
				**values,
			}
		).insert()
	frappe.db.commit()
	assert guest.call(f"{API}ask_question", token=token, text="?").status_code == 409


# -- the secret ------------------------------------------------------------------------------------


def test_wrong_foreign_expired_and_revoked_links_look_the_same(guest, order):
	good = link_of(order)
	expired, booking = make_token("Order", ORDER, order.name), make_token("Booking", ORDER, order.name)
	contact = make_token("Order", "Contact", make_contact().name)
	orphan = make_work_order()
	orphaned = make_token("Order", ORDER, orphan.name)
	frappe.db.delete(ORDER, {"name": orphan.name})
	revoked = make_work_order()
	revoked_token = make_token("Order", ORDER, revoked.name)
	revoke_links(ORDER, revoked.name)
	from auto_dealer.portal.rules.link_token import hash_token

	link = {"token_hash": hash_token(expired)}
	frappe.db.set_value("Portal Link", link, "expires_at", add_days(now_datetime(), -1))
	frappe.db.commit()
	stored = frappe.db.get_value("Portal Link", {"reference_name": order.name}, "token_hash")
	wrong = (
		"x" * 43,
		"x",
		expired,
		booking,
		contact,
		orphaned,
		revoked_token,
		stored[:43],
		order.name,
		"' or 1=1",
	)
	pages = [guest.get(f"/my/{token}") for token in wrong]
	assert {page.status_code for page in pages} == {404}
	assert len({page.text for page in pages}) == 1
	for method in ("get_order_version", "answer_estimate", "ask_question"):
		answers = [guest.call(f"{API}{method}", token=token, text="?") for token in wrong]
		assert {answer.status_code for answer in answers} == {404}, method
		assert len({answer.text for answer in answers}) == 1, method
	assert guest.get(f"/my/{good}").status_code == 200
	for path in (f"/api/resource/{ORDER}/{order.name}", "/api/resource/Portal Link"):
		assert guest.get(path).status_code == 403


def test_too_many_requests_of_an_address_are_refused(guest, order):
	codes = [guest.call(f"{API}answer_estimate", token="x").status_code for _n in range(MOST_ANSWERS + 1)]
	assert codes == [404] * MOST_ANSWERS + [429]
	frappe.local.request_ip = guest.headers["X-Forwarded-For"]
	for _view in range(MOST_VIEWS):
		check_rate("page", MOST_VIEWS, SECONDS)
	page = guest.get(f"/my/{'x' * 43}")
	assert page.status_code == 429
	assert "Too many requests" in page.text


def test_a_link_is_the_same_until_it_is_revoked():
	order = make_work_order()
	first = ensure_link("Order", ORDER, order.name)
	assert ensure_link("Order", ORDER, order.name) == first == open_link("Order", ORDER, order.name)
	assert frappe.db.count("Portal Link", {"reference_name": order.name}) == 1
	token = first.split("/my/")[1]
	assert find_link(token, "Order").reference_name == order.name
	assert find_link(token, "Booking") is None
	assert token not in frappe.as_json(frappe.get_last_doc("Portal Link").as_dict())
	assert revoke_links(ORDER, order.name) == 1
	assert find_link(token, "Order") is None
	assert ensure_link("Order", ORDER, order.name) != first
	with pytest.raises(UnknownPurpose):
		ensure_link("Anything", ORDER, order.name)


# -- staff -----------------------------------------------------------------------------------------


def test_staff_make_and_close_the_link_of_a_repair(api, guest):
	manager, other = (
		make_staff("portal-manager", "Dealer Sales Manager"),
		make_staff("portal-other", "Dealer Sales Manager"),
	)
	deal = make_deal(pipeline="Body Repair", responsible=manager, amount=1000)
	sale = make_deal(pipeline="New Cars", responsible=manager)
	method = "auto_dealer.portal.desk_api.make_deal_link"
	assert api(other).call(method, deal=deal.name).status_code == 403
	session = api(manager)
	answer = session.call(method, deal=deal.name)
	assert answer.status_code == 200, answer.text[-800:]
	url = said(answer)["url"]
	assert said(session.call(method, deal=deal.name))["url"] == url
	assert session.call(method, deal=sale.name).status_code == 417
	page = "/my/" + url.split("/my/")[1]
	assert guest.get(page).status_code == 200
	assert said(session.call("auto_dealer.portal.desk_api.revoke_deal_links", deal=deal.name)) == {
		"closed": 1
	}
	assert guest.get(page).status_code == 404
	frappe.db.rollback()
	assert robot_value(deal) == ""
