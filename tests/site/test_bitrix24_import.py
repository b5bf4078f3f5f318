"""The import from Bitrix24 on a site: rules, repeats, refusals, interruptions, rights."""

import csv
import io
import json
import signal
import time
from datetime import datetime
from pathlib import Path

import psutil
import pytest
from factories import (
	free_phone,
	make_bitrix24_import,
	make_contact,
	make_deal,
	make_department,
	make_lead,
	make_staff,
)

import frappe
from frappe.utils import add_to_date, now_datetime

from auto_dealer.clients.find_contact import find_contact
from auto_dealer.integrations.bitrix24 import run_import
from auto_dealer.integrations.bitrix24.attached_files import UnreadableFile
from auto_dealer.integrations.bitrix24.import_files import import_files
from auto_dealer.integrations.bitrix24.run_import import run
from auto_dealer.integrations.bitrix24.start_import import (
	ImportIsRunning,
	NothingToImport,
	continue_stalled,
	start,
)

SAMPLES = Path(__file__).parents[1] / "data" / "bitrix24"
LEAD_HEADINGS = [
	"ID",
	"Статус",
	"Имя",
	"Фамилия",
	"Мобильный телефон",
	"Рабочий e-mail",
	"Ответственный",
	"Сумма",
]
DEAL_HEADINGS = [
	"ID",
	"Воронка",
	"Стадия сделки",
	"Название сделки",
	"Контакт",
	"Контакт: Мобильный телефон",
	"Сумма",
]
# What an import knows and a person at a form does not, and what every document has of its own.
OWN_TO_EACH = {"name", "creation", "modified", "owner", "modified_by", "external_key", "_user_tags", "_seen"}


def sample(name: str) -> bytes:
	return (SAMPLES / name).read_bytes()


def sheet(headings: list[str], *rows: list) -> str:
	"""A CSV file as the portal writes it."""
	out = io.StringIO()
	csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows([headings, *rows])
	return out.getvalue()


def many_leads(count: int, first_id: int = 70001) -> str:
	rows = [
		[first_id + n, "Не обработан", f"Имя{n}", "Импортов", f"+7904{first_id + n:07d}", "", "", ""]
		for n in range(count)
	]
	return sheet(LEAD_HEADINGS, *rows)


def run_now(**files) -> frappe._dict:
	"""Imports right here and returns the finished import."""
	document = make_bitrix24_import(**files)
	start(document, in_this_process=True)
	run(document.name)
	document.reload()
	assert document.status in ("Done", "Done with Refusals"), document.error
	return document


def counts(document) -> tuple[int, int, int, int]:
	"""Created, merged, here already, refused."""
	return tuple(document.get(f"{name}_count") for name in ("created", "merged", "skipped", "refused"))


def lead(bitrix_id: int) -> frappe._dict:
	return frappe.db.get_value("Auto Lead", {"external_key": f"bitrix24:lead:{bitrix_id}"}, "*", as_dict=True)


def deal(bitrix_id: int) -> frappe._dict:
	return frappe.db.get_value("Auto Deal", {"external_key": f"bitrix24:deal:{bitrix_id}"}, "*", as_dict=True)


def stored(doctype: str, name: str) -> dict:
	row = frappe.db.get_value(doctype, name, "*", as_dict=True)
	return {field: value for field, value in row.items() if field not in OWN_TO_EACH}


def tokens(doctype: str, name: str) -> set[str]:
	return set(
		frappe.get_all(
			"Client Search Token", {"reference_doctype": doctype, "reference_name": name}, pluck="token"
		)
	)


@pytest.fixture
def irina() -> str:
	"""The responsible of the sample files."""
	user = make_staff("irina-import", "Dealer Sales Manager", department=make_department("Импорт продажи"))
	frappe.db.set_value(
		"User", user, {"first_name": "Ирина", "last_name": "Волкова", "full_name": "Ирина Волкова"}
	)
	return user


# -- what comes in ---------------------------------------------------------------------------------


@pytest.mark.requirement("R2", "R122", "R136", "R143")
def test_sample_files_come_in_whole(irina):
	done = run_now(
		contacts=sample("contacts_ru.csv"), leads=sample("leads_ru_cp1251.csv"), deals=sample("deals_ru.csv")
	)
	assert done.status == "Done with Refusals"
	assert counts(done) == (14, 1, 0, 3)
	assert done.processed == done.total == 18

	first = lead(1001)
	assert first.creation == datetime(2024, 3, 1, 12, 30, 45)
	assert (first.client_name, first.phone, first.responsible) == ("Пётр Соколов", "+79161010101", irina)
	assert (first.budget, first.status, first.deal) == (1250000, "Converted", deal(501).name)
	assert 'Перезвонить "срочно"' in first.interest_text
	assert first.contact == deal(501).contact == find_contact("+7 903 101-01-02"), (
		"one client by any of his phones"
	)
	assert (lead(1003).status, lead(1003).lost_reason) == ("Junk", "Imported")
	assert "Квалификация" in lead(1005).interest_text

	sold = deal(502)
	assert (sold.pipeline, sold.stage, sold.result, sold.is_closed) == ("Used Cars", "Won", "Won", 1)
	assert (sold.amount, sold.closed_at, sold.creation) == (
		980000,
		datetime(2024, 3, 20, 18),
		datetime(2024, 3, 11, 10),
	)
	assert (deal(504).stage, deal(504).lost_reason) == ("Lost", "Imported")


@pytest.mark.requirement("R18", "R19", "R58")
def test_unknown_pipeline_and_stage_are_kept_in_the_comment(irina):
	run_now(contacts=sample("contacts_ru.csv"), deals=sample("deals_ru.csv"))
	odd = deal(503)
	assert (odd.pipeline, odd.stage, odd.is_unsorted) == ("New Cars", "Unsorted", 1)
	comments = frappe.get_all(
		"Comment",
		{"reference_name": odd.name, "comment_type": "Comment"},
		pluck="content",
		order_by="creation",
	)
	assert len(comments) == 1
	assert "Мойка" in comments[0]
	assert "Запись" in comments[0]
	assert (deal(505).pipeline, deal(505).stage) == ("Body Repair", "First Contact")


@pytest.mark.requirement("R57")
def test_stage_log_bears_the_historical_dates(irina):
	run_now(deals=sample("deals_ru.csv"))
	log = frappe.get_all(
		"Deal Stage Log",
		{"deal": deal(501).name},
		["from_stage", "to_stage", "changed_at", "seconds_in_stage"],
		order_by="changed_at",
		as_list=True,
	)
	assert list(log) == [
		(None, "Unsorted", datetime(2024, 3, 10, 10), 0),
		("Unsorted", "Test Drive", datetime(2024, 3, 12, 16, 45), 2 * 86400 + 6 * 3600 + 45 * 60),
	]


@pytest.mark.requirement("R12", "R61")
def test_every_deal_has_its_contact_and_where_the_pipeline_wants_one_its_lead(irina):
	run_now(deals=sample("deals_ru.csv"))
	deals = frappe.get_all(
		"Auto Deal", {"external_key": ("like", "bitrix24:deal:50%")}, ["name", "pipeline", "contact", "lead"]
	)
	assert len(deals) == 5
	for row in deals:
		assert row.contact
		needs = frappe.db.get_value("Deal Pipeline", row.pipeline, "lead_required")
		assert bool(row.lead) == bool(needs), row
		if row.lead:
			assert frappe.db.get_value("Auto Lead", row.lead, ["deal", "status"]) == (row.name, "Converted")


# -- the same as by hand ---------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["Не обработан", "В работе", "Отказ"])
def test_imported_lead_equals_one_made_by_its_document(irina, status):
	phone, name = free_phone(), "Пётр Равный"
	contact = make_contact("Пётр", [phone], ["petr@mail.example"], last_name="Равный")
	run_now(
		leads=sheet(
			LEAD_HEADINGS,
			[801, status, "Пётр", "Равный", phone, "petr@mail.example", "Ирина Волкова", "500 000"],
		)
	)
	imported = lead(801)
	ours = {"Не обработан": "New", "В работе": "In Progress", "Отказ": "Refused"}[status]
	by_hand = make_lead(
		client_name=name,
		phone=phone,
		email="petr@mail.example",
		status=ours,
		lost_reason="Imported" if ours == "Refused" else None,
		responsible=irina,
		enquiry_type=imported.enquiry_type,
		budget=500000,
	)
	left, right = stored("Auto Lead", imported.name), stored("Auto Lead", by_hand.name)
	assert imported.contact == contact.name
	assert (left.pop("first_response_at") is None) == (right.pop("first_response_at") is None)
	assert left == right
	assert tokens("Auto Lead", imported.name) == tokens("Auto Lead", by_hand.name)


@pytest.mark.parametrize(
	("stage", "ours"), [("Неразобранное", "Unsorted"), ("Тест-драйв", "Test Drive"), ("Провал", "Lost")]
)
def test_imported_deal_equals_one_made_by_its_document(stage, ours):
	phone = free_phone()
	at = datetime(2024, 5, 6, 7, 8, 9)
	headings = [*DEAL_HEADINGS, "Дата создания", "Валюта"]
	row = [
		802,
		"Новые автомобили",
		stage,
		"Моя сделка",
		"Пётр Равный",
		phone,
		"1 000 000",
		"06.05.2024 07:08:09",
		"RUB",
	]
	run_now(deals=sheet(headings, row))
	imported = deal(802)
	own_lead = make_lead(client_name="Пётр Равный", phone=phone, is_separate_enquiry=1)
	by_hand = frappe.get_doc(
		{
			"doctype": "Auto Deal",
			"title": "Моя сделка",
			"pipeline": "New Cars",
			"lead": own_lead.name,
			"contact": imported.contact,
			"amount": 1000000,
			"currency": "RUB",
			"lost_reason": "Imported" if ours == "Lost" else None,
		}
	)
	by_hand.flags.update(initial_stage=ours, stage_at=at)
	by_hand.insert()
	left, right = stored("Auto Deal", imported.name), stored("Auto Deal", by_hand.name)
	assert left.pop("lead") != right.pop("lead")
	assert left == right


def test_imported_contact_equals_one_made_by_an_enquiry():
	from auto_dealer.clients.find_contact import find_or_create_contact

	phones = [free_phone(), free_phone()]
	headings = ["ID", "Имя", "Отчество", "Фамилия", "Мобильный телефон", "Рабочий e-mail", "Тип контакта"]
	run_now(
		contacts=sheet(headings, [803, "Пётр", "Ильич", "Равный", phones[0], "petr3@mail.example", "Клиенты"])
	)
	imported = find_contact(phones[0])
	by_hand = find_or_create_contact("Пётр Ильич Равный", phones[1], "petr4@mail.example")
	left, right = stored("Contact", imported), stored("Contact", by_hand)
	for field, values in (("mobile_no", phones), ("email_id", ["petr3@mail.example", "petr4@mail.example"])):
		assert [left.pop(field), right.pop(field)] == values
	assert {k: v or None for k, v in left.items()} == {k: v or None for k, v in right.items()}
	for table, field in (("Contact Phone", "is_primary_mobile_no"), ("Contact Email", "is_primary")):
		rows = [
			frappe.get_all(table, {"parent": name}, [field, "idx", "parentfield"])
			for name in (imported, by_hand)
		]
		assert rows[0] == rows[1]
	assert len(tokens("Contact", imported)) == len(tokens("Contact", by_hand))
	document = frappe.get_doc("Contact", imported)
	document.save()
	assert find_contact("petr3@mail.example") is None
	assert find_contact(email="petr3@mail.example") == imported, "an imported card can be edited as any other"


# -- merging ---------------------------------------------------------------------------------------


@pytest.mark.requirement("R143", "R145")
def test_a_known_phone_is_a_known_client_and_learns_what_is_new():
	phone, second = free_phone(), free_phone()
	contact = make_contact("Ольга", [phone], last_name="Старая")
	headings = ["ID", "Имя", "Фамилия", "Мобильный телефон", "Рабочий e-mail", "Тип контакта"]
	done = run_now(
		contacts=sheet(
			headings, [804, "Ольга", "Новая", f"8{phone[2:]}, {second}", "olga@mail.example", "Клиенты"]
		)
	)
	assert counts(done) == (0, 1, 0, 0)
	contact.reload()
	assert (contact.first_name, contact.last_name) == ("Ольга", "Старая")
	assert [row.phone for row in contact.phone_nos] == [phone, second]
	assert find_contact(second) == find_contact(email="olga@mail.example") == contact.name


@pytest.mark.requirement("R9", "R10", "R11")
def test_an_enquiry_of_a_client_with_an_open_deal_is_attached_to_it():
	phone = free_phone()
	open_deal = make_deal(client_name="Анна Сделкина", phone=phone)
	done = run_now(
		leads=sheet(
			LEAD_HEADINGS,
			[805, "В работе", "Анна", "", phone, "", "", ""],
			[806, "Отказ", "Анна", "", phone, "", "", ""],
		)
	)
	assert counts(done) == (1, 1, 0, 0)
	attached = lead(805)
	assert (attached.status, attached.deal, attached.is_secondary) == ("Attached to Deal", open_deal.name, 1)
	assert lead(806).status == "Refused", "what was closed in the portal stays closed"
	assert frappe.db.exists(
		"Comment",
		{"reference_name": open_deal.name, "comment_type": "Info", "content": ("like", f"%{attached.name}%")},
	)


@pytest.mark.requirement("R9")
def test_of_several_imported_leads_one_becomes_the_deal_and_the_rest_are_attached():
	phone = free_phone()
	leads = sheet(
		LEAD_HEADINGS, *[[number, "В работе", "Иван", "", phone, "", "", ""] for number in (811, 812)]
	)
	deals = sheet(DEAL_HEADINGS, [813, "Новые автомобили", "Договор", "Камри", "Иван", phone, "3 000 000"])
	run_now(leads=leads, deals=deals)
	statuses = sorted((lead(811).status, lead(812).status))
	assert statuses == ["Attached to Deal", "Converted"]
	assert lead(811).deal == lead(812).deal == deal(813).name
	assert frappe.db.get_value("Auto Lead", deal(813).lead, "status") == "Converted"


def test_a_deal_finds_its_client_by_the_portals_contact():
	headings = ["ID", "Имя", "Фамилия", "Тип контакта"]
	contacts = sheet(
		headings,
		[821, "Без", "Телефона", "Клиенты"],
		[822, "Тёзка", "Тёзкин", ""],
		[823, "Тёзка", "Тёзкин", ""],
	)
	deals = sheet(
		["ID", "Стадия сделки", "Название сделки", "Контакт", "Контакт: ID"],
		[824, "Новая", "По имени", "Без Телефона", ""],
		[825, "Новая", "По номеру", "Тёзка Тёзкин", "823"],
		[826, "Новая", "Тёзок двое", "Тёзка Тёзкин", ""],
	)
	run_now(contacts=contacts, deals=deals)
	contact_of = {
		n: frappe.db.get_value("Client Key", f"bitrix24:contact:{n}", "contact") for n in (821, 822, 823)
	}
	assert deal(824).contact == contact_of[821]
	assert deal(825).contact == contact_of[823]
	assert deal(826).contact not in contact_of.values(), "a name that two people have names nobody"


# -- repeats and interruptions ---------------------------------------------------------------------


def test_importing_again_doubles_nothing(irina):
	files = {
		"contacts": sample("contacts_ru.csv"),
		"leads": sample("leads_ru_cp1251.csv"),
		"deals": sample("deals_ru.csv"),
	}
	run_now(**files)
	tables = (
		"Contact",
		"Auto Lead",
		"Auto Deal",
		"Deal Stage Log",
		"Client Key",
		"Client Search Token",
		"Comment",
	)
	before = {table: frappe.db.count(table) for table in tables}
	again = run_now(**files)
	assert counts(again) == (0, 0, 15, 3)
	after = {table: frappe.db.count(table) for table in tables}
	assert {t: after[t] - before[t] for t in tables if t != "Comment"} == dict.fromkeys(tables[:-1], 0)


def test_the_same_id_twice_in_a_file_comes_in_once():
	row = [831, "Не обработан", "Иван", "", free_phone(), "", "", ""]
	assert counts(run_now(leads=sheet(LEAD_HEADINGS, row, row))) == (1, 0, 1, 0)


def test_an_interrupted_import_goes_on_where_it_stopped(monkeypatch):
	monkeypatch.setattr(run_import, "CHUNK", 10)
	document = make_bitrix24_import(leads=many_leads(35))
	start(document, in_this_process=True)
	real = run_import.import_chunk
	calls = []

	def third_fails(*args):
		calls.append(1)
		if len(calls) == 3:
			raise RuntimeError("power cut")
		return real(*args)

	monkeypatch.setattr(run_import, "import_chunk", third_fails)
	# The test's transaction has no commits to go back to: the chunk that fails has written nothing.
	monkeypatch.setattr(frappe.db, "rollback", lambda **kwargs: None)
	run(document.name)
	document.reload()
	assert (document.status, document.processed) == ("Failed", 20)
	assert "power cut" in document.error
	start(document, in_this_process=True)
	run(document.name)
	document.reload()
	assert (document.status, document.processed, document.created_count) == ("Done", 35, 35)
	assert frappe.db.count("Auto Lead", {"external_key": ("like", "bitrix24:lead:700%")}) == 35


def test_a_job_that_another_has_overtaken_writes_nothing(monkeypatch):
	monkeypatch.setattr(run_import, "CHUNK", 10)
	monkeypatch.setattr(frappe.db, "rollback", lambda **kwargs: None)
	document = make_bitrix24_import(leads=many_leads(30))
	start(document, in_this_process=True)
	real = run_import.import_chunk

	def overtaken(*args):
		monkeypatch.setattr(run_import, "import_chunk", real)
		result = real(*args)
		frappe.db.set_value("Bitrix24 Import", document.name, "cursor", json.dumps({"lead": 20}))
		return result

	monkeypatch.setattr(run_import, "import_chunk", overtaken)
	monkeypatch.setattr(run_import, "_advance", lambda name, kind, cursor, count, result: {"lead": 10})
	run(document.name)
	assert frappe.db.count("Auto Lead", {"external_key": ("like", "bitrix24:lead:700%")}) == 10
	document.reload()
	assert document.status == "Running", "the other job goes on"


@pytest.mark.requirement("R123")
def test_a_killed_worker_loses_and_doubles_nothing(jobs, live):
	frappe.db.delete("Auto Lead", {"external_key": ("like", "bitrix24:lead:7%")})
	document = make_bitrix24_import(leads=many_leads(6000))
	document.start_import()
	worker = jobs.start_worker()
	_wait_until(lambda: _processed(document.name) >= 500)
	# The worker's child, which runs the job in a process group of its own, goes first.
	for process in [*psutil.Process(worker.pid).children(recursive=True), psutil.Process(worker.pid)]:
		process.kill()
	live.end(worker)
	processed = _processed(document.name)
	assert 500 <= processed < 6000, "killed in the middle"
	document.reload()
	assert document.status == "Running"

	frappe.db.set_value(
		"Bitrix24 Import", document.name, "progress_at", add_to_date(now_datetime(), minutes=-10)
	)
	jobs.clear()
	continue_stalled()
	jobs.work_off()
	document.reload()
	assert (document.status, document.processed) == ("Done", 6000), document.error
	assert counts(document) == (6000, 0, 0, 0)
	assert frappe.db.count("Auto Lead", {"external_key": ("like", "bitrix24:lead:7%")}) == 6000


def test_redis_restarting_does_not_break_the_import(live, committed, monkeypatch):
	monkeypatch.setattr(run_import, "CHUNK", 100)
	document = make_bitrix24_import(leads=many_leads(500))
	start(document, in_this_process=True)
	frappe.db.commit()
	real = run_import.import_chunk
	calls = []

	def with_accident(*args):
		calls.append(1)
		if len(calls) == 2:
			live.end(live.redis_process, signal.SIGKILL)
		if len(calls) == 4:
			live.start_redis()
		return real(*args)

	monkeypatch.setattr(run_import, "import_chunk", with_accident)
	run(document.name)
	document.reload()
	assert (document.status, document.processed, document.created_count) == ("Done", 500, 500), document.error


def _processed(name: str) -> int:
	frappe.db.rollback()
	return frappe.db.get_value("Bitrix24 Import", name, "processed")


def _wait_until(condition, seconds: float = 60):
	deadline = time.monotonic() + seconds
	while time.monotonic() < deadline:
		if value := condition():
			return value
		time.sleep(0.02)
	raise AssertionError("waited in vain")


# -- refusals --------------------------------------------------------------------------------------


@pytest.mark.requirement("R15")
def test_refused_rows_are_left_in_a_file_for_excel():
	done = run_now(leads=sample("leads_broken.csv"))
	assert counts(done) == (3, 0, 0, 7)
	file = frappe.get_doc("File", {"file_url": done.refused_leads_file, "attached_to_name": done.name})
	assert file.is_private
	content = Path(file.get_full_path()).read_bytes()
	assert content.startswith(b"\xef\xbb\xbf")
	rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
	assert rows[0] == [
		"ID",
		"Название лида",
		"Имя",
		"Мобильный телефон",
		"Комментарий",
		"Дата создания",
		"Line",
		"Reason",
	]
	assert [row[6] for row in rows[1:]] == ["3", "4", "8", "9", "10", "11", "13"]
	by_line = {row[6]: row for row in rows[1:]}
	assert by_line["10"][:3] == ["3007", "Дата", "Жанна"]
	assert "вчера" in by_line["10"][7]
	assert all(len(row) == 8 for row in rows)


def test_the_corrected_file_of_refused_rows_can_be_imported():
	done = run_now(leads=sample("leads_broken.csv"))
	url = done.refused_leads_file
	content = Path(
		frappe.get_doc("File", {"file_url": url, "attached_to_name": done.name}).get_full_path()
	).read_bytes()
	corrected = content.decode("utf-8-sig").replace("вчера", "02.04.2024 10:00:00").encode("utf-8-sig")
	assert run_now(leads=corrected).created_count == 1
	assert lead(3007).creation == datetime(2024, 4, 2, 10)


def test_a_row_that_the_database_refuses_spoils_no_other(monkeypatch):
	rows = [[841 + n, "Не обработан", f"Имя{n}", "", free_phone(), "", "", ""] for n in range(9)]
	rows[4][7] = "999 000 000 000 000"
	done = run_now(leads=sheet(LEAD_HEADINGS, *rows))
	assert counts(done) == (8, 0, 0, 1)
	refused = frappe.get_all("Bitrix24 Refused Row", {"bitrix24_import": done.name}, ["line", "reason"])
	assert [row.line for row in refused] == [6]
	assert lead(845) is None
	assert not find_contact(rows[4][4]), "nothing of the refused row is left"


def test_formulas_are_harmless_in_the_file_of_refused_rows():
	done = run_now(
		leads=sheet(LEAD_HEADINGS, ["x", "", "=cmd|' /C calc'!A0", "", "+79160000000", "", "", ""])
	)
	content = Path(
		frappe.get_doc(
			"File", {"file_url": done.refused_leads_file, "attached_to_name": done.name}
		).get_full_path()
	).read_text("utf-8-sig")
	assert "'=cmd" in content
	assert ";+79160000000;" in content


@pytest.mark.parametrize(
	("files", "words"),
	[
		({"leads": b"PK\x03\x04\x14\x00\x06\x00"}, "not as Excel"),
		({"leads": b" \r\n"}, "empty"),
		({"leads": sheet(DEAL_HEADINGS, [1, "", "", "x", "", "", ""])}, "Deals"),
		({"contacts": sheet(["Артикул", "Остаток"], [1, 2])}, "ID"),
	],
)
def test_a_file_that_is_no_export_is_refused_before_the_start(files, words):
	with pytest.raises((UnreadableFile, frappe.ValidationError), match=words):
		start(make_bitrix24_import(**files), in_this_process=True)


def test_an_import_without_files_is_refused():
	with pytest.raises(NothingToImport):
		start(make_bitrix24_import(), in_this_process=True)


# -- preview ---------------------------------------------------------------------------------------


def test_preview_says_what_the_import_then_does(irina):
	make_contact("Марина", ["+79262002020"])
	document = make_bitrix24_import(
		contacts=sample("contacts_ru.csv"), leads=sample("leads_ru_cp1251.csv"), deals=sample("deals_ru.csv")
	)
	preview = {file["kind"]: file for file in document.make_preview()}
	assert {kind: tuple(file["counts"].values()) for kind, file in preview.items()} == {
		"contact": (4, 1, 0, 1),
		"lead": (5, 0, 0, 0),
		"deal": (5, 0, 0, 2),
	}
	assert preview["lead"]["encoding"] == "cp1251"
	assert preview["lead"]["known_clients"] == 1
	assert preview["deal"]["unknown_names"]["Мойка"] == 1
	assert [row["line"] for row in preview["deal"]["refusals"]] == [7, 8]
	assert frappe.db.count("Auto Lead", {"external_key": ("like", "bitrix24:%")}) == 0, (
		"a preview writes nothing"
	)

	start(document, in_this_process=True)
	run(document.name)
	document.reload()
	assert counts(document) == (14, 1, 0, 3)
	again = make_bitrix24_import(leads=sample("leads_ru_cp1251.csv")).make_preview()
	assert again[0]["counts"] == {"created": 0, "merged": 0, "skipped": 5, "refused": 0}


# -- the document ----------------------------------------------------------------------------------


def test_a_running_import_is_not_started_twice_changed_or_deleted(monkeypatch):
	document = make_bitrix24_import(leads=many_leads(3))
	start(document, in_this_process=True)
	with pytest.raises(ImportIsRunning):
		start(document, in_this_process=True)
	with pytest.raises(frappe.ValidationError, match="running"):
		document.delete()
	run(document.name)
	document.reload()
	document.leads_file = make_bitrix24_import(leads=many_leads(4)).leads_file
	with pytest.raises(frappe.ValidationError, match="cannot be changed"):
		document.save()
	document.reload()
	document.delete()
	assert not frappe.db.exists("Bitrix24 Refused Row", {"bitrix24_import": document.name})


@pytest.mark.requirement("R108", "R149")
def test_a_manager_can_neither_make_nor_start_nor_read_an_import(as_user, irina):
	document = make_bitrix24_import(leads=many_leads(3))
	with as_user(irina):
		for action in (document.start_import, document.make_preview, document.get_progress):
			with pytest.raises(frappe.PermissionError):
				action()
		with pytest.raises(frappe.PermissionError):
			frappe.get_doc({"doctype": "Bitrix24 Import", "title": "mine"}).insert()
		with pytest.raises(frappe.PermissionError):
			frappe.get_list("Bitrix24 Refused Row")
	with as_user(make_staff("import-portal", "Dealer Portal Administrator")):
		mine = make_bitrix24_import(leads=many_leads(3))
		assert mine.make_preview()[0]["counts"]["created"] == 3


def test_somebody_elses_file_cannot_be_read_through_an_import(as_user):
	secret = frappe.get_doc(
		{"doctype": "File", "file_name": "secret.csv", "content": b"ID;Name\n1;Secret", "is_private": 1}
	).insert()
	with as_user(make_staff("import-portal", "Dealer Portal Administrator")):
		document = make_bitrix24_import()
		document.leads_file = secret.file_url
		with pytest.raises(frappe.PermissionError):
			document.save()


@pytest.mark.requirement("R108")
def test_over_http_the_import_is_closed_to_managers_and_runs_for_the_portal_administrator(api, jobs):
	manager = make_staff("import-manager", "Dealer Sales Manager")
	portal = make_staff("import-portal", "Dealer Portal Administrator")
	document = make_bitrix24_import(leads=many_leads(20))
	call = {"dt": "Bitrix24 Import", "dn": document.name}
	refused = api(manager).post("/api/method/run_doc_method", json={**call, "method": "start_import"})
	assert refused.status_code == 403
	assert api(manager).get(f"/api/resource/Bitrix24 Import/{document.name}").status_code == 403
	session = api(portal)
	assert (
		session.post("/api/method/run_doc_method", json={**call, "method": "start_import"}).status_code == 200
	)
	again = session.post("/api/method/run_doc_method", json={**call, "method": "start_import"})
	assert again.status_code == 417
	jobs.work_off()
	document.reload()
	assert (document.status, document.created_count) == ("Done", 20), document.error


def test_the_command_imports_files_by_path(irina, tmp_path):
	(tmp_path / "leads.csv").write_bytes(sample("leads_en.csv"))
	text = import_files(leads=str(tmp_path / "leads.csv"))
	assert "3 created" in text
	assert lead(2001).client_name == "John Smith"


# -- speed -----------------------------------------------------------------------------------------


def test_two_thousand_leads_cost_few_queries(monkeypatch):
	document = make_bitrix24_import(leads=many_leads(2000))
	start(document, in_this_process=True)
	count = 0
	real = frappe.db.sql

	def counting(*args, **kwargs):
		nonlocal count
		count += 1
		return real(*args, **kwargs)

	monkeypatch.setattr(frappe.db, "sql", counting)
	run(document.name)
	document.reload()
	assert document.created_count == 2000
	assert count < 250, "bulk, not one by one"
