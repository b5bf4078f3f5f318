"""What an outer system sends about one contact of a client: read and checked, without a database."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CALL_ANSWERED, CALL_MISSED, WEB_FORM, MESSAGE, EMAIL = (
	"call_answered",
	"call_missed",
	"web_form",
	"message",
	"email",
)
KINDS = (CALL_ANSWERED, CALL_MISSED, WEB_FORM, MESSAGE, EMAIL)

LONGEST = {
	"external_id": 190,
	"phone": 60,
	"email": 140,
	"messenger": 140,
	"name": 140,
	"text": 10_000,
	"answered_by": 140,
	"source": 140,
}
MOST_ATTACHMENTS = 10
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class PayloadError(ValueError):
	"""The payload cannot be understood; the text says what is wrong with which field."""


@dataclass(frozen=True)
class Attachment:
	"""A file as received: `content` is base64 text, nothing is checked yet."""

	filename: str
	content: str


@dataclass(frozen=True)
class InboundContact:
	"""One call, form, message or e-mail. Empty strings stand for what was not sent."""

	kind: str
	external_id: str
	phone: str = ""
	email: str = ""
	messenger: str = ""
	name: str = ""
	text: str = ""
	answered_by: str = ""
	source: str = ""
	attachments: tuple[Attachment, ...] = ()


def read_payload(payload: Any) -> InboundContact:
	"""The contact that a decoded payload describes; throws PayloadError.

	Unknown fields are ignored, numbers are taken as text, over-long texts are cut (an over-long `external_id` is
	refused: cut ids could meet).
	"""
	if not isinstance(payload, Mapping):
		raise PayloadError("the payload is not an object of fields")
	kind = _text(payload, "kind")
	if kind not in KINDS:
		raise PayloadError(f"kind is “{kind[:40]}”, expected one of {', '.join(KINDS)}")
	external_id = read_external_id(payload)
	if not external_id:
		raise PayloadError("external_id is missing")
	return InboundContact(
		kind=kind,
		external_id=external_id,
		attachments=_attachments(payload.get("attachments")),
		**{
			field: _text(payload, field)[: LONGEST[field]].strip()
			for field in ("phone", "email", "messenger", "name", "text", "answered_by", "source")
		},
	)


def read_external_id(payload: Any) -> str:
	"""The sender's id of the event, "" when there is none; throws PayloadError when it is too long or no text."""
	if not isinstance(payload, Mapping):
		return ""
	external_id = _text(payload, "external_id")
	if len(external_id) > LONGEST["external_id"]:
		raise PayloadError(f"external_id is longer than {LONGEST['external_id']} characters")
	return external_id


def event_key(channel: str, external_id: str, body: bytes = b"") -> str:
	"""The same for the same event of the same channel: by its id, or by the whole body when it has none."""
	part = b"id:" + external_id.encode("utf-8", "replace") if external_id else b"body:" + body
	return hashlib.sha256(channel.encode() + b"\0" + part).hexdigest()


def clean(text: str) -> str:
	"""Text that any database takes: no control characters, no halves of surrogate pairs."""
	return CONTROL.sub("", text.encode("utf-8", "replace").decode("utf-8")).strip()


def _text(payload: Mapping, field: str) -> str:
	value = payload.get(field)
	if value is None:
		return ""
	if isinstance(value, bool) or not isinstance(value, str | int | float):
		raise PayloadError(f"{field} is not text")
	return clean(str(value))


def _attachments(value: Any) -> tuple[Attachment, ...]:
	if not value:
		return ()
	if not isinstance(value, list):
		raise PayloadError("attachments is not a list")
	if len(value) > MOST_ATTACHMENTS:
		raise PayloadError(f"more than {MOST_ATTACHMENTS} attachments")
	files = []
	for item in value:
		if not isinstance(item, Mapping):
			raise PayloadError("an attachment is not an object of filename and content")
		files.append(Attachment(_text(item, "filename")[:140] or "file", _text(item, "content")))
	return tuple(files)
