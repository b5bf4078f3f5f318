"""The tax number of Russian companies and people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auto_dealer.clients.rules.inn import fold_inn, is_inn
from auto_dealer.integrations.dadata.read_reply import read_companies


@pytest.mark.requirement("R147")
@pytest.mark.parametrize(
	("text", "valid"),
	[
		("7707083893", True),
		(" 77 0708 3893 ", True),
		("500100732259", True),
		("7707083894", False),
		("500100732258", False),
		("770708389", False),
		("", False),
		(None, False),
		("٧٧٠٧٠٨٣٨٩٣", False),
	],
)
def test_control_digits(text, valid):
	assert is_inn(text) is valid


@given(st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_seen_in_most_places(place, change):
	"""A single digit that changes the weighted sum changes the control digit, except where 10 and 0 fall together."""
	digits = list("7707083893")
	digits[place] = str((int(digits[place]) + change) % 10)
	changed = "".join(digits)
	if changed != "7707083893" and is_inn(changed):
		weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
		assert sum(w * int(d) for w, d in zip(weights, changed, strict=False)) % 11 in (10, int(changed[9]))


def test_fold():
	assert fold_inn("ИНН 7707-083893") == "7707083893"


def test_a_strange_reply_gives_no_company():
	assert read_companies({}) == []
	assert read_companies({"suggestions": None}) == []
	assert (
		read_companies({"suggestions": ["text", {"value": "X", "data": None}, {"data": {"inn": None}}]}) == []
	)
