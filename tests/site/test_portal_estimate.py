"""/estimate over HTTP as a guest: photos, the form, the deal; limits, traps and what a stranger does not learn."""

from __future__ import annotations

import io
import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest
from factories import free_phone, make_staff
from PIL import Image

import frappe

from auto_dealer.portal.api import MOST_SENDINGS, MOST_UPLOADS
from auto_dealer.portal.estimate_photos import hand_over
from auto_dealer.portal.rules.link_token import hash_token
from auto_dealer.portal.rules.photo import LARGEST_PHOTO, MOST_PHOTOS
from auto_dealer.portal.tasks import delete_old_drafts
from auto_dealer.robots.tasks import every_minute
from auto_dealer.setup.portal import CHANNEL

API = "/api/method/auto_dealer.portal.api."
CAMERA, GPS = 0x0110, 0x8825


def photo(colour: str = "red", kind: str = "JPEG") -> bytes:
	exif = Image.Exif()
	exif[CAMERA] = "Secret Camera 3000"
	exif.get_ifd(GPS)[2] = (55.0, 45.0, 7.0)
	buffer = io.BytesIO()
	Image.new("RGB", (320, 240), colour).save(buffer, kind, exif=exif)
	return buffer.getvalue()


def new_secret() -> str:
	return secrets.token_urlsafe(32)


def put(guest, secret: str, key: str, content: bytes, name: str = "damage.jpg"):
	return guest.post(
		f"{API}put_estimate_photo", data={"secret": secret, "key": key}, files={"photo": (name, content)}
	)


def form(secret: str, **values) -> dict:
	return {
		"secret": secret,
		"client_name": "Ирина Ветрова",
		"phone": free_phone(),
		"car": "Kia Rio, 2019",
		"plate_or_vin": "А123ВС777",
		"description": "Поцарапан задний бампер",
		"consent": 1,
		**values,
	}


@pytest.fixture
def guest(http):
	"""A guest of an address of his own, so that tests do not share a limit."""
	session = http()
	session.headers["X-Forwarded-For"] = ".".join(str(secrets.randbelow(250) + 1) for _part in range(4))
	return session


def drafts(**filters) -> list:
	frappe.db.rollback()
	return frappe.get_all(
		"Estimate Draft", filters, ["name", "status", "photo_count", "inbound_event", "deal"]
	)


# -- the whole way ---------------------------------------------------------------------------------


@pytest.mark.requirement("R68", "R131")
def test_photos_and_a_form_become_a_deal_in_the_inspection(guest, jobs):
	secret = new_secret()
	for number, colour in enumerate(("red", "green", "blue")):
		answer = put(guest, secret, f"photo000{number}", photo(colour))
		assert answer.status_code == 200, answer.text
		assert answer.json()["message"]["thumbnail"].startswith("data:image/jpeg;base64,")
	answer = guest.call("auto_dealer.portal.api.send_estimate", **form(secret))
	assert (answer.status_code, answer.json()["message"]) == (200, {"ok": True}), answer.text
	jobs.work_off()
	(draft,) = drafts()
	event = frappe.get_doc("Inbound Event", draft.inbound_event)
	assert (event.status, event.channel, bool(event.error)) == ("Processed", CHANNEL["channel_name"], False)
	deal = frappe.get_doc("Auto Deal", event.deal)
	assert (draft.status, draft.deal, deal.pipeline) == ("Sent", deal.name, "Body Repair")
	lead = frappe.get_doc("Auto Lead", event.lead)
	assert lead.client_name == "Ирина Ветрова"
	assert "Kia Rio, 2019, А123ВС777\nПоцарапан задний бампер" in lead.interest_text
	files = frappe.get_all(
		"File",
		{"attached_to_doctype": "Auto Deal", "attached_to_name": deal.name},
		["name", "file_url", "is_private"],
	)
	assert [file.is_private for file in files] == [1, 1, 1]
	for file in files:
		content = frappe.get_doc("File", file.name).get_content()
		assert content.startswith(b"\xff\xd8\xff")
		assert b"Secret" not in content
		assert b"Exif" not in content
		assert guest.get(file.file_url).status_code == 403
	assert not frappe.db.count("File", {"attached_to_doctype": "Estimate Draft"})
	every_minute()
	assert frappe.db.get_value("Auto Deal", deal.name, "stage") == "Inspection/Photo"
	consent = frappe.db.get_value("Estimate Draft", draft.name, ["consent_at", "consent_ip", "consent_text"])
	assert all(consent)


@pytest.mark.requirement("R131")
def test_what_is_sent_again_is_one_request(guest, http, jobs):
	secret, phone = new_secret(), free_phone()
	for _again in range(2):
		assert put(guest, secret, "photo0001", photo()).json()["message"]["ok"]
	values = form(secret, phone=phone)
	with ThreadPoolExecutor(4) as pool:
		sendings = [
			pool.submit(guest.call, "auto_dealer.portal.api.send_estimate", **values) for _n in range(4)
		]
	answers = [sending.result() for sending in sendings]
	assert [answer.status_code for answer in answers] == [200] * 4, [a.text[-300:] for a in answers]
	jobs.work_off()
	(draft,) = drafts()
	assert (draft.photo_count, draft.status) == (1, "Sent")
	assert frappe.db.count("Inbound Event", {"external_id": f"estimate-{draft.name}"}) == 1
	assert put(guest, secret, "photo0002", photo()).json()["message"]["error"] == "sent"
	assert (
		guest.post(f"{API}drop_estimate_photo", json={"secret": secret, "key": "photo0001"}).status_code
		== 422
	)


def test_parallel_photos_of_one_form_are_one_draft(guest, jobs):
	secret = new_secret()
	with ThreadPoolExecutor(6) as pool:
		answers = list(pool.map(lambda n: put(guest, secret, f"photo{n:04}", photo("red")), range(12)))
	codes = sorted(answer.status_code for answer in answers)
	assert codes == [200] * MOST_PHOTOS + [422] * 2, [a.text[-300:] for a in answers if a.status_code >= 500]
	(draft,) = drafts()
	assert draft.photo_count == MOST_PHOTOS
	assert frappe.db.count("File", {"attached_to_name": draft.name}) == MOST_PHOTOS


def test_a_half_sent_form_is_taken_up_again(guest, jobs):
	secret = new_secret()
	put(guest, secret, "photo0001", photo())
	put(guest, secret, "photo0002", photo("blue"))
	guest.post(f"{API}drop_estimate_photo", json={"secret": secret, "key": "photo0001"})
	state = guest.post(f"{API}get_estimate_state", json={"secret": secret}).json()["message"]
	assert state == {"ok": True, "is_sent": False, "photos": ["photo0002"]}
	(draft,) = drafts()
	assert not frappe.get_all("Estimate Draft", {"name": draft.name, "phone": ("is", "set")})


# -- what is refused -------------------------------------------------------------------------------


@pytest.mark.requirement("R131")
def test_errors_stand_beside_their_fields(guest):
	secret = new_secret()
	guest.cookies.set("preferred_language", "ru")
	answer = guest.call("auto_dealer.portal.api.send_estimate", secret=secret, phone="абв")
	assert answer.status_code == 422
	errors = answer.json()["message"]["errors"]
	assert set(errors) == {"client_name", "phone", "car", "description", "photos", "consent"}
	assert "+7" in errors["phone"]
	put(guest, secret, "photo0001", photo())
	answer = guest.call("auto_dealer.portal.api.send_estimate", **form(secret, consent=0))
	assert list(answer.json()["message"]["errors"]) == ["consent"]
	assert not frappe.get_all("Inbound Event")


def test_only_photos_are_taken_whatever_their_names_say(guest):
	secret = new_secret()
	cases = {
		b"<script>alert(1)</script>": (422, "type"),
		b"%PDF-1.4 ": (422, "type"),
		b"\xff\xd8\xff not a photo": (422, "unreadable"),
		b"": (422, "empty"),
	}
	for number, (content, (status, code)) in enumerate(cases.items()):
		answer = put(guest, secret, f"photo000{number}", content)
		assert (answer.status_code, answer.json()["message"]["error"]) == (status, code)
	assert put(guest, secret, "photo0009", photo(kind="PNG"), "script.html").status_code == 200
	for bad in ("short", "../../../etc/x", "A" * 10, ""):
		assert put(guest, secret, bad, photo()).status_code == 400
	frappe.db.rollback()
	names = frappe.get_all("File", {"attached_to_doctype": "Estimate Draft"}, pluck="file_name")
	assert len(names) == 1
	assert names[0].endswith(".jpg")


def test_large_photos_are_refused_by_their_size(guest):
	answer = put(guest, new_secret(), "photo0001", b"\xff\xd8\xff" + b"\0" * LARGEST_PHOTO)
	assert (answer.status_code, answer.json()["message"]["error"]) == (413, "too_large")
	assert put(guest, new_secret(), "photo0001", b"\0" * (26 * 1024 * 1024)).status_code in (413, 417)
	assert drafts() == []


def test_the_trap_catches_machines_and_thanks_them(guest):
	secret = new_secret()
	put(guest, secret, "photo0001", photo())
	answer = guest.call("auto_dealer.portal.api.send_estimate", **form(secret, website="http://spam.example"))
	assert (answer.status_code, answer.json()["message"]) == (200, {"ok": True})
	assert [draft.status for draft in drafts()] == ["Draft"]
	assert not frappe.get_all("Inbound Event")


def test_too_many_requests_of_an_address_are_refused(guest):
	codes = [
		guest.call("auto_dealer.portal.api.send_estimate", secret="x").status_code
		for _n in range(MOST_SENDINGS + 1)
	]
	assert codes == [400] * MOST_SENDINGS + [429]
	codes = [put(guest, "x", "photo0001", b"").status_code for _n in range(MOST_UPLOADS + 1)]
	assert codes == [400] * MOST_UPLOADS + [429]


def test_whoever_has_a_session_needs_its_token(api):
	session = api(make_staff("portal-csrf", "Dealer Sales Manager"))
	session.get("/app")
	page = session.get("/estimate").text
	token = page.split('name="csrf-token" content="')[1].split('"')[0]
	secret = new_secret()
	answer = session.call("auto_dealer.portal.api.get_estimate_state", secret=secret)
	assert answer.status_code == 400
	assert "CSRFTokenError" in answer.text
	session.headers["X-Frappe-CSRF-Token"] = token
	assert session.call("auto_dealer.portal.api.get_estimate_state", secret=secret).status_code == 200


def test_secrets_of_others_cannot_be_told_from_wrong_ones(guest):
	secret = new_secret()
	put(guest, secret, "photo0001", photo())
	(draft,) = drafts()
	state = f"{API}get_estimate_state"
	for wrong in (draft.name, hash_token(secret), "' or 1=1", ""):
		assert guest.post(state, json={"secret": wrong}).status_code == 400
	unknown = guest.post(state, json={"secret": new_secret()}).json()["message"]
	assert unknown == {"ok": True, "is_sent": False, "photos": []}
	for path in (
		"/api/resource/Estimate Draft",
		f"/api/resource/Estimate Draft/{draft.name}",
		"/api/resource/File",
	):
		assert guest.get(path).status_code == 403
	for method in ("put_estimate_photo", "send_estimate", "get_estimate_state", "drop_estimate_photo"):
		assert guest.get(f"{API}{method}", params={"secret": secret}).status_code == 403


# -- the page --------------------------------------------------------------------------------------


@pytest.mark.requirement("R131")
def test_the_page_is_light_and_speaks_two_languages(guest):
	russian = guest.get("/estimate", headers={"Accept-Language": "ru-RU,ru;q=0.9"})
	english = guest.get("/estimate", headers={"Accept-Language": "en-GB"})
	assert (russian.status_code, english.status_code) == (200, 200)
	assert '<html lang="ru">' in russian.text
	assert '<html lang="en">' in english.text
	assert "frappe-web" not in english.text
	assert len(english.content) < 20_000
	assert "script-src 'self'" in english.headers["Content-Security-Policy"]
	chosen = guest.get("/estimate", params={"_lang": "ru"}, headers={"Accept-Language": "en"})
	assert '<html lang="ru">' in chosen.text
	assert '<html lang="ru">' in guest.get("/estimate", headers={"Accept-Language": "en"}).text


def test_a_closed_form_takes_nothing(guest, committed):
	frappe.db.set_single_value("Client Portal Settings", "is_estimate_open", 0)
	frappe.db.commit()
	frappe.clear_document_cache("Client Portal Settings", "Client Portal Settings")
	assert guest.get("/estimate").status_code == 404
	assert put(guest, new_secret(), "photo0001", photo()).json()["message"]["error"] == "closed"


# -- afterwards ------------------------------------------------------------------------------------


def test_unsent_drafts_are_deleted_in_time(guest, jobs):
	old, new = new_secret(), new_secret()
	for secret in (old, new):
		put(guest, secret, "photo0001", photo(secrets.choice(("red", "green"))))
	frappe.db.rollback()
	frappe.db.sql(
		"update `tabEstimate Draft` set modified = modified - interval 31 day where secret_hash = %s",
		hash_token(old),
	)
	delete_old_drafts()
	frappe.db.commit()
	assert not frappe.db.exists("Estimate Draft", {"secret_hash": hash_token(old)})
	assert len(drafts()) == 1
	assert frappe.db.count("File", {"attached_to_doctype": "Estimate Draft"}) == 1


def test_an_event_of_another_origin_takes_no_photos(guest, jobs):
	secret = new_secret()
	put(guest, secret, "photo0001", photo())
	(draft,) = drafts()
	hand_over("another-event", f"estimate-{draft.name}", "Auto Deal", "D-000001")
	assert frappe.db.count("File", {"attached_to_doctype": "Estimate Draft"}) == 1
