"""What a line of a bank statement may name."""

from __future__ import annotations

import re

# Numbers of documents hold letters, digits and dashes: "Оплата по счёту № ACC-PRQ-2026-00040 от 22.11.2026".
WORD = re.compile(r"[\w-]*\d[\w-]*")
LONGEST = 140


def words_of(*texts: str | None) -> list[str]:
	"""Words with a digit in them, each once, in capitals: what can be the number of an invoice."""
	found = (word.strip("-_").upper() for text in texts for word in WORD.findall(text or ""))
	return list(dict.fromkeys(word for word in found if 3 < len(word) <= LONGEST))
