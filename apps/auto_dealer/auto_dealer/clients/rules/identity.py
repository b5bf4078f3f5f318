"""Who is the same client: the keys that identify one exactly."""

import hashlib
from collections.abc import Iterable

LONGEST_KEY = 140
KINDS = ("phone", "email", "messenger")


def client_keys(
	phones: Iterable[str] = (), emails: Iterable[str] = (), messengers: Iterable[str] = ()
) -> list[str]:
	"""Sorted keys `phone:+79161234567`, `email:ivan@mail.ru`, `messenger:telegram:ivanov`, once each.

	Phones must be E.164 and e-mails normalised already. A key too long for a primary key is replaced by its hash.
	"""
	given = zip(KINDS, (phones, emails, messengers), strict=True)
	return sorted(
		{make_key(kind, value) for kind, values in given for value in values if value and value.strip()}
	)


def make_key(kind: str, value: str) -> str:
	"""One key; equal for values that differ in case or outer spaces only."""
	key = f"{kind}:{' '.join(value.split()).lower()}"
	if len(key) > LONGEST_KEY:
		return f"{kind}:#{hashlib.sha256(key.encode()).hexdigest()}"
	return key


def key_kind(key: str) -> str:
	"""`phone:+7916…` → `phone`."""
	return key.split(":", 1)[0]
