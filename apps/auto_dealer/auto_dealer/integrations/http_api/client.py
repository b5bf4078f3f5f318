"""Requests to an outer service with JSON answers: a base address that can be changed, a time limit, named errors,
a log without secrets. Never called inside a transaction that holds locks: from jobs, or before a request writes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import requests

from frappe import _

from auto_dealer.integrations.http_api import request_log
from auto_dealer.integrations.http_api.errors import ServiceRefused, ServiceUnavailable
from auto_dealer.integrations.http_api.masking import mask_text, masked_json

MOST_BYTES = 5_000_000
CHUNK = 65_536
TOO_MANY = 429
TIMEOUT_STATUS = 408


class HttpClient:
	"""One service. `secrets`: texts that must not appear in the log or in an error, whatever field they stand in."""

	def __init__(
		self,
		service: str,
		base_url: str,
		timeout: int = 20,
		secrets: Iterable[str] = (),
		reference: tuple[str, str] | None = None,
	):
		if urlsplit(base_url).scheme not in ("http", "https"):
			raise ServiceRefused(_("The address of the service {0} is not one.").format(service))
		self.service, self.base_url, self.timeout = service, base_url.rstrip("/"), timeout or 20
		self.secrets, self.reference = [secret for secret in secrets if secret], reference

	def get(self, path: str, **arguments: Any) -> Any:
		return self.request("GET", path, **arguments)

	def post(self, path: str, **arguments: Any) -> Any:
		return self.request("POST", path, **arguments)

	def request(
		self,
		method: str,
		path: str,
		params: dict | None = None,
		json: Any = None,
		data: Any = None,
		headers: dict | None = None,
	) -> Any:
		"""The parsed JSON of a 2xx answer. Raises ServiceUnavailable or ServiceRefused; every call is logged."""
		what, url = f"{method} {path}", self.base_url + path
		sent = masked_json({"params": params, "body": json if json is not None else data}, self.secrets)
		try:
			answer = self._answer(method, url, params=params, json=json, data=data, headers=headers)
		except (ServiceUnavailable, ServiceRefused) as error:
			self._log(what, url, sent, error=str(error))
			raise
		self._log(what, url, sent, output=masked_json(answer, self.secrets))
		return answer

	def _answer(self, method: str, url: str, **arguments: Any) -> Any:
		status, body, retry_after = self._send(method, url, **arguments)
		if status in (TOO_MANY, TIMEOUT_STATUS) or status >= 500:
			raise ServiceUnavailable(
				_("{0} does not answer now (HTTP {1}).").format(self.service, status), retry_after
			)
		if not 200 <= status < 300:
			detail = mask_text(body.decode(errors="replace")[:200], self.secrets)
			raise ServiceRefused(
				_("{0} refuses (HTTP {1}): {2}").format(self.service, status, detail), status
			)
		try:
			return requests.models.complexjson.loads(body)
		except ValueError:
			raise ServiceUnavailable(
				_("{0} answers with something else than JSON.").format(self.service)
			) from None

	def _send(self, method: str, url: str, **arguments: Any) -> tuple[int, bytes, int]:
		"""(status, body, seconds to wait). No redirects: secrets go to the address that the admin has set, only."""
		try:
			with requests.request(
				method, url, timeout=self.timeout, allow_redirects=False, stream=True, **arguments
			) as response:
				body = b""
				for chunk in response.iter_content(CHUNK):
					body += chunk
					if len(body) > MOST_BYTES:
						raise ServiceUnavailable(_("{0} answers with too much data.").format(self.service))
				return response.status_code, body, seconds(response.headers.get("Retry-After"))
		except requests.Timeout:
			raise ServiceUnavailable(_("{0} does not answer in time.").format(self.service)) from None
		except requests.RequestException as error:
			# Its text holds the whole address with its parameters.
			raise ServiceUnavailable(
				_("{0} cannot be reached ({1}).").format(self.service, type(error).__name__)
			) from None

	def _log(self, what: str, url: str, sent: str, output: str = "", error: str = "") -> None:
		request_log.write(
			self.service, what, mask_text(url, self.secrets), sent, output, error, self.reference
		)


def seconds(retry_after: str | None) -> int:
	"""Of the header Retry-After; a date in it is not read."""
	return int(retry_after) if retry_after and retry_after.isdigit() else 0
