"""Companies by tax number from DaData (https://dadata.ru/api/find-party/); the key is in Dealer Settings."""

from __future__ import annotations

import frappe

from auto_dealer.integrations.dadata.read_reply import read_companies
from auto_dealer.integrations.http_api.client import HttpClient

SERVICE = "DaData"
ADDRESS = "https://suggestions.dadata.ru"
PATH = "/suggestions/api/4_1/rs/findById/party"
TIMEOUT = 8
MOST = 10


def is_ready() -> bool:
	return bool(_key())


def find_companies(inn: str) -> list[dict]:
	"""As `read_companies`. Raises ServiceUnavailable or ServiceRefused of `http_api`."""
	key = _key()
	address = frappe.db.get_single_value("Dealer Settings", "dadata_url") or ADDRESS
	client = HttpClient(SERVICE, address, TIMEOUT, secrets=[key])
	headers = {"Authorization": f"Token {key}", "Accept": "application/json"}
	return read_companies(client.post(PATH, json={"query": inn, "count": MOST}, headers=headers))


def _key() -> str:
	settings = frappe.get_cached_doc("Dealer Settings")
	return settings.get_password("dadata_key", raise_exception=False) or ""
