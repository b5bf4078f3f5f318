"""Cells of a Bitrix24 export read as values: dates, money, yes/no, text out of HTML and BB code."""

import html
import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal, InvalidOperation

TRUE_WORDS = frozenset(("да", "y", "yes", "1", "true"))
CURRENCY_SIGNS = {
	"₽": "RUB",
	"руб": "RUB",
	"р": "RUB",
	"rub": "RUB",
	"rur": "RUB",
	"рубль": "RUB",
	"российский рубль": "RUB",
	"russian ruble": "RUB",
	"$": "USD",
	"usd": "USD",
	"доллар сша": "USD",
	"us dollar": "USD",
	"€": "EUR",
	"eur": "EUR",
	"евро": "EUR",
	"euro": "EUR",
	"cny": "CNY",
	"¥": "CNY",
	"юань": "CNY",
	"kzt": "KZT",
	"тенге": "KZT",
	"byn": "BYN",
	"белорусский рубль": "BYN",
}
CLOCK = r"(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*([ap]\.?m\.?)?)?(?:Z|[+-]\d{2}:?\d{2})?"
DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})" + CLOCK, re.IGNORECASE)
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})" + CLOCK, re.IGNORECASE)
SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})" + CLOCK, re.IGNORECASE)
MINUS_SIGNS = str.maketrans({"−": "-", "–": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " "})
BREAKS = re.compile(r"<\s*(?:br|/p|/div|/li|/tr|hr)\b[^>]*>|\[/?(?:p|br|\*)\]", re.IGNORECASE)
HIDDEN = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
TAGS = re.compile(r"</?[a-z!][^<>]*>", re.IGNORECASE)
BB_CODE = re.compile(
	r"\[/?(?:b|i|u|s|url|user|img|quote|code|list|color|size|font|table|tr|td|left|center|right|justify|disk)(?:[ =][^\]]*)?\]",
	re.IGNORECASE,
)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Unreadable(ValueError):
	"""A cell that is neither empty nor of its kind."""


def day_comes_first(cells: Iterable[str]) -> bool:
	"""Whether 03/04/2024 is the 3rd of April in this file: only when some date cannot be month first."""
	return any(
		(match := SLASHED.match(cell.strip())) and int(match[1]) > 12 and int(match[2]) <= 12
		for cell in cells
	)


def parse_datetime(cell: str, day_first: bool = False) -> datetime | None:
	"""`31.12.2024 18:05:00`, ISO or `12/31/2024 06:05:00 pm`; None for an empty cell; else Unreadable."""
	text = cell.strip().translate(MINUS_SIGNS)
	if not text:
		return None
	if match := DOTTED.fullmatch(text):
		day, month, year = match[1], match[2], match[3]
	elif match := ISO.fullmatch(text):
		year, month, day = match[1], match[2], match[3]
	elif match := SLASHED.fullmatch(text):
		month, day, year = match[1], match[2], match[3]
		if day_first:
			day, month = month, day
	else:
		raise Unreadable(cell)
	hour, minute, second, half = int(match[4] or 0), int(match[5] or 0), int(match[6] or 0), match[7]
	if half:
		hour = hour % 12 + (12 if half.lower().startswith("p") else 0)
	try:
		value = datetime(int(year), int(month), int(day), hour, minute, second)
	except ValueError as error:
		raise Unreadable(cell) from error
	if not 1990 <= value.year <= 2200:
		raise Unreadable(cell)
	return value


def parse_money(cell: str) -> tuple[float | None, str | None]:
	"""Amount and currency code: `1 250 000,00`, `1,250,000.00 ₽`, `1250000|RUB`; Unreadable when it is no number."""
	text = cell.strip().translate(MINUS_SIGNS)
	if not text:
		return None, None
	if "<" in text or "&" in text:
		text = to_text(text)
	number = re.sub(r"[^\d,.\-]", "", re.sub(r"[^\d,.\-\s']+$|^[^\d\-]+", "", text)).strip(",.")
	currency = parse_currency(re.sub(r"[\d,.\-\s'|]", " ", text).strip())
	try:
		amount = Decimal(_plain_number(number))
	except InvalidOperation as error:
		raise Unreadable(cell) from error
	if abs(amount) >= Decimal(10) ** 15:
		raise Unreadable(cell)
	return float(amount), currency


def _plain_number(number: str) -> str:
	"""A number with at most one point: the last of `,` and `.` is the decimal mark unless it groups thousands."""
	last = max(number.rfind(","), number.rfind("."))
	if last < 0:
		return number
	mark, other = number[last], "." if number[last] == "," else ","
	tail = len(number) - last - 1
	if number.count(mark) > 1 or (other not in number and mark == "," and tail == 3):
		return number.replace(",", "").replace(".", "")
	return number[:last].replace(other, "") + "." + number[last + 1 :]


def parse_currency(text: str) -> str | None:
	"""The ISO code for a code, a sign or a name; None for an empty text; the text itself in capitals when unknown."""
	word = text.strip().rstrip(".").casefold()
	if not word:
		return None
	return CURRENCY_SIGNS.get(word, word.upper())


def parse_yes(cell: str) -> bool:
	return cell.strip().casefold() in TRUE_WORDS


def to_text(cell: str) -> str:
	"""Plain text of a comment: tags and BB codes gone, line breaks kept, entities resolved."""
	text = cell
	if "<" in text or "[" in text:
		text = BREAKS.sub("\n", HIDDEN.sub("", text))
		text = BB_CODE.sub("", TAGS.sub("", text))
	if "&" in text:
		text = html.unescape(text)
	return tidy(text)


def tidy(text: str) -> str:
	"""Without control characters, trailing blanks and runs of empty lines."""
	text = CONTROL.sub("", text).replace("\u00a0", " ")
	text = re.sub(r"[ \t]+\n", "\n", text)
	return re.sub(r"\n{3,}", "\n\n", text).strip()


def one_line(text: str, limit: int = 140) -> str:
	"""A name or title: one line, single blanks, cut at `limit` characters."""
	text = " ".join(CONTROL.sub("", text).split())
	return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
