"""Names of stages: nothing that a view could take for HTML, and nothing lost that a person reads."""

from __future__ import annotations

import pytest

from auto_dealer.pipelines.rules.stage_names import MAX_LENGTH, clean_name, fold_name, split_lines


@pytest.mark.requirement("R21")
@pytest.mark.parametrize(
	("typed", "kept"),
	[
		("Test Drive", "Test Drive"),
		("  Test   Drive \t", "Test Drive"),
		("Две\nстроки\r\n", "Две строки"),
		("A\x00B\u2028C", "A B C"),
		(None, ""),
		(" \n ", ""),
		("🚗 Выбор", "🚗 Выбор"),
		("O'Brien & Co", "O'Brien & Co"),
		('Договор "Лада"', "Договор “Лада”"),
		('"', "“"),
		("<b>Hot</b>", "‹b›Hot‹/b›"),
		('x" onmouseover="alert(1)', "x“ onmouseover=”alert(1)"),
		("<script>alert('1')</script>", "‹script›alert('1')‹/script›"),
		("и\u0306", "й"),
		("a" * 200, "a" * MAX_LENGTH),
		("a" * 79 + " b", "a" * 79),
	],
)
def test_clean_name(typed, kept):
	assert clean_name(typed) == kept
	assert clean_name(kept) == kept


def test_fold_ignores_case():
	assert fold_name(" ОПЛАТА ") == fold_name("оплата")
	assert fold_name("Straße") == fold_name("STRASSE")


@pytest.mark.parametrize(
	("text", "separators", "entries"),
	[
		(None, "\n", ()),
		("a\n\n b \r\na", "\n", ("a", "b")),
		("amount, vehicle\nphone", "\n,", ("amount", "vehicle", "phone")),
		("Role, with comma", "\n", ("Role, with comma",)),
	],
)
def test_split_lines(text, separators, entries):
	assert split_lines(text, separators) == entries
