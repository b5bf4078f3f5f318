"""The portal speaks Russian and English."""

from __future__ import annotations

from collections.abc import Iterable

LANGUAGES = ("ru", "en")


def pick_language(asked: Iterable[str | None], default: str) -> str:
	"""The first of what was asked for that the portal speaks (`ru-RU` is Russian), else the default."""
	for language in asked:
		short = str(language or "").replace("_", "-").split("-")[0].lower()
		if short in LANGUAGES:
			return short
	return default if default in LANGUAGES else LANGUAGES[0]
