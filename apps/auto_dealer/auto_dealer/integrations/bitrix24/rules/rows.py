"""Records of an export turned into contacts, leads and deals, or refused with the cause."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from auto_dealer.clients.rules.email import split_emails
from auto_dealer.clients.rules.person_name import split_name
from auto_dealer.clients.rules.phone import normalise_phone, phone_parts
from auto_dealer.integrations.bitrix24.rules.csv_records import BrokenRecord, CsvTable, Record
from auto_dealer.integrations.bitrix24.rules.headings import CONTACT, LEAD, Columns, map_columns
from auto_dealer.integrations.bitrix24.rules.stages import JUNK, lead_status
from auto_dealer.integrations.bitrix24.rules.values import (
	SLASHED,
	Unreadable,
	day_comes_first,
	one_line,
	parse_currency,
	parse_datetime,
	parse_money,
	parse_yes,
	tidy,
	to_text,
)

USER_MARK = re.compile(r"\s*\[\w+\]\s*$")
DATE_FIELDS = ("created", "modified", "close_date", "begin_date")


@dataclass(slots=True)
class Person:
	"""Who the row is about. Phones are E.164, e-mails lower case; `unread_phones` are kept as they were written."""

	first_name: str = ""
	middle_name: str = ""
	last_name: str = ""
	company: str = ""
	phones: list[str] = field(default_factory=list)
	emails: list[str] = field(default_factory=list)
	messengers: list[str] = field(default_factory=list)
	unread_phones: list[str] = field(default_factory=list)

	@property
	def full_name(self) -> str:
		"""First, middle, last name; the company's when it is all that is known."""
		name = " ".join(part for part in (self.first_name, self.middle_name, self.last_name) if part)
		return one_line(name or self.company)

	def take_name(self, name: str) -> None:
		"""A name in one cell, cut into its parts where their order is known."""
		self.first_name, self.middle_name, self.last_name = split_name(name)

	@property
	def is_empty(self) -> bool:
		"""Nobody could find this client again (R15)."""
		return not (self.full_name or self.phones or self.emails or self.messengers)


@dataclass(slots=True)
class ImportedRow:
	"""What contacts, leads and deals have in common. `line` is the line of the file."""

	kind: str
	line: int
	bitrix_id: str
	person: Person
	created: datetime | None
	modified: datetime | None
	responsible: str
	responsible_email: str
	source: str
	source_text: str
	comment: str
	title: str = ""
	status: str = ""
	status_text: str = ""
	pipeline: str = ""
	amount: float | None = None
	currency: str | None = None
	is_closed: bool = False
	close_date: date | None = None
	linked_contact: str = ""
	contact_id: str = ""
	lead_id: str = ""
	cells: list[str] = field(default_factory=list)

	@property
	def external_key(self) -> str:
		return external_key(self.kind, self.bitrix_id)


@dataclass(frozen=True, slots=True)
class Refusal:
	"""A row that is not imported: `code` with its `values` says why; `cells` go to the file of refused rows."""

	line: int
	code: str
	values: tuple[str, ...] = ()
	cells: list[str] = field(default_factory=list)


class Refused(ValueError):
	def __init__(self, code: str, *values: str):
		super().__init__(code)
		self.code = code
		self.args_of_code = values


def external_key(kind: str, bitrix_id: str) -> str:
	"""`bitrix24:lead:123`: the same row of the same portal, however often it is exported."""
	return f"bitrix24:{kind}:{bitrix_id}"


def read_rows(table: CsvTable, kind: str, region: str = "RU") -> Iterator[ImportedRow | Refusal]:
	"""Every record of the file in its order, as a row or as a refusal; never raises for a bad record."""
	columns = map_columns(table.headings, kind)
	parse = partial(
		parse_record, columns=columns, kind=kind, region=region, day_first=_day_first(table, columns)
	)
	for record in table.records():
		if isinstance(record, BrokenRecord):
			values = (str(record.found), str(len(table.headings))) if record.code == "columns" else ()
			yield Refusal(record.line, record.code, values, [record.text])
			continue
		try:
			yield parse(record)
		except Refused as refused:
			yield Refusal(record.line, refused.code, refused.args_of_code, record.cells)


def _day_first(table: CsvTable, columns: Columns) -> bool:
	where = [columns.single[name] for name in DATE_FIELDS if name in columns.single]
	sample = next((r for r in table.records() if isinstance(r, Record)), None)
	if not where or sample is None or not any(SLASHED.match(sample.cells[i].strip()) for i in where):
		return False
	return day_comes_first(r.cells[i] for r in table.records() if isinstance(r, Record) for i in where)


def parse_record(record: Record, *, columns: Columns, kind: str, region: str, day_first: bool) -> ImportedRow:
	"""One record as a row; raises Refused when it may not be imported as it is."""
	cells = record.cells
	value: Callable[[str], str] = partial(columns.value, cells)
	bitrix_id = value("id")
	if not bitrix_id.isascii() or not bitrix_id.isdigit():
		raise Refused("id", bitrix_id)
	row = ImportedRow(
		kind=kind,
		line=record.line,
		bitrix_id=str(int(bitrix_id)),
		person=_person(cells, columns, region),
		created=_date("created", value("created"), day_first),
		modified=_date("modified", value("modified"), day_first),
		responsible=one_line(USER_MARK.sub("", value("responsible"))),
		responsible_email=value("responsible_email").lower(),
		source=one_line(to_text(value("source"))),
		source_text=one_line(to_text(value("source_text"))),
		comment=to_text(value("comment")),
		cells=cells,
	)
	if kind == CONTACT:
		_refuse_empty(row)
		return row
	row.title = one_line(to_text(value("title")))
	row.amount, row.currency = _money(value)
	if kind == LEAD:
		row.status = one_line(value("status"))
		row.status_text = to_text(value("status_text"))
		_take_linked_name(row, value("linked_contact"))
		# A wrong number is traffic too, and nobody knows who it was.
		if lead_status(row.status)[0] != JUNK:
			_refuse_empty(row)
		return row
	return _deal(row, value, day_first)


def _deal(row: ImportedRow, value: Callable[[str], str], day_first: bool) -> ImportedRow:
	row.pipeline = one_line(value("pipeline"))
	row.status = one_line(value("stage"))
	row.is_closed = parse_yes(value("closed"))
	close_date = _date("close_date", value("close_date"), day_first)
	row.close_date = close_date.date() if close_date else None
	row.contact_id = value("contact_id") if value("contact_id").isdigit() else ""
	row.lead_id = value("lead_id") if value("lead_id").isdigit() else ""
	_take_linked_name(row, value("linked_contact"))
	if not row.contact_id:
		_refuse_empty(row)
	return row


def _refuse_empty(row: ImportedRow) -> None:
	if row.person.is_empty:
		raise (
			Refused("unread_phone", row.person.unread_phones[0])
			if row.person.unread_phones
			else Refused("empty")
		)


def _take_linked_name(row: ImportedRow, cell: str) -> None:
	"""The column "Контакт" names the client of a lead or deal; several are divided by commas, the first is meant."""
	name = one_line(to_text(cell).split(",")[0])
	if name.isdigit():
		row.contact_id = name
		return
	row.linked_contact = name
	if name and not (row.person.first_name or row.person.last_name):
		row.person.take_name(name)


def _person(cells: list[str], columns: Columns, region: str) -> Person:
	value = partial(columns.value, cells)
	person = Person(
		first_name=_name(value("first_name")),
		middle_name=_name(value("middle_name")),
		last_name=_name(value("last_name")),
		company=_name(value("company")),
		messengers=[one_line(text) for text in columns.values(cells, "messenger")],
	)
	if not (person.first_name or person.last_name):
		person.take_name(_name(value("full_name")))
	for part in (part for cell in columns.values(cells, "phone") for part in phone_parts(cell.lstrip("'"))):
		phone = normalise_phone(part, region)
		if phone is None:
			person.unread_phones.append(one_line(part))
		elif phone not in person.phones:
			person.phones.append(phone)
	for cell in columns.values(cells, "email"):
		person.emails += [email for email in split_emails(cell) if email not in person.emails]
	return person


def _name(cell: str) -> str:
	return one_line(to_text(cell)) if "&" in cell or "<" in cell else one_line(tidy(cell))


def _date(name: str, cell: str, day_first: bool) -> datetime | None:
	try:
		return parse_datetime(cell, day_first)
	except Unreadable:
		# Only the date of creation carries the statistics; another date that cannot be read is left out.
		if name == "created":
			raise Refused("date", one_line(cell, 60)) from None
		return None


def _money(value: Callable[[str], str]) -> tuple[float | None, str | None]:
	cell = value("amount") or value("amount_currency")
	try:
		amount, currency = parse_money(cell)
	except Unreadable:
		raise Refused("amount", one_line(cell, 60)) from None
	return amount, parse_currency(value("currency")) or currency
