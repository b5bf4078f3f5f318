"""Texts to clients with places to fill: {client}, {car} …; nothing else in braces is touched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

INVITATION = ("client", "car", "date", "mileage", "link")
PLACE = re.compile(r"\{(\w+)\}")


def fill_places(text: str, values: Mapping[str, object]) -> str:
	"""Unknown places stay as they are; a value that is missing leaves nothing."""
	return PLACE.sub(
		lambda match: str(values[match[1]] or "") if match[1] in values else match[0], text
	).strip()


def unknown_places(text: str, known: Iterable[str]) -> list[str]:
	return sorted({f"{{{name}}}" for name in PLACE.findall(text)} - {f"{{{name}}}" for name in known})
