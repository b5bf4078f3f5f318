"""Norms from files and from connected sources."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from factories import make_labour_norm, make_labour_operation, make_staff, make_vehicle

import frappe
from frappe.model.document import Document

from auto_dealer.workshop import norm_sources
from auto_dealer.workshop.errors import NormClash, UnknownSource, UnusableFile
from auto_dealer.workshop.norm_export import export_norms
from auto_dealer.workshop.norm_import import check_file, import_file
from auto_dealer.workshop.norm_sources import SourceNorm, fetch_norms

RUSSIAN = (
	"Работа;Код;Группа услуг;Марка;Модель;Год с;Год по;Двигатель;Кузов;Нормо-часы;Источник\r\n"
	"Тест: замена масла;T-1;Плановое ТО;;;;;;;0,5;Свой\r\n"
	"Тест: замена масла;T-1;;Тойота;Camry;2012;2017;2,5;Седан;0,7;Свой\r\n"
	"Тест: замена ремня;T-2;;Kia;Rio;;;;;1 002,5;\r\n"
	"Тест: замена ремня;T-2;;Киа;Рио;;;;;3,2;\r\n"
)


def make_run(content: bytes | str, **values) -> Document:
	run = frappe.get_doc({"doctype": "Labour Norm Import", "title": "Test", **values}).insert()
	content = content.encode() if isinstance(content, str) else content
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": f"{run.name}.csv",
			"attached_to_doctype": run.doctype,
			"attached_to_name": run.name,
			"is_private": 1,
			"content": content,
		}
	).insert()
	run.file = file.file_url
	return run.save()


def counts(run: Document) -> tuple[int, int, int, int]:
	return run.rows_new, run.rows_changed, run.rows_same, run.rows_wrong


def result(run: Document) -> list[dict]:
	return json.loads(run.result)


def norms_of(operation: str) -> list[tuple]:
	fields = ["model", "year_from", "year_to", "engine", "body", "hours", "source"]
	rows = frappe.get_all("Labour Norm", {"operation": operation}, fields, order_by="model", as_list=True)
	return [tuple(row) for row in rows]


@pytest.mark.requirement("R208", "R209")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_a_base_of_norms_is_built_from_a_file(encoding: str):
	run = check_file(make_run(RUSSIAN.encode(encoding)))
	assert (run.status, counts(run)) == ("Checked", (3, 0, 0, 1))
	assert run.encoding == {"cp1251": "cp1251", "utf-16": "utf-16"}.get(encoding, "utf-8")
	wrong = [row for row in result(run) if row["errors"]]
	assert [(row["line"], row["errors"]) for row in wrong] == [
		(4, ["The hours have to lie between 0 and 1000: 1 002,5."])
	]
	assert not frappe.db.exists("Labour Operation", {"code": "T-1"}), "nothing before it is confirmed"

	import_file(run.name)
	assert norms_of("Тест: замена масла") == [
		(None, 0, 0, None, None, 0.5, "Свой"),
		("Toyota Camry", 2012, 2017, "2,5", "Sedan", 0.7, "Свой"),
	]
	assert norms_of("Тест: замена ремня") == [("Kia Rio", 0, 0, None, None, 3.2, None)]
	assert frappe.db.exists("Labour Operation", "Тест: замена ремня"), "though its first row is wrong"
	assert frappe.db.get_value("Labour Operation", "Тест: замена масла", ["code", "group"]) == (
		"T-1",
		"Scheduled Maintenance",
	)


def test_the_same_file_again_changes_nothing():
	import_file(check_file(make_run(RUSSIAN)).name)
	again = check_file(make_run(RUSSIAN))
	assert counts(again) == (0, 0, 3, 1)
	before = frappe.db.count("Labour Norm")
	import_file(again.name)
	assert frappe.db.count("Labour Norm") == before


def test_changed_hours_replace_those_of_the_same_cars():
	import_file(check_file(make_run(RUSSIAN)).name)
	run = check_file(
		make_run("operation,make,model,hours\nТест: замена ремня,Kia,Rio,2.9\n", source="TecRMI")
	)
	assert counts(run) == (0, 1, 0, 0)
	assert (result(run)[0]["hours_before"], result(run)[0]["hours"]) == ("3.20", "2.90")
	import_file(run.name)
	assert norms_of("Тест: замена ремня") == [("Kia Rio", 0, 0, None, None, 2.9, "TecRMI")]


def test_rows_that_contradict_the_base_or_each_other_are_wrong():
	operation = make_labour_operation("Test Clash")
	make_labour_norm(operation, 3, model="Toyota Camry", year_from=2010, year_to=2015)
	run = check_file(
		make_run(
			"operation;make;model;year from;year to;hours\n"
			"Test Clash;Toyota;Camry;2014;2018;3\n"
			"Test Clash;Toyota;Camry;2016;2018;3\n"
			"Test Clash;Toyota;Camry;2018;2019;4\n"
			"test clash;Toyota;Camry;2010;2015;3,5\n"
			"Test Clash;Toyota;Nobody;;;1\n"
			"Test Clash;Nobody;;;;1\n"
			"Test Clash;Kia;Toyota Camry;;;1\n"
			"Test Clash;;;;;x\n"
			";;;;;1\n"
			"Test Clash;;;20;2020;1\n"
			"Test Clash;;;2020;2010;1\n"
			"Test Clash;;;;;1;surplus\n"
		)
	)
	told = {row["line"]: (row["kind"], " ".join(row["errors"])) for row in result(run)}
	assert {line: kind for line, (kind, _text) in told.items()} == {
		**dict.fromkeys(range(2, 14), "wrong"),
		3: "new",
		5: "changed",
	}
	for line, text in (
		(2, "has a norm already that fits the same cars"),
		(4, "Line 3 of the file names the same cars"),
		(6, "No model is called Nobody"),
		(7, "No make is called Nobody"),
		(8, "is no model of Kia"),
		(9, "The hours are no number: x"),
		(10, "The operation is not named"),
		(11, "20 is no year of a car"),
		(12, "The years begin after they end"),
		(13, "more cells than the first row: surplus"),
	):
		assert text in told[line][1], line
	import_file(run.name)
	assert sorted(row[5] for row in norms_of(operation)) == [3.0, 3.5]


@pytest.mark.parametrize(
	("content", "told"),
	[
		(b"", "empty"),
		(b"\n\n", "empty"),
		(b"operation;make\nx;y\n", "Missing: hours"),
		(b"operation;hours\n", "no rows"),
		(b"\x00\x01\x02\x98", "no text"),
		(b"PK\x03\x04\x00\x00", "no text"),
	],
)
def test_a_file_that_is_none_is_refused(content: bytes, told: str):
	run = make_run(content or b"\n")
	with pytest.raises(UnusableFile, match=told):
		check_file(run)


def test_nothing_but_what_was_checked_is_imported():
	run = make_run(RUSSIAN)
	with pytest.raises(UnusableFile, match="Check the file first"):
		import_file(run.name)
	run = check_file(run)
	other = make_run("operation;hours\nTest Other;1\n")
	run.file = other.file
	run.save()
	assert run.status == "Draft"
	frappe.db.set_value(run.doctype, run.name, "status", "Checked")
	with pytest.raises(UnusableFile, match="has changed"):
		import_file(run.name)
	assert not frappe.db.exists("Labour Operation", "Test Other")
	done = check_file(make_run("operation;hours\nTest Other;1\n"))
	import_file(done.name)
	for again in (lambda: import_file(done.name), lambda: check_file(done.reload())):
		with pytest.raises(UnusableFile):
			again()


def test_a_strangers_file_is_not_read(as_user):
	foreign = make_run("operation;hours\nTest Secret;1\n")
	with as_user(make_staff("norm-advisor", "Dealer Service Advisor")):
		run = frappe.get_doc({"doctype": "Labour Norm Import", "title": "Test"}).insert()
		run.db_set("file", foreign.file)
		with pytest.raises(UnusableFile, match="not attached"):
			check_file(run.reload())


@pytest.mark.requirement("R209")
def test_what_is_exported_is_read_back():
	import_file(check_file(make_run(RUSSIAN)).name)
	operation = make_labour_operation("=Test formula")
	make_labour_norm(
		operation, 1.25, model="Toyota Camry", year_to=2010, engine="2.0", body="Wagon", source='@x; "y"'
	)
	content = export_norms()
	assert content.startswith(b"\xef\xbb\xbfoperation;code;")
	assert b"'=Test formula;;;Toyota;Camry;;2010;2.0;Wagon;1,25;" in content
	run = check_file(make_run(content))
	assert counts(run) == (0, 0, frappe.db.count("Labour Norm"), 0)


def test_two_imports_at_once_write_each_norm_once(api: Callable):
	rows = "".join(f"Test Race {n};{n / 10 + 1}\n" for n in range(40))
	runs = [check_file(make_run(f"operation;hours\n{rows}")) for _n in range(4)]
	sessions = [api() for _run in runs]

	def confirm(pair: tuple) -> int:
		session, run = pair
		return session.call("auto_dealer.workshop.api.import_norm_file", name=run.name).status_code

	with ThreadPoolExecutor(4) as pool:
		assert list(pool.map(confirm, zip(sessions, runs, strict=True))) == [200] * 4
	frappe.db.rollback()
	filters = {"operation": ("like", "Test Race %")}
	assert frappe.db.count("Labour Norm", filters) == 40
	assert frappe.db.count("Labour Operation", {"name": ("like", "Test Race %")}) == 40
	done = [counts(run.reload()) for run in runs]
	assert sorted(done) == [(0, 0, 40, 0)] * 3 + [(40, 0, 0, 0)]


def test_two_forms_at_once_save_one_of_two_equal_norms(api: Callable):
	operation = make_labour_operation("Test Race Form")
	sessions = [api() for _n in range(4)]

	def save(session) -> int:
		return session.post(
			"/api/resource/Labour Norm", json={"operation": operation, "hours": 1}
		).status_code

	with ThreadPoolExecutor(4) as pool:
		codes = sorted(pool.map(save, sessions))
	frappe.db.rollback()
	assert codes == [200, 417, 417, 417]
	assert frappe.db.count("Labour Norm", {"operation": operation}) == 1


class TestSource:
	"""A licensed source, as an app of the dealer's would connect it."""

	__test__ = False
	asked: list = []

	def find_norms(self, car, vin):
		self.asked.append((car.model, car.year, vin))
		yield SourceNorm(
			"Test Fetched",
			Decimal("1.35"),
			"TF-1",
			model="Camry",
			make="Toyota",
			year_from=2010,
			year_to=2020,
		)
		yield SourceNorm("Test Fetched", Decimal(0))


@pytest.mark.requirement("R210")
def test_norms_come_from_a_connected_source(monkeypatch: pytest.MonkeyPatch):
	monkeypatch.setattr(norm_sources, "_paths", lambda: {"Licensed": f"{__name__}.TestSource"})
	attribute = frappe.get_attr
	monkeypatch.setattr(
		frappe, "get_attr", lambda path: TestSource if path.endswith("TestSource") else attribute(path)
	)
	vehicle = make_vehicle(year=2015, vin="XW7BF4FK30S145161")
	first, second = fetch_norms("Licensed", vehicle.name)
	assert TestSource.asked == [("Toyota Camry", 2015, "XW7BF4FK30S145161")]
	assert (first.kind, second.kind) == ("new", "wrong")
	assert norms_of("Test Fetched") == [("Toyota Camry", 2010, 2020, None, None, 1.35, "Licensed")]
	assert [proposal.kind for proposal in fetch_norms("Licensed", vehicle.name)] == ["same", "wrong"]
	with pytest.raises(NormClash):
		make_labour_norm("Test Fetched", 2, model="Toyota Camry", year_from=2020)
	with pytest.raises(UnknownSource):
		fetch_norms("Nobody", vehicle.name)


@pytest.mark.requirement("R3")
def test_who_may_import_and_export(api: Callable):
	run = check_file(make_run("operation;hours\nTest Right;1\n"))
	vehicle = make_vehicle().name
	calls = {
		"check_norm_file": {"name": run.name},
		"import_norm_file": {"name": run.name},
		"download_norms": {},
		"fetch_norms_of_vehicle": {"source": "x", "vehicle": vehicle},
		"get_norm": {"operation": make_labour_operation()},
	}
	expected = {
		"Dealer Sales Manager": (403, 403, 403, 403, 403),
		"Dealer Mechanic": (403, 403, 403, 403, 200),
		"Dealer Parts Manager": (403, 403, 403, 403, 200),
		"Dealer Sales Head": (403, 403, 403, 403, 200),
		"Dealer Service Advisor": (200, 200, 403, 417, 200),
		"Dealer Administrator": (417, 417, 200, 417, 200),
	}
	for role, codes in expected.items():
		session = api(make_staff(f"norms-{role}", role))
		found = tuple(
			session.call(f"auto_dealer.workshop.api.{name}", **args).status_code
			for name, args in calls.items()
		)
		assert found == codes, role
