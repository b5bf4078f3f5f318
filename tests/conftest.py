"""What all tests share: the check that `requirement` markers name rows the way the requirements do."""

import re

import pytest

ROW = re.compile(r"R\d{1,3}[a-z]?\Z")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
	"""A marker with a mistyped row would count as a proof of nothing: refuse it before any test runs."""
	for item in items:
		for mark in item.iter_markers("requirement"):
			wrong = [row for row in mark.args if not (isinstance(row, str) and ROW.match(row))]
			if wrong or not mark.args:
				raise pytest.UsageError(f"{item.nodeid}: requirement marker names no row like R58: {wrong}")
