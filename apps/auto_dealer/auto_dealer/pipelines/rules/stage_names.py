"""How a stage or a pipeline may be called."""

from __future__ import annotations

import re
import unicodedata

MAX_LENGTH = 80
# Frappe's Kanban and menus print a column's name unescaped, also inside attributes. Their look-alikes read the same.
LOOK_ALIKES = str.maketrans({"<": "‹", ">": "›", "`": "’"})


def clean_name(text: str | None) -> str:
	"""The name as it is kept: one line, no spaces at the ends or doubled, NFC, at most 80 characters.

	`<`, `>` and straight double quotes become ‹ › “ ”, so that no view can take a name for HTML. The function is
	idempotent; a name of nothing but spaces gives "".
	"""
	name = unicodedata.normalize("NFC", text or "")
	name = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in name)
	name = re.sub(r"\s+", " ", name).strip()
	return _pair_quotes(name.translate(LOOK_ALIKES))[:MAX_LENGTH].strip()


def fold_name(text: str | None) -> str:
	"""The form in which two names are compared: case does not matter."""
	return clean_name(text).casefold()


def split_lines(text: str | None, separators: str = "\n") -> tuple[str, ...]:
	"""The non-empty entries of a list typed one per line, each once, in order."""
	entries = (entry.strip() for entry in re.split(f"[{re.escape(separators)}]", text or ""))
	return tuple(dict.fromkeys(entry for entry in entries if entry))


def _pair_quotes(name: str) -> str:
	"""Straight double quotes by turns opening and closing."""
	parts = name.split('"')
	return parts[0] + "".join("“”"[turn % 2] + part for turn, part in enumerate(parts[1:]))
