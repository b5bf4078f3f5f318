"""VIN: folding, refusals, the check digit."""

import pytest

from auto_dealer.vehicles.rules.vin import check_digit, check_vin, fold_vin


@pytest.mark.requirement("R138")
@pytest.mark.parametrize(
	("typed", "vin"),
	[
		("XTA210990Y1234567", "XTA210990Y1234567"),
		("xta210990y1234567", "XTA210990Y1234567"),
		("ХТА210990У1234567", "XTA210990Y1234567"),  # Cyrillic Х, Т, А, У
		("хта210990у1234567", "XTA210990Y1234567"),
		(" XTA 210990-Y1234567 ", "XTA210990Y1234567"),
		("ВСЕКМНРС", "BCEKMHPC"),
		("", ""),
		(None, ""),
	],
)
def test_folding(typed, vin):
	assert fold_vin(typed) == vin


@pytest.mark.parametrize(
	("vin", "digit"),
	[("1FTMW1T88MFA00001", "8"), ("1M8GDM9AXKP042788", "X"), ("11111111111111111", "1")],
)
def test_check_digit_of_the_standard(vin, digit):
	assert check_digit(vin) == digit
	assert check_vin(vin) == (vin, None, None, "")


@pytest.mark.parametrize(
	"vin", ["XTA210990Y1234567", "WVWZZZ1KZAW123456", "Z94CB41AAGR323020", "X7LLSRB1HAH548712"]
)
def test_true_vins_of_our_market_are_only_warned_about(vin):
	result = check_vin(vin)
	assert result.error is None
	assert result.warning == "check_digit"
	assert result.detail == check_digit(vin)


@pytest.mark.parametrize(
	("typed", "error", "detail"),
	[
		("XTA21099OY1234567", "forbidden", "O"),
		("XTA21099ОY1234567", "forbidden", "O"),  # Cyrillic О
		("XTA2I0990Y1234567", "forbidden", "I"),
		("XTA2Q0990Y1234567", "forbidden", "Q"),
		("XTA21099ЖY1234567", "character", "Ж"),
		("XTA21099<Y1234567", "character", "<"),
		("XTA210990Y123456", "length", "16"),
		("XTA210990Y12345678", "length", "18"),
		("NT32-024680", "length", "10"),
	],
)
def test_refusals_name_the_cause(typed, error, detail):
	result = check_vin(typed)
	assert (result.error, result.detail) == (error, detail)
	assert result.warning is None


def test_no_vin_is_no_error():
	assert check_vin("  ") == ("", None, None, "")
