"""Licence plates: one folded form to compare and search, one form to show."""

import re

CYRILLIC = "АВЕКМНОРСТУХ"
LATIN = "ABEKMHOPCTYX"
TO_LATIN = str.maketrans(CYRILLIC, LATIN)
TO_CYRILLIC = str.maketrans(LATIN, CYRILLIC)
LETTER = f"[{LATIN}]"
# Folded form of each Russian kind: car, taxi or bus, trailer, motorcycle or tractor, police, transit.
RUSSIAN = tuple(
	re.compile(pattern.replace("L", LETTER))
	for pattern in (
		r"^L(?!000)\d{3}LL\d{2,3}$",
		r"^LL(?!000)\d{3}\d{2,3}$",
		r"^LL\d{4}\d{2,3}$",
		r"^\d{4}LL\d{2,3}$",
		r"^L\d{4}\d{2,3}$",
		r"^LL\d{3}L\d{2,3}$",
	)
)
# Letters that only plates of other alphabets have stay as they are.
NOISE = re.compile(r"[^0-9A-ZА-ЯЁІЇЄҐ]")


def fold_plate(text: str | None) -> str:
	"""Upper case, look-alikes as Latin, letters and digits only: `а 123 вс 777 RUS` → `A123BC777`."""
	folded = NOISE.sub("", str(text or "").upper()).translate(TO_LATIN)
	stripped = re.sub(r"RUS$", "", folded)
	return stripped if is_russian(stripped) else folded


def is_russian(folded: str) -> bool:
	"""True when the folded plate has the form of a Russian one."""
	return any(pattern.match(folded) for pattern in RUSSIAN)


def display_plate(text: str | None) -> str:
	"""A Russian plate in Cyrillic (`А123ВС777`); a foreign one in upper case as it was typed."""
	folded = fold_plate(text)
	if is_russian(folded):
		return folded.translate(TO_CYRILLIC)
	return " ".join(str(text or "").upper().split())
