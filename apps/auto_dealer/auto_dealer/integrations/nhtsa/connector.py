"""NHTSA vPIC as a service of data by VIN (https://vpic.nhtsa.dot.gov/api/): free, without a key, North American cars."""

from __future__ import annotations

from urllib.parse import quote

import frappe

from auto_dealer.appraisal.vin_services.interface import VinData
from auto_dealer.integrations.http_api.client import HttpClient
from auto_dealer.integrations.nhtsa.read_reply import read_reply

SERVICE = "NHTSA vPIC"
ADDRESS = "https://vpic.nhtsa.dot.gov"


class NhtsaConnector:
	def __init__(self) -> None:
		self.settings = frappe.get_cached_doc("Appraisal Settings")

	def is_ready(self) -> bool:
		return bool(self.settings.nhtsa_enabled)

	def look_up(self, vin: str, known: dict) -> VinData | None:
		client = HttpClient(SERVICE, self.settings.nhtsa_url or ADDRESS, self.settings.timeout)
		return read_reply(
			client.get(f"/api/vehicles/DecodeVinValues/{quote(vin)}", params={"format": "json"})
		)
