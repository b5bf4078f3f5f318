"""Takes secrets out of what is written into the log."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

MASK = "***"
SECRET_WORDS = ("secret", "token", "password", "authorization", "api_key", "apikey", "signature")


def mask(value: Any, secrets: Iterable[str] = ()) -> Any:
	"""A copy without values under telling names, and without the given secrets wherever they stand."""
	known = tuple(secret for secret in secrets if secret)
	if isinstance(value, Mapping):
		return {
			key: MASK if is_secret(str(key)) and item else mask(item, known) for key, item in value.items()
		}
	if isinstance(value, list | tuple):
		return [mask(item, known) for item in value]
	if isinstance(value, str):
		return mask_text(value, known)
	return value


def is_secret(name: str) -> bool:
	# `token_type` and `expires_in` tell nothing; `access_token` does.
	folded = name.lower().replace("-", "_")
	return any(word in folded for word in SECRET_WORDS) and not folded.endswith("_type")


def mask_text(text: str, secrets: Iterable[str] = ()) -> str:
	for secret in secrets:
		if secret:
			text = text.replace(secret, MASK)
	return text


def masked_json(value: Any, secrets: Iterable[str] = (), limit: int = 20_000) -> str:
	"""As text for the log, cut where it is too long."""
	return json.dumps(mask(value, secrets), ensure_ascii=False, indent=1, default=str)[:limit]
