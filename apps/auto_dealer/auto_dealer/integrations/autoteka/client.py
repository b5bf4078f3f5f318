"""The calls of Autoteka's interface (pro.autoteka.ru) that an appraisal needs."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from typing import Any

import frappe
from frappe import _

from auto_dealer.integrations.autoteka.read_reply import PROCESSING, preview_of, specification_of
from auto_dealer.integrations.http_api.client import HttpClient
from auto_dealer.integrations.http_api.errors import ServiceRefused, ServiceUnavailable

SERVICE = "Autoteka"
ADDRESS = "https://pro.autoteka.ru"
PREFIX = "/autoteka/v1"
# Seconds between the looks at something that is being prepared; about half a minute together.
PAUSES = (1, 2, 3, 5, 8, 13)
UNAUTHORISED = 401
EARLY = 60


class AutotekaClient:
	"""`wait` is called with the seconds of a pause; a test hands in one that does not sleep."""

	def __init__(
		self,
		base_url: str,
		client_id: str,
		client_secret: str,
		timeout: int = 20,
		wait: Callable[[float], None] = time.sleep,
	):
		self.id, self.secret, self.wait = client_id, client_secret, wait
		self.base_url = base_url or ADDRESS
		self.http = HttpClient(SERVICE, self.base_url, timeout, secrets=[client_secret])
		# Apart from the secret itself, so that a changed one gets a new token.
		key = hashlib.sha256(f"{self.base_url}:{client_id}:{client_secret}".encode()).hexdigest()[:20]
		self.cache_key = f"auto_dealer:autoteka_token:{key}"

	def preview(self, vin: str) -> Mapping:
		"""Waits until the preview is there."""
		made = preview_of(self.call("POST", "/previews", json={"vin": vin}))
		return self._ready(f"/previews/{needed(made, 'previewId')}", preview_of)

	def specification(self, vin: str) -> Mapping:
		made = specification_of(self.call("POST", "/specifications/by-vehicle-id", json={"vehicleId": vin}))
		path = f"/specifications/specification/{needed(made, 'specificationId')}"
		return self._ready(path, specification_of)

	def valuation(self, question: dict) -> Mapping:
		return self.call("POST", "/valuation/by-specification", json=question)

	def call(self, method: str, path: str, **arguments: Any) -> Mapping:
		"""With a token; one that has expired early is fetched anew, once."""
		try:
			return self._call(method, path, self.token(), **arguments)
		except ServiceRefused as error:
			if error.status != UNAUTHORISED:
				raise
		frappe.cache.delete_value(self.cache_key)
		return self._call(method, path, self.token(), **arguments)

	def _call(self, method: str, path: str, token: str, **arguments: Any) -> Mapping:
		headers = {"Authorization": f"Bearer {token}"}
		answer = self.http.request(method, PREFIX + path, headers=headers, **arguments)
		return answer if isinstance(answer, Mapping) else {}

	def token(self) -> str:
		"""Of the client's credentials; kept until shortly before it expires."""
		if token := frappe.cache.get_value(self.cache_key, expires=True):
			return token
		form = {
			"grant_type": "client_credentials",
			"client_id": self.id,
			"client_secret": self.secret,
		}
		answer = self.http.post("/token", data=form)
		token = str(needed(answer, "access_token"))
		lives = int(answer.get("expires_in") or 0) - EARLY
		if lives > 0:
			frappe.cache.set_value(self.cache_key, token, expires_in_sec=lives)
		return token

	def _ready(self, path: str, part: Callable[[Mapping], Mapping]) -> Mapping:
		for pause in (*PAUSES, 0):
			found = part(self.call("GET", path))
			if found.get("status") != PROCESSING:
				return found
			if pause:
				self.wait(pause)
		raise ServiceUnavailable(_("Autoteka is still working on it."))


def needed(answer: Mapping, name: str) -> Any:
	if value := answer.get(name):
		return value
	raise ServiceUnavailable(_("Autoteka answers without {0}.").format(name))
