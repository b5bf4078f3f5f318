"""The Russian tax number (INN): 10 digits of a company, 12 of a person; the last one or two are control digits.

Source of the weights: order of the Federal Tax Service MMV-7-6/435 of 29.06.2012.
"""

WEIGHTS = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
COMPANY, PERSON = 10, 12


def fold_inn(text: str | None) -> str:
	"""The digits alone."""
	return "".join(char for char in text or "" if char in "0123456789")


def is_inn(text: str | None) -> bool:
	"""Whether it is a number of the right length whose control digits are right."""
	digits = [int(char) for char in fold_inn(text)]
	if len(digits) == COMPANY:
		return _control(digits, 9) == digits[9]
	if len(digits) == PERSON:
		return _control(digits, 10) == digits[10] and _control(digits, 11) == digits[11]
	return False


def _control(digits: list[int], place: int) -> int:
	weights = WEIGHTS[len(WEIGHTS) - place :]
	return sum(weight * digit for weight, digit in zip(weights, digits, strict=False)) % 11 % 10
