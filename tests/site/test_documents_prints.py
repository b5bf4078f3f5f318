"""Prints beside the contracts: QR codes with a public link, the report to an owner, tax documents and waybills."""

from __future__ import annotations

import base64
import re
from io import BytesIO

import pytest
from factories import make_contract, make_deal, make_row, make_staff, make_vehicle, test_company

import frappe
from frappe.utils import add_days, now_datetime, nowdate

from auto_dealer.documents import api as contracts
from auto_dealer.documents import print_qr
from auto_dealer.documents.commission_report import BadCommission, dealer_commission_values
from auto_dealer.documents.contract_card import ContractFrozen
from auto_dealer.documents.print_document import can_make_pdf, render_html, render_pdf
from auto_dealer.documents.public_link import LINK, revoke_link
from auto_dealer.payments.close import make_sales_invoice
from auto_dealer.payments.transfer_values import dealer_transfer_values

CONTRACT = "Dealer Contract"
PAGE = "/api/method/auto_dealer.documents.public_page.get_document"
QR = re.compile(r'src="data:image/svg\+xml;base64,([^"]+)"')


def printed(contract, print_format: str = "Contract of Sale") -> str:
	return render_html(CONTRACT, contract.name, print_format)


def codes(html: str) -> list[str]:
	return QR.findall(html)


# -- the code --------------------------------------------------------------------------------------


def test_a_code_is_an_image_that_fetches_nothing():
	image = print_qr.svg_image("https://example.com/?token=" + "x" * 43)
	svg = base64.b64decode(image.split(",")[1]).decode()
	assert svg.startswith("<svg")
	assert "href" not in svg
	import pyqrcode

	expected = BytesIO()
	pyqrcode.create("https://example.com/?token=" + "x" * 43, error="M").svg(
		expected, scale=4, quiet_zone=2, xmldecl=False, background="white"
	)
	assert svg == expected.getvalue().decode()


@pytest.mark.requirement("R236")
def test_each_print_bears_the_same_code_until_the_link_is_revoked_or_over():
	contract = make_contract(language="ru")
	first = codes(printed(contract))
	assert len(first) == 1
	assert codes(printed(contract)) == first
	(link,) = frappe.get_all(LINK, {"reference_name": contract.name}, pluck="name")
	url = print_qr.open_address(CONTRACT, contract.name)
	assert first[0] == print_qr.svg_image(url).split(",")[1]
	revoke_link(link)
	second = codes(printed(contract))
	assert second != first
	newest = frappe.get_all(LINK, {"reference_name": contract.name, "name": ("!=", link)}, pluck="name")
	frappe.db.set_value(LINK, newest[0], "expires_at", add_days(now_datetime(), -1))
	assert codes(printed(contract)) not in (first, second)


def test_a_guest_makes_no_link_by_looking(as_user):
	contract = make_contract()
	with as_user("Guest"):
		assert codes(printed(contract)) == []
	assert not frappe.db.exists(LINK, {"reference_name": contract.name})
	assert codes(printed(contract)) != []
	with as_user("Guest"):
		assert len(codes(printed(contract))) == 1


def test_who_may_not_print_makes_no_link(as_user):
	contract = make_contract()
	with as_user(make_staff("stranger", "Dealer Mechanic")):
		assert print_qr.dealer_print_qr(contract) == ""
	assert not frappe.db.exists(LINK, {"reference_name": contract.name})


def test_the_code_leads_a_guest_to_the_contract(api, http):
	contract = make_contract(client_name="Иван Петров", language="ru")
	session = api()
	answer = session.get(
		"/printview", params={"doctype": CONTRACT, "name": contract.name, "format": "Contract of Sale"}
	)
	assert answer.status_code == 200
	assert len(codes(answer.text)) == 1
	frappe.db.rollback()
	token = print_qr.open_address(CONTRACT, contract.name).split("token=")[1]
	seen = http().get(PAGE, params={"token": token})
	assert seen.status_code == 200
	assert "Иван Петров" in seen.text
	assert frappe.db.get_value(LINK, {"reference_name": contract.name}, "token_hash") != token


@pytest.mark.requirement("R148")
def test_bank_details_are_typed_by_hand_into_the_contract():
	typed = "р/с 40702810900000000001\nБИК 044525225 <b>"
	with_them, without = make_contract(client_details=typed), make_contract()
	html = printed(with_them)
	for words in ("р/с 40702810900000000001", "БИК 044525225 &lt;b&gt;"):
		assert words in html, words
	assert "р/с" not in printed(without)


# -- the report to the owner -----------------------------------------------------------------------


@pytest.fixture
def commission():
	car = make_vehicle(vin="XTA210990Y5557771")
	return make_contract(
		kind="Commission",
		vehicle=car.name,
		client_name="Пётр Владелец",
		amount=1_000_000,
		commission_percent=5,
		language="ru",
	)


@pytest.mark.requirement("R234")
def test_the_report_tells_price_fee_and_what_is_to_be_paid(commission):
	html = printed(commission, "Commission Report")
	assert "Автомобиль ещё не продан" in html
	sale = make_contract(vehicle=commission.vehicle, amount=1_050_000, client_name="Покупатель")
	assert not dealer_commission_values(commission).is_sold, "a draft is no sale"
	contracts.sign_contract(sale.name)
	sale.reload()
	commission.reload()
	commission.save()
	assert commission.payable_to_owner == 997_500
	html = printed(commission, "Commission Report").replace("\xa0", " ")
	for words in (
		"Отчёт комиссионера",
		"Пётр Владелец",
		sale.number,
		"1 050 000,00",
		"52 500,00",
		"997 500,00",
	):
		assert words in html, words
	assert "девятьсот девяносто семь тысяч пятьсот" in html.lower()
	if can_make_pdf():
		assert render_pdf(CONTRACT, commission.name, "Commission Report")[:4] == b"%PDF"


def test_terms_are_signed_the_price_of_the_sale_comes_later(commission):
	contracts.sign_contract(commission.name)
	commission.reload()
	commission.sold_amount, commission.sold_on = 900_000, nowdate()
	commission.save()
	assert commission.payable_to_owner == 855_000
	commission.commission_percent = 50
	with pytest.raises(ContractFrozen):
		commission.save()


@pytest.mark.parametrize(
	"values", [{"commission_percent": 101}, {"commission_amount": -1}, {"sold_amount": -1}]
)
def test_impossible_terms(commission, values):
	commission.update(values)
	with pytest.raises(BadCommission):
		commission.save()


def test_other_contracts_have_no_commission():
	contract = make_contract(commission_percent=5, sold_amount=100)
	assert (contract.commission_percent, contract.sold_amount, contract.payable_to_owner) == (0, 0, 0)


# -- tax invoice, transfer document, waybill -------------------------------------------------------


@pytest.fixture
def seller():
	frappe.db.set_value(
		"Dealer Payment Settings",
		None,
		{
			"seller_name": "ООО «Автосалон»",
			"tax_id": "7701234567",
			"tax_reason_code": "770101001",
			"seller_address": "Москва, Тверская, 1",
			"director": "Петров П. П.",
			"accountant": "Сидорова С. С.",
		},
	)
	frappe.clear_document_cache("Dealer Payment Settings", "Dealer Payment Settings")
	yield
	frappe.clear_document_cache("Dealer Payment Settings", "Dealer Payment Settings")


@pytest.fixture
def invoice(seller):
	deal = make_deal(pipeline="Body Repair", amount=120_000, client_name="ООО Покупатель")
	invoice = frappe.get_doc("Sales Invoice", make_sales_invoice("Auto Deal", deal.name))
	return invoice


def text_of(doctype: str, name: str, print_format: str) -> str:
	frappe.local.lang = "ru"
	html = render_html(doctype, name, print_format)
	frappe.local.lang = "en"
	return html.replace("\xa0", " ")


@pytest.mark.requirement("R234")
@pytest.mark.parametrize(
	("print_format", "title"),
	[
		("Dealer Tax Invoice", "Счёт-фактура №"),
		("Universal Transfer Document", "Универсальный передаточный документ"),
	],
)
def test_tax_documents_of_an_invoice(invoice, print_format, title):
	html = text_of("Sales Invoice", invoice.name, print_format)
	for words in (
		title,
		invoice.name,
		"ООО «Автосалон»",
		"7701234567 / 770101001",
		"Москва, Тверская, 1",
		"ООО Покупатель",
		"Российский рубль",
		"643",
		"120 000,00",
		"Петров П. П.",
		"Сидорова С. С.",
	):
		assert words in html, words
	values = dealer_transfer_values(invoice)
	assert values.has_tax
	assert len(values.lines) == len(invoice.items)
	assert "1137" in html or "ММВ-20-3/96" in html
	assert not re.search(r"\{\{|\}\}|None", re.sub(r"<style>.*?</style>", "", html, flags=re.S))
	if can_make_pdf():
		assert render_pdf("Sales Invoice", invoice.name, print_format)[:4] == b"%PDF"


@pytest.mark.requirement("R234")
def test_lines_add_up_to_the_invoice(invoice):
	values = dealer_transfer_values(invoice)

	def number(text: str) -> float:
		return float(re.sub(r"[^\d,.]", "", text).replace(",", "").rstrip("."))

	frappe.local.lang = "en"
	assert number(values.total["gross"]) == pytest.approx(invoice.grand_total)
	assert number(values.total["tax"]) == pytest.approx(invoice.total_taxes_and_charges)


@pytest.mark.requirement("R234")
def test_a_waybill_of_a_delivery(seller):
	customer = frappe.get_doc(
		{
			"doctype": "Customer",
			"customer_name": "ООО Получатель",
			"customer_type": "Company",
			"tax_id": "7709876543",
		}
	).insert()
	note = make_row(
		"Delivery Note",
		customer=customer.name,
		company=test_company(),
		currency="RUB",
		posting_date=nowdate(),
		items=[
			{
				"item_code": "FILTER",
				"item_name": "Фильтр",
				"description": "<div>Фильтр <b>масляный</b></div>",
				"qty": 2,
				"uom": "Nos",
				"net_amount": 1000,
				"against_sales_order": "SO-1",
			},
			{"item_code": "OIL", "item_name": "Масло", "qty": 4.5, "uom": "Litre", "net_amount": 2250},
		],
		taxes=[
			{"description": "НДС", "item_wise_tax_detail": '{"FILTER": [20, 200], "OIL": [20, 450]}'},
		],
	)
	html = text_of("Delivery Note", note.name, "Dealer Waybill")
	for words in (
		"Товарная накладная №",
		"ТОРГ-12",
		"Фильтр масляный",
		"796",
		"112",
		"4.5",
		"3 900,00",
		"650,00",
		"7709876543",
		"SO-1",
		"три тысячи девятьсот",
	):
		assert words.lower() in html.lower(), words
	assert "Всего строк в накладной: 2" in html
