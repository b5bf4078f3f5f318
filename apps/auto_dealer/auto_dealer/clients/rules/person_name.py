"""A name typed in one line → first, middle and last name."""

import re
from typing import NamedTuple

PATRONYMIC = re.compile(r"(?:[оеё]вич|ьич|[оеё]вна|ична|инична|кызы|оглы|гызы)$", re.I)
NUMERIC_NAME = re.compile(r"^[\d\s()+\-.]+$")
COMPANY = re.compile(
	r"[\"«»„“]|(?<!\w)(?:ооо|оао|зао|пао|ао|ип|нко|гуп|муп|фгуп|тоо|ltd|llc|inc|gmbh|corp|company|компания|банк)(?!\w)",
	re.I,
)
# Short on purpose: only what decides which of two Russian words is the given name.
GIVEN_NAMES = frozenset(
	"""александр алексей анатолий андрей антон аркадий арсений артём артем артур богдан борис вадим валентин валерий
	василий виктор виталий владимир владислав вячеслав геннадий георгий глеб григорий давид даниил данила денис дмитрий
	евгений егор иван игорь илья кирилл константин лев леонид максим марат марк матвей михаил назар никита николай олег
	павел пётр петр роман руслан рустам савелий святослав семён семен сергей станислав степан тимофей тимур фёдор федор
	филипп эдуард эльдар юрий ян ярослав ахмед магомед рамиль ринат ильдар айдар алла алина александра алёна алена анастасия
	ангелина анжела анна антонина валентина валерия варвара василиса вера вероника виктория галина дарья диана ева евгения
	екатерина елена елизавета жанна зинаида зоя инна ирина карина кира кристина ксения лариса лидия лилия любовь людмила
	маргарита марина мария милана надежда наталия наталья нина оксана олеся ольга полина раиса светлана софия софья тамара
	татьяна ульяна эльвира юлия яна""".split()
)


class PersonName(NamedTuple):
	first: str
	middle: str = ""
	last: str = ""


def split_name(text: str | None) -> PersonName:
	"""`Петров Иван Сергеевич`, `Иван Сергеевич Петров`, `Петров Иван` → Иван / Сергеевич / Петров.

	What is not a person's name in a known order (a company, a number, four words) goes whole into `first`:
	a wrong guess would be worse than none.
	"""
	text = " ".join(str(text or "").replace("<", " ").replace(">", " ").split())
	words = text.split()
	if len(words) < 2 or len(words) > 3 or COMPANY.search(text) or NUMERIC_NAME.match(text):
		return PersonName(text)
	return _three_words(words) if len(words) == 3 else _two_words(words)


def _three_words(words: list[str]) -> PersonName:
	a, b, c = words
	if PATRONYMIC.search(c):
		return PersonName(b, c, a)
	if PATRONYMIC.search(b):
		return PersonName(a, b, c)
	return PersonName(" ".join(words))


def _two_words(words: list[str]) -> PersonName:
	a, b = words
	if PATRONYMIC.search(b) and a.lower() in GIVEN_NAMES:
		return PersonName(a, b)
	if b.lower() in GIVEN_NAMES and a.lower() not in GIVEN_NAMES:
		return PersonName(b, "", a)
	return PersonName(a, "", b)
