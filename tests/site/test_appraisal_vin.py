"""Data by VIN: services asked by a job against a fake server on this machine, with its log, failures and retries."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from factories import free_vin, make_appraisal, make_deal, make_staff

import frappe
from frappe.utils import add_to_date, now_datetime

from auto_dealer.appraisal import vin_jobs
from auto_dealer.integrations.autoteka import client as autoteka_client
from auto_dealer.integrations.http_api.client import HttpClient
from auto_dealer.integrations.http_api.errors import ServiceRefused, ServiceUnavailable

APPRAISAL, LOOKUP, LOG = "Vehicle Appraisal", "VIN Lookup", "Integration Request"
F150 = {"Make": "FORD", "Model": "F-150", "ModelYear": "2021", "BodyClass": "Pickup", "EngineHP": "375"}
SECRET = "very-secret-word"


class FakeService(ThreadingHTTPServer):
	"""Answers by path from `replies` (a list is taken from the front); keeps what it was asked in `asked`."""

	daemon_threads = True

	def __init__(self) -> None:
		self.replies: dict[str, object] = {}
		self.asked: list[dict] = []
		super().__init__(("127.0.0.1", 0), FakeHandler)

	@property
	def url(self) -> str:
		return f"http://127.0.0.1:{self.server_address[1]}"

	def paths(self) -> list[str]:
		return [f"{request['method']} {request['path']}" for request in self.asked]


class FakeHandler(BaseHTTPRequestHandler):
	def handle_any(self) -> None:
		path = urlsplit(self.path).path
		body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
		self.server.asked.append(
			{
				"method": self.command,
				"path": path,
				"query": self.path,
				"body": body,
				"headers": dict(self.headers),
			}
		)
		reply = self.server.replies.get(path, (404, {"error": {"code": 404, "message": "no such path"}}))
		if isinstance(reply, list):
			reply = reply.pop(0) if len(reply) > 1 else reply[0]
		status, answer, *headers = reply
		content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
		self.send_response(status)
		for name, value in (headers[0] if headers else {}).items():
			self.send_header(name, value)
		self.send_header("Content-Length", str(len(content)))
		self.end_headers()
		self.wfile.write(content)

	do_GET = do_POST = handle_any

	def log_message(self, *args) -> None:
		pass


@pytest.fixture
def service() -> Iterator[FakeService]:
	server = FakeService()
	thread = threading.Thread(target=server.serve_forever, daemon=True)
	thread.start()
	yield server
	server.shutdown()
	server.server_close()


@pytest.fixture
def nhtsa(service) -> FakeService:
	set_up(nhtsa_enabled=1, nhtsa_url=service.url)
	return service


@pytest.fixture
def autoteka(service, monkeypatch) -> FakeService:
	monkeypatch.setattr(autoteka_client, "PAUSES", (0, 0, 0))
	frappe.cache.delete_keys("auto_dealer:autoteka_token")
	set_up(
		autoteka_enabled=1,
		autoteka_url=service.url,
		autoteka_client_id="dealer",
		autoteka_client_secret=SECRET,
		autoteka_valuation=1,
	)
	service.replies["/token"] = (200, {"access_token": "token-1", "expires_in": 3600, "token_type": "Bearer"})
	return service


@pytest.fixture
def appraiser() -> str:
	return make_staff("vin-igor", "Dealer Appraiser")


@pytest.fixture(autouse=True)
def _fresh_settings():
	frappe.clear_document_cache("Appraisal Settings", "Appraisal Settings")
	yield
	frappe.clear_document_cache("Appraisal Settings", "Appraisal Settings")


def set_up(**values) -> None:
	settings = frappe.get_single("Appraisal Settings")
	settings.update({"nhtsa_enabled": 0, "autoteka_enabled": 0, **values})
	settings.save()


def new_appraisal(appraiser: str, **values):
	deal = make_deal(needs_appraisal=1, appraiser=appraiser)
	appraisal = frappe.get_doc(APPRAISAL, {"deal": deal.name})
	appraisal.update(values)
	return appraisal.save()


def known(service: FakeService, vin: str, **values) -> None:
	service.replies[f"/api/vehicles/DecodeVinValues/{vin}"] = (200, {"Results": [{**F150, **values}]})


def lookup_of(appraisal) -> frappe.model.document.Document:
	return frappe.get_last_doc(LOOKUP, {"appraisal": appraisal.name})


# -- NHTSA -----------------------------------------------------------------------------------------


@pytest.mark.requirement("R101")
def test_a_typed_vin_fills_the_empty_fields(nhtsa, appraiser, queue):
	vin = free_vin()
	known(nhtsa, vin)
	frappe.get_doc({"doctype": "Vehicle Make", "make_name": "Ford"}).insert(ignore_if_duplicate=True)
	if not frappe.db.exists("Vehicle Model", "Ford F-150"):
		frappe.get_doc({"doctype": "Vehicle Model", "make": "Ford", "model_name": "F-150"}).insert()
	appraisal = new_appraisal(appraiser, vin=vin, power=400, color="Синий")
	assert nhtsa.asked == [], "nothing goes over the network within the save"
	frappe.db.after_commit.run()
	assert queue.run_here() > 0
	appraisal.reload()
	assert nhtsa.paths() == [f"GET /api/vehicles/DecodeVinValues/{vin}"]
	assert "format=json" in nhtsa.asked[0]["query"]
	assert (appraisal.make, appraisal.model, appraisal.year, appraisal.body) == (
		"Ford",
		"Ford F-150",
		2021,
		"Pickup",
	)
	assert (appraisal.power, appraisal.color) == (400, "Синий"), "what a person typed stays"
	assert lookup_of(appraisal).status == "Done"
	assert appraisal.last_event == "NHTSA vPIC: data by VIN"


@pytest.mark.requirement("R101")
def test_another_vin_brings_another_car(nhtsa, appraiser):
	first, second = free_vin(), free_vin()
	known(nhtsa, first)
	known(nhtsa, second, ModelYear="2015", BodyClass="", EngineHP="150")
	appraisal = new_appraisal(appraiser, vin=first)
	vin_jobs.look_up(lookup_of(appraisal).name)
	appraisal.reload()
	assert (appraisal.year, appraisal.body, appraisal.power) == (2021, "Pickup", 375)
	appraisal.power = 380
	appraisal.save()
	appraisal.vin = second
	appraisal.save()
	assert (appraisal.year, appraisal.body, appraisal.power) == (None, None, 380), "typed values stay"
	vin_jobs.look_up(frappe.db.get_value(LOOKUP, {"vin": second}))
	appraisal.reload()
	assert (appraisal.year, appraisal.body, appraisal.power) == (2015, None, 380)
	# Back to the first one: its answer is kept, nobody is asked again.
	appraisal.vin = first
	appraisal.save()
	asked = len(nhtsa.asked)
	vin_jobs.look_up(frappe.db.get_value(LOOKUP, {"vin": first}))
	appraisal.reload()
	assert (appraisal.year, len(nhtsa.asked)) == (2021, asked)


@pytest.mark.requirement("R101")
def test_an_answer_for_a_vin_that_was_replaced_meanwhile_is_not_used(nhtsa, appraiser):
	vin = free_vin()
	known(nhtsa, vin)
	appraisal = new_appraisal(appraiser, vin=vin)
	lookup = lookup_of(appraisal)
	row = vin_jobs.claim(lookup.name)
	found = vin_jobs.ask(row)
	appraisal.reload()
	appraisal.vin = free_vin()
	appraisal.save()
	vin_jobs.record_answer(lookup.name, found)
	appraisal.reload()
	assert not appraisal.year
	assert lookup_of(appraisal).vin == appraisal.vin


@pytest.mark.requirement("R101")
def test_an_unknown_car_says_so(nhtsa, appraiser):
	vin = free_vin()
	nhtsa.replies[f"/api/vehicles/DecodeVinValues/{vin}"] = (200, {"Results": [{"Make": "", "Model": ""}]})
	appraisal = new_appraisal(appraiser, vin=vin)
	vin_jobs.look_up(lookup_of(appraisal).name)
	assert lookup_of(appraisal).status == "Not Found"


def test_nobody_is_asked_without_a_service_that_is_switched_on(service, appraiser):
	set_up(nhtsa_url=service.url)
	appraisal = new_appraisal(appraiser, vin=free_vin())
	assert not frappe.db.exists(LOOKUP, {"appraisal": appraisal.name})
	set_up(nhtsa_enabled=1, nhtsa_url=service.url)
	appraisal.color = "Белый"
	appraisal.save()
	assert not frappe.db.exists(LOOKUP, {"appraisal": appraisal.name}), "only a new VIN asks"


# -- failures --------------------------------------------------------------------------------------


@pytest.mark.requirement("R101")
@pytest.mark.parametrize(
	("reply", "text"),
	[
		((500, {"error": "x"}), "HTTP 500"),
		((429, {}, {"Retry-After": "900"}), "HTTP 429"),
		((200, b"<html>"), "something else than JSON"),
	],
)
def test_a_failed_question_is_asked_again(nhtsa, appraiser, reply, text):
	vin = free_vin()
	path = f"/api/vehicles/DecodeVinValues/{vin}"
	nhtsa.replies[path] = reply
	appraisal = new_appraisal(appraiser, vin=vin)
	name = lookup_of(appraisal).name
	vin_jobs.look_up(name)
	lookup = frappe.get_doc(LOOKUP, name)
	assert (lookup.status, lookup.attempts) == ("Failed", 1)
	assert text in lookup.error
	minutes = (lookup.next_try_at - now_datetime()).total_seconds() / 60
	assert minutes == pytest.approx(15 if reply[0] == 429 else 1, abs=0.2)
	known(nhtsa, vin)
	vin_jobs.retry_due()
	assert frappe.db.get_value(LOOKUP, name, "status") == "Failed", "its time has not come"
	frappe.db.set_value(LOOKUP, name, "next_try_at", add_to_date(now_datetime(), minutes=-1))
	vin_jobs.retry_due()
	lookup.reload()
	assert (lookup.status, lookup.attempts, lookup.error) == ("Done", 2, None)


@pytest.mark.requirement("R101")
def test_a_service_that_cannot_be_reached_or_refuses(service, appraiser):
	set_up(nhtsa_enabled=1, nhtsa_url="http://127.0.0.1:9")
	appraisal = new_appraisal(appraiser, vin=free_vin())
	name = lookup_of(appraisal).name
	vin_jobs.look_up(name)
	lookup = frappe.get_doc(LOOKUP, name)
	assert "cannot be reached" in lookup.error
	assert lookup.next_try_at
	set_up(nhtsa_enabled=1, nhtsa_url=service.url)
	vin_jobs.look_up(name)
	lookup.reload()
	assert "HTTP 404" in lookup.error
	assert lookup.next_try_at is None, "a refusal is not repeated"


def test_a_worker_that_died_is_replaced_and_a_busy_one_is_not(nhtsa, appraiser):
	vin = free_vin()
	known(nhtsa, vin)
	appraisal = new_appraisal(appraiser, vin=vin)
	name = lookup_of(appraisal).name
	assert vin_jobs.claim(name)
	vin_jobs.look_up(name)
	assert nhtsa.asked == [], "another worker asks at this moment"
	frappe.db.set_value(LOOKUP, name, "asked_at", add_to_date(now_datetime(), minutes=-16))
	vin_jobs.retry_due()
	assert frappe.db.get_value(LOOKUP, name, "status") == "Done"


def test_redirects_are_not_followed_and_too_much_is_refused(service):
	client = HttpClient("Test", service.url)
	service.replies["/away"] = (302, {}, {"Location": f"{service.url}/other"})
	with pytest.raises(ServiceRefused, match="HTTP 302"):
		client.get("/away")
	service.replies["/big"] = (200, b"[" + b"1," * 3_000_000 + b"1]")
	with pytest.raises(ServiceUnavailable, match="too much"):
		client.get("/big")
	assert "GET /other" not in service.paths()
	with pytest.raises(ServiceRefused):
		HttpClient("Test", "file:///etc")


# -- Autoteka --------------------------------------------------------------------------------------


def autoteka_knows(service: FakeService) -> None:
	preview = {"previewId": 77, "status": "success", "regNumber": "А123АА77"}
	preview["data"] = {"brand": "Toyota", "model": "Camry", "year": 2019}
	waiting = {"previewId": 77, "status": "processing"}
	specification = {"specificationId": 5, "status": "success"}
	specification["data"] = {
		"generation": {"label": "XV70"},
		"modification": {"label": "2.5 AT"},
		"bodyType": {"label": "Седан"},
	}
	valuation = {"avgPriceWithCondition": 2_100_000, "itemsCount": 30}
	valuation["marketNormalPriceRange"] = {"min": 1_900_000, "max": 2_300_000}
	service.replies |= {
		"/autoteka/v1/previews": (200, {"result": {"preview": {"previewId": 77}}}),
		"/autoteka/v1/previews/77": [
			(200, {"result": {"preview": waiting}}),
			(200, {"result": {"preview": preview}}),
		],
		"/autoteka/v1/specifications/by-vehicle-id": (
			200,
			{"result": {"specification": {"specificationId": 5}}},
		),
		"/autoteka/v1/specifications/specification/5": (200, {"result": {"specification": specification}}),
		"/autoteka/v1/valuation/by-specification": (
			200,
			{"result": {"status": "success", "valuation": valuation}},
		),
	}


@pytest.mark.requirement("R101")
def test_autoteka_gives_car_and_price_and_the_log_holds_no_secret(autoteka, appraiser):
	autoteka_knows(autoteka)
	appraisal = new_appraisal(appraiser, vin=free_vin(), mileage=77_000)
	vin_jobs.look_up(lookup_of(appraisal).name)
	appraisal.reload()
	assert lookup_of(appraisal).status == "Done", lookup_of(appraisal).error
	assert (appraisal.model, appraisal.year, appraisal.body, appraisal.trim) == (
		"Toyota Camry",
		2019,
		"Sedan",
		"2.5 AT",
	)
	assert (appraisal.service_price, appraisal.service_price_from, appraisal.service_price_to) == (
		2_100_000,
		1_900_000,
		2_300_000,
	)
	assert (appraisal.service_offers, appraisal.service_name) == (30, "Autoteka")
	form = parse_qs(autoteka.asked[0]["body"])
	assert (form["grant_type"], form["client_secret"]) == (["client_credentials"], [SECRET])
	assert all(
		request["headers"]["Authorization"] == "Bearer token-1"
		for request in autoteka.asked
		if request["path"] != "/token"
	)
	question = json.loads(autoteka.asked[-1]["body"])
	assert question["mileage"] == 77_000
	assert autoteka.paths().count("GET /autoteka/v1/previews/77") == 2, "asked until it is ready"
	rows = frappe.get_all(LOG, {"integration_request_service": "Autoteka"}, ["*"])
	assert len(rows) == len(autoteka.asked) == 7
	logged = json.dumps(rows, default=str)
	assert SECRET not in logged
	assert "token-1" not in logged
	assert {row.status for row in rows} == {"Completed"}


@pytest.mark.requirement("R101")
def test_autoteka_s_token_is_kept_and_renewed(autoteka, appraiser):
	autoteka_knows(autoteka)
	vin_jobs.look_up(lookup_of(new_appraisal(appraiser, vin=free_vin())).name)
	vin_jobs.look_up(lookup_of(new_appraisal(appraiser, vin=free_vin())).name)
	assert autoteka.paths().count("POST /token") == 1
	autoteka.replies["/token"] = (200, {"access_token": "token-2", "expires_in": 3600})
	preview = autoteka.replies["/autoteka/v1/previews"]
	autoteka.replies["/autoteka/v1/previews"] = [(401, {"error": {"message": "expired"}}), preview]
	appraisal = new_appraisal(appraiser, vin=free_vin())
	vin_jobs.look_up(lookup_of(appraisal).name)
	assert lookup_of(appraisal).status == "Done"
	assert autoteka.asked[-1]["headers"]["Authorization"] == "Bearer token-2"


def test_autoteka_without_the_second_contract_still_names_the_car(autoteka, appraiser):
	autoteka_knows(autoteka)
	autoteka.replies["/autoteka/v1/specifications/by-vehicle-id"] = (
		403,
		{"error": {"message": "no contract"}},
	)
	appraisal = new_appraisal(appraiser, vin=free_vin())
	vin_jobs.look_up(lookup_of(appraisal).name)
	appraisal.reload()
	assert (appraisal.model, appraisal.service_price) == ("Toyota Camry", 0)


def test_what_a_selection_does_not_have_is_left_out(appraiser):
	appraisal = make_appraisal(appraiser)
	assert vin_jobs.checked({"body": "Spaceship", "fuel": "Diesel", "nothing": 1}, appraisal) == {
		"fuel": "Diesel"
	}
