"""VIN by ISO 3779 / 3780: folding, what is refused, what is only worth a warning."""

from typing import NamedTuple

# Cyrillic letters that look like the Latin ones of a VIN, as keyboards and OCR leave them.
LOOK_ALIKES = str.maketrans("АВЕКМНРСТУХЗЅІЈОԚ", "ABEKMHPCTYX3SIJOQ")
FORBIDDEN = "IOQ"
LENGTH = 17
VALUES = {
	**{digit: int(digit) for digit in "0123456789"},
	**dict(zip("ABCDEFGH", (1, 2, 3, 4, 5, 6, 7, 8), strict=True)),
	**dict(zip("JKLMN", (1, 2, 3, 4, 5), strict=True)),
	**{"P": 7, "R": 9},
	**dict(zip("STUVWXYZ", (2, 3, 4, 5, 6, 7, 8, 9), strict=True)),
}
WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


class VinCheck(NamedTuple):
	"""`error` and `warning` are codes: `length`, `forbidden`, `character` (with `detail`); `check_digit`."""

	vin: str
	error: str | None = None
	warning: str | None = None
	detail: str = ""


def fold_vin(text: str | None) -> str:
	"""Upper case, Latin, without spaces, dashes and dots: `хта 21099-0y…` → `XTA210990Y…`."""
	folded = str(text or "").upper().translate(LOOK_ALIKES)
	return "".join(character for character in folded if character not in " \t\r\n\u00a0\u2009-–—_.*")


def check_vin(text: str | None) -> VinCheck:
	"""An empty text is no VIN and no error. The check digit never makes an error: true Russian VINs fail it."""
	vin = fold_vin(text)
	if not vin:
		return VinCheck("")
	for character in vin:
		if character in FORBIDDEN:
			return VinCheck(vin, error="forbidden", detail=character)
		if character not in VALUES:
			return VinCheck(vin, error="character", detail=character)
	if len(vin) != LENGTH:
		return VinCheck(vin, error="length", detail=str(len(vin)))
	expected = check_digit(vin)
	if vin[8] != expected:
		return VinCheck(vin, warning="check_digit", detail=expected)
	return VinCheck(vin)


def check_digit(vin: str) -> str:
	"""What stands at position 9 of a VIN that follows ISO 3779 for North America and China."""
	rest = sum(VALUES[character] * weight for character, weight in zip(vin, WEIGHTS, strict=True)) % 11
	return "X" if rest == 10 else str(rest)
