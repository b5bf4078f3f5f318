"""A file of norms read row by row: its encoding, its separators, its numbers; every error belongs to a row."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

COLUMNS = (
	"operation",
	"code",
	"group",
	"make",
	"model",
	"year_from",
	"year_to",
	"engine",
	"body",
	"hours",
	"source",
)
REQUIRED = ("operation", "hours")
# What a column may be called, folded.
HEADINGS = {
	"operation": ("operation", "labour operation", "работа", "операция", "наименование работы", "вид работ"),
	"code": ("code", "operation code", "код", "код работы", "артикул"),
	"group": ("group", "service group", "группа", "группа услуг"),
	"make": ("make", "brand", "марка"),
	"model": ("model", "модель"),
	"year_from": ("year from", "from year", "год с", "год от", "с года"),
	"year_to": ("year to", "to year", "год по", "год до", "по год"),
	"engine": ("engine", "двигатель"),
	"body": ("body", "кузов", "тип кузова"),
	"hours": ("hours", "norm hours", "нормо-часы", "нормочасы", "норма", "н/ч", "часы"),
	"source": ("source", "источник"),
}
DELIMITERS = ";,\t|"
MOST_HOURS = 1000
FORMULA_STARTS = "=+-@"


class Unreadable(ValueError):
	"""Nothing can be made of the file; `reason` is one of: encoding, empty, columns."""

	def __init__(self, reason: str, detail: str = ""):
		super().__init__(f"{reason} {detail}")
		self.reason, self.detail = reason, detail


@dataclass
class FileRow:
	"""`line` is where it stands in the file; `errors` are (what, value) pairs, worded by the caller."""

	line: int
	values: dict[str, str] = field(default_factory=dict)
	hours: Decimal = Decimal(0)
	year_from: int = 0
	year_to: int = 0
	errors: list[tuple[str, str]] = field(default_factory=list)


def decode(content: bytes) -> tuple[str, str]:
	"""The text and its encoding: UTF-8 (with a mark or without), UTF-16 with a mark, else Windows-1251."""
	if content.startswith((b"\xff\xfe", b"\xfe\xff")):
		return _decode(content, "utf-16")
	try:
		return content.decode("utf-8-sig"), "utf-8"
	except UnicodeDecodeError:
		return _decode(content, "cp1251")


def _decode(content: bytes, encoding: str) -> tuple[str, str]:
	try:
		return content.decode(encoding), encoding
	except UnicodeDecodeError as error:
		raise Unreadable("encoding") from error


def read_rows(text: str) -> list[FileRow]:
	"""Every row that is not empty; the first row names the columns, in any order, others are left out."""
	if "\x00" in text:
		raise Unreadable("encoding")
	lines = text.splitlines()
	heading = next((line for line in lines if line.strip()), "")
	if not heading:
		raise Unreadable("empty")
	reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(heading))
	names: list[str | None] = []
	rows = []
	for cells in reader:
		if not any(cell.strip() for cell in cells):
			continue
		if not names:
			names = _columns(cells)
			continue
		rows.append(_read_row(reader.line_num, names, cells))
	return rows


def _delimiter(heading: str) -> str:
	return max(DELIMITERS, key=heading.count)


def _columns(cells: list[str]) -> list[str | None]:
	names: list[str | None] = []
	for cell in cells:
		name = next((name for name, words in HEADINGS.items() if fold(cell) in words), None)
		names.append(None if name in names else name)
	missing = [name for name in REQUIRED if name not in names]
	if missing:
		raise Unreadable("columns", ", ".join(missing))
	return names


def fold(text: str) -> str:
	return " ".join(text.replace("_", " ").replace("ё", "е").casefold().split()).rstrip(".:")


def _read_row(line: int, names: list[str | None], cells: list[str]) -> FileRow:
	row = FileRow(line)
	row.values = {
		name: _plain(" ".join(cell.split())) for name, cell in zip(names, cells, strict=False) if name
	}
	extra = [cell for cell in cells[len(names) :] if cell.strip()]
	if extra:
		row.errors.append(("more cells than columns", extra[0]))
	if not row.values.get("operation"):
		row.errors.append(("no operation", ""))
	_set_hours(row)
	for name in ("year_from", "year_to"):
		_set_year(row, name)
	if row.year_from and row.year_to and row.year_from > row.year_to:
		row.errors.append(("years reversed", f"{row.year_from}–{row.year_to}"))
	return row


def _plain(cell: str) -> str:
	"""Without the mark that `write_rows` sets before what a spreadsheet would calculate."""
	return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA_STARTS and cell[1:2] else cell


def _set_hours(row: FileRow) -> None:
	text = row.values.get("hours", "")
	number = read_number(text)
	if number is None:
		row.errors.append(("no number of hours", text))
	elif not 0 < number < MOST_HOURS:
		row.errors.append(("hours out of range", text))
	else:
		row.hours = number.quantize(Decimal("0.01"))
		if row.hours == 0:
			row.errors.append(("hours out of range", text))


def _set_year(row: FileRow, name: str) -> None:
	text = row.values.get(name, "")
	if not text or text == "0":
		return
	if re.fullmatch(r"(19|20)\d\d", text):
		setattr(row, name, int(text))
	else:
		row.errors.append(("no year", text))


def read_number(text: str) -> Decimal | None:
	"""`1,5`, `1.5` and `1 200,50` are numbers; None for what is none."""
	plain = re.sub(r"[\s\u00a0\u202f']", "", text)
	if "," in plain and "." in plain:
		# The one that stands last divides the fraction.
		thousands = "," if plain.rfind(".") > plain.rfind(",") else "."
		plain = plain.replace(thousands, "")
	plain = plain.replace(",", ".")
	if not re.fullmatch(r"-?\d+(\.\d+)?|-?\.\d+", plain):
		return None
	try:
		return Decimal(plain)
	except InvalidOperation:
		return None


def write_rows(rows: list[dict[str, object]], delimiter: str = ";", decimal: str = ",") -> str:
	"""The same columns as are read, for Excel of Russian Windows unless said otherwise."""
	out = io.StringIO(newline="")
	writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
	writer.writerow(COLUMNS)
	for row in rows:
		writer.writerow([_cell(row.get(name), name, decimal) for name in COLUMNS])
	return out.getvalue()


def _cell(value: object, name: str, decimal: str) -> str:
	if name == "hours":
		return f"{Decimal(str(value or 0)):.2f}".replace(".", decimal)
	text = str(value or "")
	# A cell that a spreadsheet would calculate is text.
	return f"'{text}" if text[:1] in FORMULA_STARTS and text[:1] else text
