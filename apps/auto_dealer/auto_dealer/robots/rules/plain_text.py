"""HTML of a template as the plain text that a messenger shows; Jinja in it stays as it is."""

from __future__ import annotations

import html
import re

LINE_ENDS = re.compile(r"</(?:p|div|li|h\d|tr)\s*>|<br\s*/?>", re.IGNORECASE)
TAGS = re.compile(r"<[^>]+>")


def to_plain_text(text: str | None) -> str:
	"""Paragraphs become lines; no more than one empty line in a row."""
	lines = TAGS.sub("", LINE_ENDS.sub("\n", text or ""))
	lines = html.unescape(lines).replace("\xa0", " ")
	return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in lines.split("\n"))).strip()
