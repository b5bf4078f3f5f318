"""A CSV file as people export it: any of its encodings and delimiters, broken lines reported and passed over.

`csv.reader` alone cannot do this: one quote too many makes it swallow the rest of the file into a single cell.
Here a record that does not fit costs only its own lines; reading goes on at the next line that fits.
"""

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass

DELIMITERS = (";", ",", "\t")
# A quoted comment may have many lines; a quote that never closes must not eat the file.
LONGEST_RECORD = 400
WORST_CELL = 1_000_000

csv.field_size_limit(WORST_CELL)


class NotCsv(ValueError):
	"""The file as a whole cannot be read: `code` says why (`empty`, `encoding`, `one_column`)."""

	def __init__(self, code: str):
		super().__init__(code)
		self.code = code


@dataclass(frozen=True, slots=True)
class Record:
	"""The cells of one record; `line` is the 1-based line of the file where it begins."""

	line: int
	cells: list[str]


@dataclass(frozen=True, slots=True)
class BrokenRecord:
	"""Lines that are no record: `code` is `columns` (with the number `found`) or `quote`."""

	line: int
	text: str
	code: str
	found: int = 0


@dataclass(frozen=True, slots=True)
class CsvTable:
	encoding: str
	delimiter: str
	headings: list[str]
	lines: list[str]
	first_line: int

	def records(self) -> Iterator[Record | BrokenRecord]:
		"""The records after the headings; empty lines are passed over."""
		return _Reader(self.lines, self.delimiter, len(self.headings)).read(self.first_line)


def read_table(content: bytes) -> CsvTable:
	"""The headings and the way to read the rest; raises NotCsv when this is no table at all."""
	text, encoding = decode(content)
	lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
	start = next((i for i, line in enumerate(lines) if line.strip()), None)
	if start is None:
		raise NotCsv("empty")
	if lines[start].lower().startswith("sep=") and len(lines[start]) == 5:
		start += 1
	delimiter = detect_delimiter(lines[start])
	end = _closing_line(lines, start, delimiter)
	headings = next(csv.reader(["\n".join(lines[start : end + 1])], delimiter=delimiter), [])
	headings = [heading.strip() for heading in headings]
	while headings and not headings[-1]:
		headings.pop()
	if len(headings) < 2:
		raise NotCsv("one_column")
	return CsvTable(encoding, delimiter, headings, lines, end + 1)


def decode(content: bytes) -> tuple[str, str]:
	"""Text and the name of its encoding: UTF-8 with or without BOM, UTF-16 with BOM, else cp1251."""
	if content.startswith(codecs.BOM_UTF8):
		return content.decode("utf-8-sig", errors="replace"), "utf-8-sig"
	if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
		return content.decode("utf-16", errors="replace"), "utf-16"
	if b"\0" in content[:4096]:
		raise NotCsv("encoding")
	try:
		return content.decode("utf-8"), "utf-8"
	except UnicodeDecodeError:
		# A UTF-8 file with a few torn bytes is still UTF-8; in cp1251 Russian text nearly every letter is torn.
		text = content.decode("utf-8", errors="replace")
		if text.count("\ufffd") * 20 < sum(ord(letter) > 127 for letter in text):
			return text, "utf-8"
		return content.decode("cp1251", errors="replace"), "cp1251"


def detect_delimiter(heading_line: str) -> str:
	"""The delimiter that cuts the heading line into the most cells."""
	return max(DELIMITERS, key=lambda mark: len(next(csv.reader([heading_line], delimiter=mark), [])))


def _ends_inside_quotes(line: str, delimiter: str, inside: bool) -> bool:
	"""Whether a quoted cell is still open after `line`; a quote opens a cell only at its beginning."""
	at_start = not inside
	i = 0
	while i < len(line):
		letter = line[i]
		if inside:
			if letter == '"':
				if line[i + 1 : i + 2] == '"':
					i += 1
				else:
					inside = False
		elif letter == '"' and at_start:
			inside = True
		at_start = not inside and letter == delimiter
		i += 1
	return inside


def _closing_line(lines: list[str], start: int, delimiter: str) -> int:
	"""The line where the record that begins at `start` ends; `start` itself when it never does."""
	inside = False
	for i in range(start, min(start + LONGEST_RECORD, len(lines))):
		inside = _ends_inside_quotes(lines[i], delimiter, inside)
		if not inside:
			return i
	return start


class _Reader:
	def __init__(self, lines: list[str], delimiter: str, width: int):
		self.lines = lines
		self.delimiter = delimiter
		self.width = width

	def read(self, start: int) -> Iterator[Record | BrokenRecord]:
		at = start
		while at < len(self.lines):
			if not self.lines[at].strip(f" \t{self.delimiter}"):
				at += 1
				continue
			record, after = self._next(at)
			yield record
			at = after

	def _next(self, at: int) -> tuple[Record | BrokenRecord, int]:
		"""The record that begins at line `at`, and the line to go on with."""
		line = self.lines[at]
		cells = self._cells(line)
		end = at
		if cells is None:
			end = _closing_line(self.lines, at, self.delimiter)
			cells = self._cells("\n".join(self.lines[at : end + 1])) if end > at else None
		if cells is not None and len(cells) == self.width:
			return Record(at + 1, cells), end + 1
		after = self._resume(at, end if cells is not None else min(at + LONGEST_RECORD, len(self.lines)) - 1)
		text = "\n".join(self.lines[at:after])
		if cells is None:
			return BrokenRecord(at + 1, text, "quote"), after
		return BrokenRecord(at + 1, text, "columns", len(cells)), after

	def _resume(self, at: int, end: int) -> int:
		"""The first line after the broken one that is a whole record by itself or, failing that, opens one."""
		for i in range(at + 1, end + 1):
			cells = self._cells(self.lines[i])
			if cells is not None and len(cells) == self.width:
				return i
			if cells is None and self._opens_record(i):
				return i
		return end + 1

	def _opens_record(self, at: int) -> bool:
		"""Whether a record of several lines begins here: its lines close and give the right number of cells."""
		if not self.lines[at].lstrip('"')[:1].isdigit():
			return False
		end = _closing_line(self.lines, at, self.delimiter)
		if end == at:
			return False
		cells = self._cells("\n".join(self.lines[at : end + 1]))
		return cells is not None and len(cells) == self.width

	def _cells(self, text: str) -> list[str] | None:
		"""The cells of one whole record; None when its quotes do not close. Empty cells past the width are cut."""
		if '"' in text:
			try:
				cells = next(
					csv.reader(text.splitlines(keepends=True), delimiter=self.delimiter, strict=True), []
				)
			except csv.Error:
				return None
		else:
			cells = text.split(self.delimiter)
		while len(cells) > self.width and not cells[-1]:
			cells.pop()
		return cells
