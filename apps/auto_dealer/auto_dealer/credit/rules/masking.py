"""Takes personal data out of a text."""

from __future__ import annotations

from collections.abc import Collection

from auto_dealer.permissions.rules.masking import HIDDEN


def hide_values(text: str, values: Collection[str]) -> str:
	"""The text without these values; ones of less than three characters would hide half of it and are left."""
	for value in sorted(values, key=len, reverse=True):
		if len(value) > 2:
			text = text.replace(value, HIDDEN)
	return text
