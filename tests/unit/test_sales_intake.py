"""What outer systems may send: payloads, files, turns."""

from __future__ import annotations

import base64
import json

import pytest

from auto_dealer.channels.rules import distribution, file_types, payload
from auto_dealer.channels.rules.payload import PayloadError, event_key, read_payload

GOOD = {"kind": "web_form", "external_id": "1", "name": "Иван", "phone": "+7 916 123-45-67"}


def test_a_good_payload():
	contact = read_payload(
		{**GOOD, "unknown": {"x": 1}, "attachments": [{"filename": "a.txt", "content": "YQ=="}]}
	)
	assert (contact.kind, contact.external_id, contact.name) == ("web_form", "1", "Иван")
	assert contact.attachments == (payload.Attachment("a.txt", "YQ=="),)
	assert contact.email == contact.text == ""


@pytest.mark.parametrize(
	("broken", "part"),
	[
		(None, "not an object"),
		([], "not an object"),
		("text", "not an object"),
		({}, "kind"),
		({"kind": "web_form"}, "external_id is missing"),
		({"kind": "web_form", "external_id": "  "}, "external_id is missing"),
		({"kind": "web_form", "external_id": None}, "external_id is missing"),
		({"kind": "fax", "external_id": "1"}, "kind is “fax”"),
		({"kind": ["web_form"], "external_id": "1"}, "kind is not text"),
		({"kind": "web_form", "external_id": {"a": 1}}, "external_id is not text"),
		({"kind": "web_form", "external_id": "x" * 191}, "longer than 190"),
		({**GOOD, "phone": ["+7916"]}, "phone is not text"),
		({**GOOD, "name": True}, "name is not text"),
		({**GOOD, "attachments": {"filename": "a"}}, "not a list"),
		({**GOOD, "attachments": ["a"]}, "attachment is not an object"),
		({**GOOD, "attachments": [{"filename": "a.txt", "content": "YQ=="}] * 11}, "more than 10"),
	],
)
def test_broken_payloads_are_named(broken, part):
	with pytest.raises(PayloadError, match=part):
		read_payload(broken)


def test_numbers_are_taken_as_text():
	contact = read_payload({**GOOD, "external_id": 17, "phone": 79161234567})
	assert (contact.external_id, contact.phone) == ("17", "79161234567")


def test_long_and_strange_texts_are_made_storable():
	contact = read_payload({**GOOD, "name": "x" * 500, "text": "a\x00b\ud800c\nd", "source": " s "})
	assert len(contact.name) == 140
	assert contact.text == "ab?c\nd"
	assert contact.source == "s"
	assert json.dumps(contact.text).encode()


def test_the_key_of_an_event():
	same = {event_key("Site", "1"), event_key("Site", "1", b"another body")}
	assert len(same) == 1, "the id decides, whatever the body"
	others = [
		event_key("Phone", "1"),
		event_key("Site", "2"),
		event_key("Site", "", b"1"),
		event_key("Sit", "e1"),
	]
	assert len({*same, *others}) == 5
	assert event_key("Site", "", b"body") == event_key("Site", "", b"body")
	assert all(len(key) == 64 for key in (*same, *others))


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.mark.parametrize(
	("name", "content", "problem"),
	[
		("a.png", PNG, ""),
		("A.PNG", PNG, ""),
		("a.jpg", PNG, "type"),
		("a.pdf", b"%PDF-1.7 ...", ""),
		("a.pdf", b"<html>", "type"),
		("a.txt", "Привет".encode(), ""),
		("a.txt", b"<script>alert(1)</script>", "type"),
		("a.txt", b"a\0b", "type"),
		("a.html", b"<p>", "type"),
		("a.svg", b"<svg/>", "type"),
		("a.exe", b"MZ", "type"),
		("noending", PNG, "type"),
		("png", PNG, "type"),
		("a.png", b"", "unreadable"),
		("a.png", None, "unreadable"),
		("a.png", PNG + b"\0" * file_types.LARGEST, "too_large"),
	],
)
def test_files(name, content, problem):
	assert file_types.find_problem(name, content) == problem


@pytest.mark.parametrize(
	("text", "content"),
	[
		(base64.b64encode(PNG).decode(), PNG),
		("data:image/png;base64," + base64.b64encode(PNG).decode(), PNG),
		("YW\nJj", b"abc"),
		("not base64!", None),
		("", None),
	],
)
def test_base64(text, content):
	assert file_types.decode_content(text) == content


@pytest.mark.parametrize(
	("name", "safe"),
	[
		("../../etc/passwd", "passwd"),
		("C:\\temp\\фото.jpg", "фото.jpg"),
		("a\x00b:c?.txt", "a_b_c_.txt"),
		("...", "file"),
		("", "file"),
	],
)
def test_file_names(name, safe):
	assert file_types.safe_name(name) == safe


def test_turns_go_round():
	users = ["a", "b", "c"]
	assert [distribution.next_in_turn(users, turn) for turn in range(1, 8)] == [
		"a",
		"b",
		"c",
		"a",
		"b",
		"c",
		"a",
	]
	assert distribution.next_in_turn([], 1) is None


@pytest.mark.requirement("R43", "R44")
@pytest.mark.parametrize("kind", payload.KINDS)
def test_only_an_answered_call_with_a_known_answerer_starts_at_work(kind):
	assert distribution.starts_at_work(kind, "anna@example.com") == (kind == "call_answered")
	assert not distribution.starts_at_work(kind, None)


@pytest.mark.requirement("R7")
@pytest.mark.parametrize("kind", payload.KINDS)
def test_every_kind_has_an_enquiry_type(kind):
	assert distribution.enquiry_type_of(kind, False) in ("Primary Call", "Web Form", "Message", "E-mail")
	is_call = kind.startswith("call")
	assert (distribution.enquiry_type_of(kind, True) == "Secondary Call") == is_call
