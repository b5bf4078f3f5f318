"""The door for outer systems: token, size, rate, then the raw event is stored and a job is queued.

	answers   200 {ok, event}        stored, or known already
	          400 {ok, error, event} not JSON: stored as Failed
	          422 {ok, error, event} unknown kind, no external_id: stored as Failed
	          403 {ok, error}        wrong token, unknown or switched-off channel: nothing is stored
	          413, 429               too large; too many (with Retry-After): nothing is stored

No answer says anything about clients, leads or deals.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from auto_dealer.channels.queue_event import queue_after_commit
from auto_dealer.channels.rate_limit import seconds_to_wait
from auto_dealer.channels.receive_event import store_event
from auto_dealer.channels.rules.payload import PayloadError, clean, read_external_id, read_payload
from auto_dealer.channels.tokens import find_channel

LARGEST_BODY = 1024 * 1024
TOKEN_HEADER = "X-Channel-Token"  # noqa: S105
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


@dataclass(frozen=True)
class Answer:
	status: int
	body: dict[str, Any]
	headers: dict[str, str] = field(default_factory=dict)


def take_in(request) -> Answer:
	"""Deals with one request (werkzeug's) and says what to answer. Does not commit."""
	if (request.content_length or 0) > LARGEST_BODY:
		return _refuse(413, "The body is larger than 1 MB.")
	body = request.get_data(cache=True)
	if len(body) > LARGEST_BODY:
		return _refuse(413, "The body is larger than 1 MB.")
	payload, is_readable = _decode(request, body)
	fields = payload if isinstance(payload, Mapping) else {}
	token = request.headers.get(TOKEN_HEADER) or request.args.get("token") or fields.get("token")
	channel = find_channel(token if isinstance(token, str) else None, _named_channel(request, fields))
	if not channel:
		return _refuse(403, "Wrong channel or token.")
	if wait := seconds_to_wait(channel):
		return Answer(429, {"ok": False, "error": "Too many events."}, {"Retry-After": str(wait)})
	if not is_readable:
		return _keep_broken(
			400, channel, body, clean(body.decode("utf-8", "replace")), "the body is not JSON"
		)
	return _store(channel, body, payload, is_json=request.mimetype not in (FORM, MULTIPART))


def _store(channel: str, body: bytes, payload: Any, is_json: bool) -> Answer:
	text = clean(body.decode("utf-8", "replace"))
	if isinstance(payload, dict) and ("token" in payload or not is_json):
		# A secret is not kept; a form is kept as the fields it carried.
		payload = {key: value for key, value in payload.items() if key not in ("token", "cmd")}
		text = clean(json.dumps(payload, ensure_ascii=False, indent=1))
	try:
		contact = read_payload(payload)
	except PayloadError as problem:
		return _keep_broken(422, channel, body, text, str(problem), payload)
	event, is_new = store_event(channel, body, text, contact.kind, contact.external_id)
	if is_new:
		queue_after_commit(event)
	return Answer(200, {"ok": True, "event": event})


def _keep_broken(
	status: int, channel: str, body: bytes, text: str, problem: str, payload: Any = None
) -> Answer:
	try:
		external_id = read_external_id(payload)
	except PayloadError:
		external_id = ""
	kind = payload.get("kind") if isinstance(payload, dict) else ""
	# A corrected event may come under the same id: the broken one must not stand in its way.
	key_source = f"broken {external_id}".encode() + body
	event, _is_new = store_event(
		channel, key_source, text, kind if isinstance(kind, str) else "", "", problem
	)
	return Answer(
		status, {"ok": False, "error": f"Stored, but cannot be processed: {problem}.", "event": event}
	)


def _decode(request, body: bytes) -> tuple[Any, bool]:
	"""(payload, whether it could be read): JSON, or a form's fields with JSON in `attachments`."""
	if request.mimetype == FORM:
		return _form(dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)))
	if request.mimetype == MULTIPART:
		return _form(request.form.to_dict())
	try:
		return json.loads(body), True
	except (ValueError, RecursionError):
		return None, False


def _form(fields: dict[str, Any]) -> tuple[dict[str, Any], bool]:
	if isinstance(fields.get("attachments"), str) and fields["attachments"].strip():
		try:
			fields["attachments"] = json.loads(fields["attachments"])
		except (ValueError, RecursionError):
			pass  # stays text, which is refused with a message about attachments
	return fields, True


def _named_channel(request, fields: Mapping) -> str | None:
	named = fields.get("channel") or request.args.get("channel")
	return str(named) if named else None


def _refuse(status: int, error: str) -> Answer:
	return Answer(status, {"ok": False, "error": error})
