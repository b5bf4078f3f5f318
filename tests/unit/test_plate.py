"""Licence plates: one folded form, one form to show."""

import pytest

from auto_dealer.vehicles.rules.plate import display_plate, fold_plate, is_russian


@pytest.mark.requirement("R144")
@pytest.mark.parametrize(
	("typed", "folded", "shown"),
	[
		("А123ВС777", "A123BC777", "А123ВС777"),
		("a123bc777", "A123BC777", "А123ВС777"),
		("а 123 вс 777 RUS", "A123BC777", "А123ВС777"),
		("А123ВС77", "A123BC77", "А123ВС77"),
		("А123ВС|777", "A123BC777", "А123ВС777"),
		("О001ОО99", "O001OO99", "О001ОО99"),
		("АВ 123 77", "AB12377", "АВ12377"),  # taxi
		("АВ1234 77", "AB123477", "АВ123477"),  # trailer
		("1234 АВ 77", "1234AB77", "1234АВ77"),  # motorcycle
		("А1234 77", "A123477", "А123477"),  # police
		("B-MW 1234", "BMW1234", "B-MW 1234"),  # Germany
		("1234 AB-7", "1234AB7", "1234 AB-7"),  # Belarus
		("123 ABC 02", "123ABC02", "123 ABC 02"),  # Kazakhstan
		("", "", ""),
		(None, "", ""),
	],
)
def test_plates(typed, folded, shown):
	assert fold_plate(typed) == folded
	assert display_plate(typed) == shown


def test_what_is_russian():
	assert is_russian("A123BC777")
	assert not is_russian("A000BC777")
	assert not is_russian("D123BC777")  # no such letter on Russian plates
	assert not is_russian("A123BC7")
