"""The Russian desk is complete: every text of the app has a finished translation that keeps its placeholders."""

from __future__ import annotations

import ast

import pytest
from translation_strings import (
	PACKAGE,
	POT,
	PYTHON_KEYWORDS,
	SCRIPT_CALL,
	called_name,
	find_in_doctype,
	find_in_python,
	find_in_script,
	find_in_seed,
	find_missing,
	find_texts,
	placeholders,
	po_path,
	read_catalogue,
)

UPDATE = "run: python tests/unit/translation_strings.py, then fill the empty entries of locale/ru.po"


def test_every_text_has_a_russian_translation():
	missing = [f"{text.path}: {text.message!r} {text.context or ''}" for text in find_missing("ru")]
	assert not missing, f"{UPDATE}\n" + "\n".join(missing)


def test_template_catalogue_is_current():
	"""main.pot is what translators of other languages start from."""
	in_source = {(text.message, text.context) for text in find_texts()}
	in_template = {(entry.id, entry.context) for entry in read_catalogue(POT) if entry.id}
	assert in_source - in_template == set(), UPDATE


def test_translations_keep_the_placeholders():
	wrong = [
		f"{entry.id!r} -> {entry.string!r}"
		for entry in read_catalogue(po_path("ru"))
		if entry.id and entry.string and placeholders(entry.id) != placeholders(entry.string)
	]
	assert not wrong, "\n".join(wrong)


def test_translations_keep_the_html_tags():
	"""A lost closing tag would spoil the page around the message."""
	wrong = [
		f"{entry.id!r} -> {entry.string!r}"
		for entry in read_catalogue(po_path("ru"))
		if entry.id and entry.string and count_tags(entry.id) != count_tags(entry.string)
	]
	assert not wrong, "\n".join(wrong)


def count_tags(text: str) -> tuple[int, int]:
	return text.count("</"), text.count("<")


def test_no_text_is_built_before_it_is_translated():
	"""`_(f"…{x}")` and `_("…{0}".format(x))` are looked up with the value in them and never found."""
	wrong = []
	for path in PACKAGE.rglob("*.py"):
		for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
			if isinstance(node, ast.Call) and called_name(node) in PYTHON_KEYWORDS and node.args:
				first = node.args[0]
				formatted = isinstance(first, ast.Call) and called_name(first) == "format"
				if formatted or isinstance(first, ast.JoinedStr | ast.BinOp):
					wrong.append(f"{path.relative_to(PACKAGE)}:{node.lineno}")
	for path in PACKAGE.rglob("*.js"):
		if "dist" in path.parts:
			continue
		for text in find_in_script(path.read_text(encoding="utf-8"), path.name, SCRIPT_CALL):
			if "${" in text.message:
				wrong.append(f"{path.relative_to(PACKAGE)}: {text.message}")
	assert not wrong, "\n".join(wrong)


SCRIPTS = [
	('__("Take to Work")', [("Take to Work", None)]),
	("__('It''s')", [("It", None)]),
	('__("a" + "b")', [("ab", None)]),
	('__("Open", null, "Auto Deal")', [("Open", "Auto Deal")]),
	('__("{0} of {1}", [f(a, "x"), b], "Count")', [("{0} of {1}", "Count")]),
	('__("{0} of {1}", [a, "x"])', [("{0} of {1}", None)]),
	("`<b>${__(\"Won\")}</b> ${__('Lost')}`", [("Won", None), ("Lost", None)]),
	('__("Say \\"yes\\"\\u2026")', [('Say "yes"…', None)]),
	("__(stage)", []),
	("frappe.__('x')", []),
]


@pytest.mark.parametrize(("source", "expected"), SCRIPTS)
def test_finds_texts_of_scripts(source: str, expected: list):
	assert [(text.message, text.context) for text in find_in_script(source, "x.js", SCRIPT_CALL)] == expected


PYTHON = [
	('_("No {0}").format(x)', [("No {0}", None)]),
	('frappe._("Open", context="Auto Deal")', [("Open", "Auto Deal")]),
	('_("one "\n"text")', [("one text", None)]),
	("_(stage)", []),
]


@pytest.mark.parametrize(("source", "expected"), PYTHON)
def test_finds_texts_of_python(source: str, expected: list):
	assert [(text.message, text.context) for text in find_in_python(source, "auto_dealer/x.py")] == expected


def test_finds_declared_fields_and_roles():
	source = 'FIELDS = [{"fieldname": "a", "label": "Kind", "fieldtype": "Select", "options": "X\\nY"}]\nROLES = ("Boss",)\nCLIENT_KINDS = {"Fleet": (1, 1)}'
	found = [text.message for text in find_in_python(source, "auto_dealer/setup/custom_fields.py")]
	assert sorted(found) == ["Boss", "Fleet", "Kind", "X", "Y"]


def test_finds_texts_of_doctypes_and_seed_data():
	doctype = {
		"name": "Thing",
		"fields": [{"fieldname": "s", "label": "State", "fieldtype": "Select", "options": "\nOpen\nDone"}],
		"links": [{"group": "Service", "link_doctype": "Other"}],
		"permissions": [{"role": "Dealer Boss"}, {"role": "System Manager"}],
	}
	found = {text.message for text in find_in_doctype(doctype, "x.json")}
	assert found == {"Thing", "State", "Open", "Done", "Service", "Other", "Dealer Boss"}
	seed = {
		"pipelines": [{"pipeline_name": "New Cars", "color": "Red", "stages": [{"stage_name": "Unsorted"}]}]
	}
	assert [text.message for text in find_in_seed(seed, "x.json")] == ["New Cars", "Unsorted"]
