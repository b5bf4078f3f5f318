"""Intake: what outer systems send, over real HTTP and through the job that makes enquiries of it."""

from __future__ import annotations

import base64
import json
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from factories import free_phone, make_channel, make_deal, make_department, make_staff

import frappe

from auto_dealer.channels import process_event, tasks
from auto_dealer.channels.assign_responsible import assign_responsible, find_answerer
from auto_dealer.channels.process_event import process
from auto_dealer.channels.receive_event import store_event
from auto_dealer.channels.tokens import find_channel, make_token

URL = "/api/method/auto_dealer.channels.api.intake"
MANAGER = "Dealer Sales Manager"
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\0" * 40).decode()


def form(**values) -> dict:
	return {
		"kind": "web_form",
		"external_id": frappe.generate_hash(length=12),
		"name": "Иван Петров",
		**values,
	}


@pytest.fixture
def door(http):
	"""A channel with its token, and a function that sends events to it from outside."""

	class Door:
		channel = make_channel().name
		token = make_token(channel)

		def send(self, payload=None, token=None, session=None, **options):
			session = session or http()
			headers = {
				"X-Channel-Token": self.token if token is None else token,
				**options.pop("headers", {}),
			}
			if payload is not None:
				options["json"] = payload
			return session.post(URL, headers=headers, **options)

	return Door()


def stored(channel: str, **values) -> str:
	"""An event as the door stores it, without HTTP."""
	payload = form(**values)
	return store_event(
		channel, b"", json.dumps(payload, ensure_ascii=False), payload["kind"], payload["external_id"]
	)[0]


def event_of(name: str) -> frappe._dict:
	frappe.db.rollback()
	return frappe.get_doc("Inbound Event", name)


# -- the door --------------------------------------------------------------------------------------


@pytest.mark.requirement("R41", "R42", "R44", "R47", "R114", "R122")
def test_a_form_becomes_contact_lead_and_unsorted_deal(door, jobs):
	payload = form(
		phone="8 916 123-45-67",
		email="ivan@mail.ru",
		text="Тест-драйв?",
		source="лендинг",
		channel=door.channel,
	)
	answer = door.send(payload)
	assert answer.status_code == 200, answer.text
	assert set(answer.json()) == {"ok", "event"}
	event = event_of(answer.json()["event"])
	assert (event.status, event.channel, event.kind) == ("Received", door.channel, "web_form")
	assert json.loads(event.payload) == payload
	jobs.work_off()
	event = event_of(event.name)
	assert (event.status, event.error, event.attempts) == ("Processed", None, 1)
	deal, lead = frappe.get_doc("Auto Deal", event.deal), frappe.get_doc("Auto Lead", event.lead)
	assert (deal.pipeline, deal.stage, deal.responsible, deal.is_unsorted) == (
		"New Cars",
		"Unsorted",
		None,
		1,
	)
	assert (deal.client_name, deal.phone, deal.email) == ("Иван Петров", "+79161234567", "ivan@mail.ru")
	assert (deal.ad_channel, deal.lead, deal.contact) == (door.channel, lead.name, event.contact)
	assert (lead.status, lead.enquiry_type, lead.source_text) == ("Converted", "Web Form", "лендинг")
	assert (lead.interest_text, lead.inbound_event, lead.first_response_at) == (
		"Тест-драйв?",
		event.name,
		None,
	)
	assert frappe.db.get_value("Contact", event.contact, "full_name") == "Иван Петров"


@pytest.mark.parametrize(
	"sent_as", ["form", "multipart", "token in the body", "token in the address", "no content type"]
)
def test_other_ways_to_send(door, http, sent_as):
	payload = form(phone=free_phone(), attachments=[{"filename": "a.png", "content": PNG}])
	flat = {**payload, "attachments": json.dumps(payload["attachments"])}
	options = {
		"form": {"data": flat},
		"multipart": {"files": {key: (None, value) for key, value in flat.items()}},
		"token in the body": {"json": {**payload, "token": door.token}, "headers": {"X-Channel-Token": ""}},
		"token in the address": {
			"json": payload,
			"params": {"token": door.token},
			"headers": {"X-Channel-Token": ""},
		},
		"no content type": {"data": json.dumps(payload).encode(), "headers": {"Content-Type": "text/plain"}},
	}[sent_as]
	answer = door.send(**options)
	assert answer.status_code == 200, answer.text
	event = event_of(answer.json()["event"])
	assert json.loads(event.payload) == payload
	assert door.token not in event.as_json()


@pytest.mark.parametrize("wrong", ["token", "no token", "channel", "unknown channel", "switched off"])
def test_wrong_tokens_get_one_and_the_same_answer(door, http, wrong):
	other = make_channel("Other Channel")
	if wrong == "switched off":
		frappe.db.set_value("Ad Channel", door.channel, "is_active", 0)
	token = {"token": "x" * 43, "no token": ""}.get(wrong, door.token)
	channel = {"channel": other.name, "unknown channel": "No Such"}.get(wrong, door.channel)
	answer = door.send(form(phone=free_phone(), channel=channel), token=token)
	assert (answer.status_code, answer.json()) == (403, {"ok": False, "error": "Wrong channel or token."})
	frappe.db.rollback()
	assert not frappe.db.count("Inbound Event")


def test_only_post(door, http):
	assert http().get(URL, headers={"X-Channel-Token": door.token}).status_code == 403


@pytest.mark.parametrize("how", ["declared", "chunked", "form"])
def test_large_bodies_are_refused(door, how):
	text = "x" * (5 * 1024 * 1024)
	options = {
		"declared": {"json": form(text=text)},
		"chunked": {
			"data": iter([json.dumps(form(text=text)).encode()]),
			"headers": {"Content-Type": "application/json"},
		},
		"form": {"data": form(text=text)},
	}[how]
	answer = door.send(**options)
	assert answer.status_code == 413, answer.text[:300]
	frappe.db.rollback()
	assert not frappe.db.count("Inbound Event")


def test_over_the_limit_is_told_when_to_come_back(door, http):
	frappe.db.set_single_value("Dealer Settings", "intake_limit_per_minute", 3)
	frappe.clear_document_cache("Dealer Settings", "Dealer Settings")
	if time.time() % 60 > 54:
		time.sleep(7)  # five events within one minute
	answers = [door.send(form()) for _ in range(5)]
	assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
	assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
	other = make_channel("Other Channel").name
	assert door.send(form(), token=make_token(other)).status_code == 200, "the limit is the channel's own"


BROKEN = {
	"not JSON": (400, b'{"kind": "web_form", ', "not JSON"),
	"not JSON, no type": (400, b"hello", "not JSON"),
	"a list": (422, b"[1, 2]", "not an object"),
	"unknown kind": (422, b'{"kind": "fax", "external_id": "1"}', "kind is"),
	"no id": (422, b'{"kind": "web_form", "name": "x"}', "external_id is missing"),
	"deep": (400, b"[" * 100_000, "not JSON"),
	"strange bytes": (400, b"\xff\xfe\x00{", "not JSON"),
}


@pytest.mark.requirement("R123")
@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_payload_is_kept_with_its_error(door, case):
	status, body, error = BROKEN[case]
	content_type = "text/plain" if case.endswith("no type") else "application/json"
	answers = [door.send(data=body, headers={"Content-Type": content_type}) for _ in range(2)]
	assert [answer.status_code for answer in answers] == [status, status], answers[0].text[:500]
	assert answers[0].json() == answers[1].json()
	assert answers[0].json()["ok"] is False
	event = event_of(answers[0].json()["event"])
	assert event.status == "Failed"
	assert error in event.error
	assert frappe.db.count("Inbound Event") == 1


def test_nothing_is_told_about_clients(door, jobs):
	phone = free_phone()
	known = door.send(form(phone=phone))
	jobs.work_off()
	repeat, stranger = door.send(form(phone=phone)), door.send(form(phone=free_phone()))
	assert set(known.json()) == set(repeat.json()) == set(stranger.json()) == {"ok", "event"}
	assert len({len(answer.content) for answer in (known, repeat, stranger)}) == 1
	assert "set-cookie" not in {key.lower() for key in answer_headers_with_user(known)}


def answer_headers_with_user(answer) -> dict:
	"""Cookies of a guest are harmless; what names somebody is not."""
	return {
		key: value for key, value in answer.headers.items() if "user_id=" in value and "Guest" not in value
	}


# -- once ------------------------------------------------------------------------------------------


@pytest.mark.requirement("R123")
def test_the_same_event_ten_times_in_parallel_is_one(door, http, jobs):
	payload = form(phone=free_phone())
	sessions = [http() for _ in range(10)]
	worker = jobs.start_worker()
	with ThreadPoolExecutor(10) as pool:
		answers = list(pool.map(lambda session: door.send(payload, session=session), sessions))
	assert [answer.status_code for answer in answers] == [200] * 10, [a.text[:200] for a in answers]
	assert len({answer.json()["event"] for answer in answers}) == 1
	wait_until(lambda: frappe.db.count("Inbound Event", {"status": "Processed"}) == 1)
	jobs.live.end(worker)
	assert door.send(payload).json() == answers[0].json(), "also after it was processed"
	jobs.work_off()
	counts = [frappe.db.count(doctype) for doctype in ("Inbound Event", "Auto Lead", "Auto Deal")]
	assert counts == [1, 1, 1]


def wait_until(condition, seconds: float = 60) -> None:
	deadline = time.monotonic() + seconds
	while time.monotonic() < deadline:
		frappe.db.rollback()
		if condition():
			return
		time.sleep(0.2)
	raise AssertionError("it did not happen in time")


def in_parallel(events: list[str]) -> None:
	"""Processes each event as the job does, in threads with connections of their own."""
	barrier, errors = threading.Barrier(len(events)), []
	site, path = frappe.local.site, frappe.local.sites_path

	def job(event):
		frappe.init(site=site, sites_path=path, force=True)
		frappe.connect()
		try:
			barrier.wait(20)
			process_event.run(event)
		except Exception as error:
			errors.append(error)
		finally:
			frappe.destroy()

	threads = [threading.Thread(target=job, args=(event,)) for event in events]
	[thread.start() for thread in threads]
	[thread.join(120) for thread in threads]
	frappe.db.rollback()
	assert not errors


@pytest.mark.requirement("R9", "R11")
def test_parallel_events_of_one_client_make_one_deal(committed):
	phone = free_phone()
	channel = make_channel().name
	events = [
		stored(channel, phone=phone, kind=kind) for kind in ("web_form", "call_missed", "message", "web_form")
	]
	frappe.db.commit()
	in_parallel(events)
	rows = frappe.get_all("Inbound Event", {"name": ("in", events)}, ["status", "deal", "contact", "error"])
	assert {row.status for row in rows} == {"Processed"}, rows
	assert len({row.deal for row in rows}) == len({row.contact for row in rows}) == 1
	assert frappe.db.count("Auto Deal", {"phone": phone}) == 1
	assert sorted(frappe.get_all("Auto Lead", {"phone": phone}, pluck="status")) == [
		"Attached to Deal"
	] * 3 + ["Converted"]


def test_parallel_events_of_many_clients_all_arrive(committed):
	channel = make_channel().name
	events = [stored(channel, phone=free_phone()) for _ in range(6)]
	frappe.db.commit()
	in_parallel(events)
	assert set(frappe.get_all("Inbound Event", {"name": ("in", events)}, pluck="status")) == {"Processed"}
	assert frappe.db.count("Auto Deal", {"ad_channel": channel}) == 6


def test_processing_again_changes_nothing():
	event = stored(make_channel().name, phone=free_phone())
	assert process(event)["deal"]
	assert process(event) == {}
	assert frappe.db.count("Auto Lead", {"inbound_event": event}) == 1


# -- what becomes of it ----------------------------------------------------------------------------


@pytest.mark.requirement("R41", "R42", "R43", "R115")
@pytest.mark.parametrize("known_as", ["e-mail", "phone", "inner number"])
def test_an_answered_call_belongs_to_the_answerer(known_as):
	anna = make_staff("anna", MANAGER, department=make_department("Test Sales"))
	frappe.db.set_value("User", anna, {"mobile_no": "8 (903) 000-11-22", "phone": "104"})
	answered_by = {"e-mail": anna.upper(), "phone": "+79030001122", "inner number": "104"}[known_as]
	result = process(
		stored(
			make_channel(kind="Phone").name, kind="call_answered", phone=free_phone(), answered_by=answered_by
		)
	)
	deal, lead = frappe.get_doc("Auto Deal", result["deal"]), frappe.get_doc("Auto Lead", result["lead"])
	assert (deal.stage, deal.responsible, deal.queue, deal.is_unsorted) == (
		"Vehicle Selection",
		anna,
		anna,
		0,
	)
	assert deal.phone
	assert deal.ad_channel == "Test Channel"
	assert (lead.enquiry_type, lead.responsible) == ("Primary Call", anna)
	assert lead.first_response_at
	log = frappe.get_all("Deal Stage Log", {"deal": deal.name}, pluck="to_stage")
	assert log == ["Vehicle Selection"]


@pytest.mark.requirement("R44")
@pytest.mark.parametrize("kind", ["call_missed", "web_form", "message", "email"])
def test_everything_else_is_unsorted(kind):
	anna = make_staff("anna", MANAGER)
	result = process(stored(make_channel().name, kind=kind, phone=free_phone(), answered_by=anna))
	deal = frappe.get_doc("Auto Deal", result["deal"])
	assert (deal.stage, deal.responsible, deal.is_unsorted) == ("Unsorted", None, 1)


def test_an_answered_call_of_an_unknown_answerer_is_unsorted():
	result = process(stored(make_channel().name, kind="call_answered", phone=free_phone(), answered_by="999"))
	assert frappe.get_doc("Auto Deal", result["deal"]).stage == "Unsorted"


def test_who_answers_must_be_enabled_staff():
	anna = make_staff("anna", MANAGER)
	assert find_answerer(f" {anna} ") == anna
	frappe.db.set_value("User", anna, "enabled", 0)
	assert find_answerer(anna) is None
	assert find_answerer("") is find_answerer("nobody@example.com") is find_answerer("12345") is None


@pytest.mark.requirement("R38", "R116")
def test_the_channel_decides():
	department = make_department("Test Used")
	channel = make_channel(pipeline="Used Cars", department=department, enquiry_type="Message")
	result = process(stored(channel.name, phone=free_phone()))
	deal = frappe.get_doc("Auto Deal", result["deal"])
	assert (deal.pipeline, deal.department, deal.queue) == ("Used Cars", department, f"@{department}")
	assert frappe.db.get_value("Auto Lead", result["lead"], "enquiry_type") == "Message"


@pytest.mark.requirement("R116")
def test_a_channel_that_makes_leads_only():
	result = process(stored(make_channel(creates="Lead", pipeline=None).name, phone=free_phone()))
	assert result["deal"] is None
	assert result["contact"]
	assert frappe.db.get_value("Auto Lead", result["lead"], "status") == "New"


@pytest.mark.requirement("R9", "R11", "R143")
def test_a_repeat_client_joins_the_active_deal():
	anna = make_staff("anna", MANAGER)
	phone = free_phone()
	deal = make_deal(phone=phone, responsible=anna)
	result = process(stored(make_channel().name, kind="call_missed", phone=phone, text="<i>перезвоните</i>"))
	lead = frappe.get_doc("Auto Lead", result["lead"])
	assert (result["deal"], result["contact"]) == (deal.name, deal.contact)
	assert (lead.status, lead.deal, lead.is_secondary, lead.enquiry_type) == (
		"Attached to Deal",
		deal.name,
		1,
		"Secondary Call",
	)
	assert lead.responsible == anna
	assert frappe.db.count("Auto Deal", {"contact": deal.contact}) == 1
	comment = frappe.get_last_doc("Comment", {"reference_doctype": "Auto Deal", "reference_name": deal.name})
	assert lead.name in comment.content
	assert "<i>" not in comment.content


@pytest.mark.requirement("R43")
def test_who_answers_the_second_call_takes_the_waiting_deal():
	anna, phone, channel = make_staff("anna", MANAGER), free_phone(), make_channel().name
	missed = process(stored(channel, kind="call_missed", phone=phone))
	answered = process(stored(channel, kind="call_answered", phone=phone, answered_by=anna))
	assert answered["deal"] == missed["deal"]
	deal = frappe.get_doc("Auto Deal", missed["deal"])
	assert (deal.responsible, deal.stage) == (anna, "Vehicle Selection")
	assert frappe.db.get_value("Auto Lead", missed["lead"], "responsible") == anna


@pytest.mark.requirement("R122")
def test_a_number_that_is_none_is_kept_as_text():
	result = process(stored(make_channel().name, phone="аноним", text="хочу машину"))
	lead = frappe.get_doc("Auto Lead", result["lead"])
	assert lead.phone is None
	assert lead.interest_text == "хочу машину\nаноним"


def test_an_enquiry_of_nobody_fails_and_is_kept(committed):
	event = stored(make_channel().name, name="", phone="аноним")
	frappe.db.commit()
	process_event.run(event)
	event = event_of(event)
	assert event.status == "Failed"
	assert "without a client" in event.error
	assert not frappe.db.count("Auto Lead", {"inbound_event": event.name})


def test_files_are_checked_and_private():
	files = [
		{"filename": "../машина.png", "content": PNG},
		{"filename": "virus.png", "content": base64.b64encode(b"MZ").decode()},
		{"filename": "page.html", "content": base64.b64encode(b"<b>").decode()},
		{"filename": "b.png", "content": "???"},
	]
	event = stored(make_channel().name, phone=free_phone(), attachments=files)
	deal = process(event)["deal"]
	saved = frappe.get_all(
		"File", {"attached_to_doctype": "Auto Deal", "attached_to_name": deal}, ["file_name", "is_private"]
	)
	assert len(saved) == 1
	assert saved[0].is_private
	assert saved[0].file_name.endswith(".png")
	error = frappe.db.get_value("Inbound Event", event, "error")
	assert error.splitlines() == [
		"attachment virus.png: type",
		"attachment page.html: type",
		"attachment b.png: unreadable",
	]


# -- whose turn ------------------------------------------------------------------------------------


@pytest.mark.requirement("R60")
def test_round_robin_goes_round_and_passes_over_the_absent():
	people = [make_staff(name, MANAGER) for name in ("anna", "boris", "vera")]
	rows = [{"user": person} for person in people]
	channel = make_channel(distribution="Round Robin", round_robin_users=rows)
	assert [assign_responsible(channel) for _ in range(6)] == people * 2
	frappe.db.set_value("User", people[1], "enabled", 0)
	frappe.clear_document_cache("User", people[1])
	assert {assign_responsible(channel) for _ in range(4)} == {people[0], people[2]}


@pytest.mark.requirement("R60")
def test_parallel_events_are_shared_out_fairly(committed):
	people = [make_staff(name, MANAGER) for name in ("anna", "boris", "vera")]
	channel = make_channel(
		distribution="Round Robin", round_robin_users=[{"user": person} for person in people]
	).name
	events = [stored(channel, phone=free_phone()) for _ in range(9)]
	frappe.db.commit()
	in_parallel(events)
	given = frappe.get_all("Auto Deal", {"ad_channel": channel}, ["responsible", "stage"])
	assert {person: sum(row.responsible == person for row in given) for person in people} == dict.fromkeys(
		people, 3
	)
	assert {row.stage for row in given} == {"Unsorted"}


def test_one_person_answers():
	anna = make_staff("anna", MANAGER)
	channel = make_channel(distribution="One Person", default_responsible=anna)
	assert assign_responsible(channel) == anna
	assert process(stored(channel.name, phone=free_phone()))["deal"]


# -- tokens ----------------------------------------------------------------------------------------


def test_a_token_is_shown_once_and_kept_as_a_hash(api, user_with):
	channel = make_channel().name
	boss = api(user_with("Dealer Administrator"))
	token = boss.call("auto_dealer.channels.api.new_token", channel=channel).json()["message"]["token"]
	frappe.db.rollback()
	doc = frappe.get_doc("Ad Channel", channel)
	assert token not in doc.as_json()
	assert len(doc.token_hash) == 64
	assert doc.token_hint == f"…{token[-4:]}"
	assert find_channel(token) == channel
	second = boss.call("auto_dealer.channels.api.new_token", channel=channel).json()["message"]["token"]
	frappe.db.rollback()
	assert find_channel(token) is None
	assert find_channel(second) == channel


def test_a_token_is_not_set_by_hand(api, user_with):
	channel = make_channel().name
	token = make_token(channel)
	boss = api(user_with("Dealer Administrator"))
	answer = boss.put(f"/api/resource/Ad Channel/{channel}", json={"token_hash": "0" * 64, "address": "x"})
	assert answer.status_code == 200, answer.text
	frappe.db.rollback()
	assert find_channel(token) == channel
	refused = api(user_with(MANAGER)).call("auto_dealer.channels.api.new_token", channel=channel)
	assert refused.status_code == 403


# -- nothing is lost -------------------------------------------------------------------------------


def make_old(event: str) -> None:
	frappe.db.set_value("Inbound Event", event, "received_at", frappe.utils.add_to_date(None, minutes=-10))


def wait_until_blocked(seconds: float = 30) -> None:
	"""Another connection waits for a lock of ours: the worker is in the middle of the job."""
	deadline = time.monotonic() + seconds
	while time.monotonic() < deadline:
		waiting = frappe.db.sql(
			"""select count(*) from information_schema.processlist where db = database() and id != connection_id()
			and info like '%%Inbound Event%%for update%%'"""
		)
		if waiting[0][0]:
			return
		time.sleep(0.2)
	raise AssertionError("the worker did not come to the lock")


@pytest.mark.requirement("R123")
def test_a_killed_worker_loses_nothing(door, jobs):
	event = door.send(form(phone=free_phone())).json()["event"]
	worker = jobs.start_worker()  # commits, so the row is locked again
	frappe.db.sql("select name from `tabInbound Event` where name = %s for update", event)
	wait_until_blocked()
	jobs.live.end(worker, signal.SIGKILL)
	assert event_of(event).status == "Received"
	make_old(event)
	frappe.db.commit()
	tasks.process_waiting_events()
	assert event_of(event).status == "Processed"
	assert frappe.db.count("Auto Lead", {"inbound_event": event}) == 1


def test_waiting_events_are_found(committed):
	channel = make_channel().name
	old, fresh = stored(channel, phone=free_phone()), stored(channel, phone=free_phone())
	make_old(old)
	frappe.db.commit()
	tasks.process_waiting_events()
	assert event_of(old).status == "Processed"
	assert event_of(fresh).status == "Received"


def test_without_redis_the_event_is_stored_and_answered(door, http, live):
	session = http()
	live.end(live.redis_process, signal.SIGKILL)
	try:
		answer = door.send(form(phone=free_phone()), session=session)
	finally:
		live.start_redis()
	assert answer.status_code == 200, answer.text[:500]
	event = answer.json()["event"]
	make_old(event_of(event).name)
	frappe.db.commit()
	tasks.process_waiting_events()
	assert event_of(event).status == "Processed"


@pytest.mark.requirement("R123")
def test_a_failed_event_is_run_again_with_a_corrected_payload(door, jobs, api, user_with):
	body = b'{"kind": "fax", "external_id": "7", "phone": "+79031112233"}'
	event = door.send(data=body, headers={"Content-Type": "application/json"}).json()["event"]
	admin = api(user_with("Dealer Administrator"))

	def run_again(session=admin, **values):
		return session.call("auto_dealer.channels.api.reprocess", event=event, **values)

	assert run_again(api(user_with(MANAGER))).status_code == 403
	assert run_again(payload="{").status_code == run_again(payload="{}").status_code == 417
	assert run_again().status_code == 200
	jobs.work_off()
	assert event_of(event).status == "Failed"
	corrected = json.dumps({**json.loads(body), "kind": "web_form", "name": "Иван"})
	assert run_again(payload=corrected).status_code == 200
	jobs.work_off()
	done = event_of(event)
	assert (done.status, done.kind, done.external_id) == ("Processed", "web_form", "7")
	assert done.payload == body.decode(), "the raw payload stays as it came"
	assert run_again().status_code == 417, "what is processed is not run again"


def test_an_event_is_not_edited(api, user_with):
	event = stored(make_channel().name)
	answer = api(user_with("Dealer Administrator")).put(
		f"/api/resource/Inbound Event/{event}", json={"payload": "{}"}
	)
	assert answer.status_code == 417


def test_old_events_go_and_leads_stay(committed):
	channel = make_channel().name
	old, waiting = stored(channel, phone=free_phone()), stored(channel, phone=free_phone())
	lead = process(old)["lead"]
	for event in (old, waiting):
		frappe.db.set_value("Inbound Event", event, "received_at", "2001-01-01")
	frappe.db.commit()
	tasks.delete_old_events()
	frappe.db.rollback()
	assert not frappe.db.exists("Inbound Event", old)
	assert frappe.db.exists("Inbound Event", waiting), "what nobody has processed is never deleted"
	assert frappe.db.get_value("Auto Lead", lead, "inbound_event") is None
