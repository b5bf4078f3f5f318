"""Public links, over HTTP as a guest: one document, secret, expiring, revocable, counted, rate limited."""

from __future__ import annotations

import pytest
from factories import make_contract, make_deal, make_staff, make_vehicle

import frappe
from frappe.utils import add_days, now_datetime

from auto_dealer.documents import api as contracts
from auto_dealer.documents.print_document import can_make_pdf
from auto_dealer.documents.public_link import NotForGuests, create_link, find_open_link, revoke_link
from auto_dealer.documents.public_page import MOST_VIEWS

PAGE = "/api/method/auto_dealer.documents.public_page.get_document"
VIN = "XTA210990Y5554443"


def token_of(link: dict) -> str:
	return link["url"].split("token=")[1]


@pytest.fixture
def contract(committed):
	return make_contract(client_name="Иван Петров", vehicle=make_vehicle(vin=VIN).name, language="ru")


@pytest.mark.requirement("R236")
def test_a_guest_sees_the_document_and_is_counted(http, contract):
	link = contracts.create_public_link("Dealer Contract", contract.name)
	other = make_contract(client_name="Чужой Клиент")
	guest = http()
	for _view in range(2):
		answer = guest.get(PAGE, params={"token": token_of(link)})
		assert answer.status_code == 200, answer.text[-500:]
		assert answer.headers["Content-Type"].startswith("text/html")
		assert answer.headers["Cache-Control"] == "private, no-store"
		assert contract.number in answer.text
		assert "Иван Петров" in answer.text
		assert "Договор" in answer.text
		assert "<script" not in answer.text
		assert "Administrator" not in answer.text
	frappe.db.rollback()
	row = frappe.get_doc("Public Link", link["link"])
	assert (row.view_count, bool(row.last_viewed_at)) == (2, True)
	# The link opens this page and nothing else.
	for path in (
		f"/api/resource/Dealer Contract/{contract.name}",
		f"/printview?doctype=Dealer Contract&name={contract.name}",
		f"/printview?doctype=Dealer Contract&name={other.name}&key={token_of(link)}",
		f"/api/method/frappe.utils.print_format.download_pdf?doctype=Dealer Contract&name={contract.name}",
		"/api/resource/Public Link",
	):
		assert guest.get(path).status_code == 403, path
	parameters = {"token": token_of(link), "doctype": "Dealer Contract", "name": other.name}
	assert other.number not in guest.get(PAGE, params=parameters).text
	assert guest.post(PAGE, data={"token": token_of(link)}).status_code == 403


def test_wrong_expired_revoked_and_orphaned_links_look_the_same(http, contract):
	expired, revoked, good = (create_link("Dealer Contract", contract.name) for _link in range(3))
	frappe.db.set_value("Public Link", expired["link"], "expires_at", add_days(now_datetime(), -1))
	revoke_link(revoked["link"])
	orphan = make_contract()
	orphaned = create_link("Dealer Contract", orphan.name)
	frappe.db.delete("Dealer Contract", {"name": orphan.name})
	stored_hash = frappe.db.get_value("Public Link", good["link"], "token_hash")
	guest = http()
	tokens = (
		"",
		"x" * 43,
		"' or 1=1",
		stored_hash,
		good["link"],
		*map(token_of, (expired, revoked, orphaned)),
	)
	answers = [guest.get(PAGE, params={"token": token}) for token in tokens] + [guest.get(PAGE)]
	assert {answer.status_code for answer in answers} == {404}
	assert len({answer.text for answer in answers}) == 1
	assert guest.get(PAGE, params={"token": token_of(good)}).status_code == 200
	frappe.db.rollback()
	assert frappe.get_all("Public Link", {"view_count": (">", 0)}, pluck="name") == [good["link"]]


@pytest.mark.skipif(not can_make_pdf(), reason="no wkhtmltopdf here")
def test_a_guest_gets_the_pdf(http, contract):
	link = create_link("Dealer Contract", contract.name)
	answer = http().get(PAGE, params={"token": token_of(link), "pdf": 1})
	assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
	assert answer.content[:5] == b"%PDF-"


def test_too_many_opens_are_refused(http, contract):
	guest = http()
	guest.headers["X-Forwarded-For"] = "203.0.113.7"
	codes = [guest.get(PAGE, params={"token": "x" * 43}).status_code for _open in range(MOST_VIEWS + 2)]
	assert codes == [404] * MOST_VIEWS + [429] * 2


def test_only_the_secret_s_hash_is_stored():
	contract = make_contract()
	link = create_link("Dealer Contract", contract.name)
	row = frappe.get_doc("Public Link", link["link"])
	assert token_of(link) not in frappe.as_json(row.as_dict())
	assert find_open_link(token_of(link)).name == link["link"]
	assert find_open_link(row.token_hash) is None
	days = (row.expires_at - now_datetime()).total_seconds() / 86400
	assert 13.9 < days <= 14


def test_what_a_link_shows_is_limited():
	contract = make_contract()
	with pytest.raises(NotForGuests):
		create_link("Auto Deal", make_deal(pipeline="Buyout").name)
	with pytest.raises(NotForGuests):
		create_link("Dealer Contract", contract.name, "Sales Invoice")


def test_links_are_made_and_revoked_by_those_who_may_print(api, contract):
	anna, boris = (make_staff(name, "Dealer Sales Manager") for name in ("anna", "boris"))
	frappe.db.set_value("Dealer Contract", contract.name, {"responsible": anna, "owner": anna})
	hers, his = api(anna), api(boris)
	reference = {"doctype": "Dealer Contract", "name": contract.name}
	methods = "auto_dealer.documents.api"
	assert his.call(f"{methods}.create_public_link", **reference).status_code == 403
	link = hers.call(f"{methods}.create_public_link", **reference).json()["message"]
	assert his.call(f"{methods}.revoke_public_link", link=link["link"]).status_code == 403
	assert his.call(f"{methods}.revoke_public_link", link="no-such-link").status_code == 403
	assert his.call(f"{methods}.get_public_links", **reference).status_code == 403
	listed = hers.call(f"{methods}.get_public_links", **reference).json()["message"]
	assert [row["name"] for row in listed] == [link["link"]]
	assert token_of(link) not in frappe.as_json(listed)
	assert hers.call(f"{methods}.revoke_public_link", link=link["link"]).status_code == 200
	guest = api("Administrator")
	assert guest.get(PAGE, params={"token": token_of(link)}).status_code == 404
