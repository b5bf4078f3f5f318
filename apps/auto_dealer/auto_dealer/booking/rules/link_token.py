"""The secret in a client's link: a random key of the booking and a signature of it. Nothing of it is a number that
could be counted on, and a key read from the database is no secret without the site's own."""

from __future__ import annotations

import base64
import hashlib
import hmac

KEY_LENGTH = SIGNATURE_LENGTH = 22


def make_token(site_key: str, link_key: str) -> str:
	"""`link_key` (22 characters) followed by its signature (22 characters), all of them fit for an address."""
	return link_key + _sign(site_key, link_key)


def read_token(site_key: str, token: str | None) -> str | None:
	"""The `link_key` of a rightly signed token; None for everything else."""
	if not token or len(token) != KEY_LENGTH + SIGNATURE_LENGTH or not token.isascii():
		return None
	link_key, signature = token[:KEY_LENGTH], token[KEY_LENGTH:]
	return link_key if hmac.compare_digest(_sign(site_key, link_key), signature) else None


def _sign(site_key: str, link_key: str) -> str:
	digest = hmac.new(site_key.encode(), f"booking:{link_key}".encode(), hashlib.sha256).digest()
	return base64.urlsafe_b64encode(digest).decode()[:SIGNATURE_LENGTH]
