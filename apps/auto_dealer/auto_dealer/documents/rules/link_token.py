"""The secret of a public link: only its hash is kept, so that a copy of the database opens nothing."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

# What `secrets.token_urlsafe(32)` gives; 22 signs (128 bits) where the address must be short.
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}|[A-Za-z0-9_-]{22}")


def hash_token(token: str) -> str:
	return hashlib.sha256(token.encode()).hexdigest()


def is_token(text: str | None) -> bool:
	"""Whether the text can be a token at all."""
	return bool(text and TOKEN.fullmatch(text))


def is_open(expires_at: datetime, revoked_at: datetime | None, now: datetime) -> bool:
	"""A link is open until the moment it expires, unless it was revoked."""
	return not revoked_at and now < expires_at
