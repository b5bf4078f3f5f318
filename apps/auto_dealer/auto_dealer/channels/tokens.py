"""Tokens of advertising channels: shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets

import frappe

HINT_LENGTH = 4


def make_token(channel: str) -> str:
	"""A new token of the channel; the old one stops working when this is committed. Checks no permissions."""
	token = secrets.token_urlsafe(32)
	doc = frappe.get_doc("Ad Channel", channel, for_update=True)
	doc.token_hash = hash_token(token)
	doc.token_hint = f"…{token[-HINT_LENGTH:]}"
	doc.flags.new_token = True
	doc.save()
	return token


def find_channel(token: str | None, named: str | None = None) -> str | None:
	"""The active channel with this token, None for a wrong one; `named` is what the sender calls the channel:
	its name or its address.

	A token is 256 random bits, looked up by its hash: the time of the answer tells nothing about other tokens.
	"""
	token_hash = hash_token(token or "")
	found = frappe.db.get_value(
		"Ad Channel", {"token_hash": token_hash}, ["name", "address", "token_hash", "is_active"], as_dict=True
	)
	stored = found.token_hash if found else hash_token("")
	if not hmac.compare_digest(stored or "", token_hash) or not token or not found:
		return None
	if not found.is_active or (named and named not in (found.name, found.address)):
		return None
	return found.name


def hash_token(token: str) -> str:
	return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
