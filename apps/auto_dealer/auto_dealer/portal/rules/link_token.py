"""The secret of a link that a client gets: only its hash is kept, so that a copy of the database opens nothing."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

# What `secrets.token_urlsafe(32)` gives; the form of estimates makes its secret of the same shape in the browser.
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
LONGEST_GUESS = 200


def hash_token(token: str | None) -> str:
	"""Of anything that a stranger sends: what cannot be a token is hashed too, so that it costs as much as one."""
	return hashlib.sha256(str(token or "")[:LONGEST_GUESS].encode("utf-8", "replace")).hexdigest()


def is_token(text: str | None) -> bool:
	"""Whether the text can be a token at all."""
	return isinstance(text, str) and bool(TOKEN.fullmatch(text))


def is_open(expires_at: datetime, revoked_at: datetime | None, now: datetime) -> bool:
	"""A link is open until the moment it expires, unless it was revoked."""
	return not revoked_at and now < expires_at
