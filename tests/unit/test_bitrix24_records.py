"""The CSV reader of the Bitrix24 import: encodings, delimiters, quoting and what happens to a broken line."""

from pathlib import Path

import pytest

from auto_dealer.integrations.bitrix24.rules.csv_records import (
	LONGEST_RECORD,
	BrokenRecord,
	NotCsv,
	Record,
	read_table,
)

SAMPLES = Path(__file__).parents[1] / "data" / "bitrix24"
RUSSIAN = "ID;Имя;Комментарий\r\n1;Анна;Привет\r\n"


@pytest.mark.parametrize(
	("encoding", "found"),
	[("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1251", "cp1251"), ("utf-16", "utf-16")],
)
def test_encoding_is_detected(encoding, found):
	table = read_table(RUSSIAN.encode(encoding))
	assert table.encoding == found
	assert table.headings == ["ID", "Имя", "Комментарий"]
	assert [r.cells for r in table.records()] == [["1", "Анна", "Привет"]]


def test_one_torn_byte_does_not_turn_utf8_into_cp1251():
	content = ("ID;Имя\n" + "1;Анна Каренина, Москва\n" * 10).encode() + b"2;\xd0\n"
	assert read_table(content).encoding == "utf-8"


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_delimiter_is_detected(delimiter):
	text = (
		delimiter.join(("ID", "Name", "Comment")) + "\n" + delimiter.join(("1", "Ann", '"a;b,c\td"')) + "\n"
	)
	table = read_table(text.encode())
	assert table.delimiter == delimiter
	assert [r.cells for r in table.records()] == [["1", "Ann", "a;b,c\td"]]


def test_excel_separator_line_is_passed_over():
	table = read_table(b"sep=,\nID,Name\n1,Ann\n")
	assert table.headings == ["ID", "Name"]
	assert next(table.records()) == Record(3, ["1", "Ann"])


@pytest.mark.parametrize(
	("content", "code"),
	[
		(b"", "empty"),
		(b"\r\n \r\n", "empty"),
		(b"just a line of text\nanother\n", "one_column"),
		(b"PK\x03\x04\x14\x00\x06\x00 an xlsx file", "encoding"),
	],
)
def test_what_is_no_table_is_refused_as_a_whole(content, code):
	with pytest.raises(NotCsv) as error:
		read_table(content)
	assert error.value.code == code


def test_quoted_line_breaks_and_quotes_stay_in_the_cell_and_lines_are_counted():
	text = 'ID;Имя;Комментарий\n1;Анна;"раз\nдва; ""три"""\n2;Борис;нет\n'
	assert list(read_table(text.encode()).records()) == [
		Record(2, ["1", "Анна", 'раз\nдва; "три"']),
		Record(4, ["2", "Борис", "нет"]),
	]


def test_quotes_inside_an_unquoted_cell_are_letters():
	text = 'ID;Компания;Имя\n1;ООО "Ромашка";Анна\n2;19" диски;Борис\n'
	assert [r.cells[1] for r in read_table(text.encode()).records()] == ['ООО "Ромашка"', '19" диски']


def test_empty_cells_after_the_last_column_do_not_count():
	assert [r.cells for r in read_table(b"ID;Name;\n1;Ann;;;\n").records()] == [["1", "Ann"]]


@pytest.mark.requirement("R143")
def test_broken_lines_cost_only_themselves():
	records = list(read_table((SAMPLES / "leads_broken.csv").read_bytes()).records())
	broken = [(r.line, r.code, r.found) for r in records if isinstance(r, BrokenRecord)]
	assert broken == [(3, "columns", 3), (4, "quote", 0), (8, "columns", 8), (13, "quote", 0)]
	good = [(r.line, r.cells[0]) for r in records if isinstance(r, Record)]
	assert good == [(2, "3001"), (5, "3004"), (9, "abc"), (10, "3007"), (11, "3008"), (12, "3009")]
	assert next(r for r in records if r.line == 5).cells[4] == 'строка один\nстрока два; "кавычки"'


def test_a_quote_that_never_closes_does_not_eat_a_long_file():
	rows = [f'"{n}";"Имя {n}"' for n in range(1, LONGEST_RECORD * 3)]
	rows[5] = '"6";"Имя 6'
	records = list(read_table(("\n".join(['"ID";"Имя"', *rows])).encode()).records())
	assert [r.line for r in records if isinstance(r, BrokenRecord)] == [7]
	assert sum(isinstance(r, Record) for r in records) == len(rows) - 1


@pytest.mark.parametrize(
	"content", [b'ID;Name\n"', b'ID;Name\n"""', b"ID;Name\n;;;\n;", b'"ID";"Na\nme"\n1;2']
)
def test_odd_ends_do_not_raise(content):
	list(read_table(content).records())
