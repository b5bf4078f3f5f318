"""Which years a car can be of."""

FIRST_CAR = 1886


def is_plausible_year(year: int, this_year: int) -> bool:
	"""Next year's models are sold in this one; nothing is older than the first car."""
	return FIRST_CAR <= year <= this_year + 1
