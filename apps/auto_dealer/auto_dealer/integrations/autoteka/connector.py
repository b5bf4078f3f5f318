"""Autoteka as a service of data and market prices by VIN; needs a contract, prices a separate one."""

from __future__ import annotations

from dataclasses import replace

import frappe

from auto_dealer.appraisal.vin_services.interface import VinData
from auto_dealer.integrations.autoteka.client import AutotekaClient
from auto_dealer.integrations.autoteka.read_reply import (
	read_preview,
	read_valuation,
	specification_fields,
	valuation_question,
)
from auto_dealer.integrations.http_api.errors import ServiceRefused


class AutotekaConnector:
	def __init__(self) -> None:
		self.settings = frappe.get_cached_doc("Appraisal Settings")

	def is_ready(self) -> bool:
		return bool(self.settings.autoteka_enabled and self.settings.autoteka_client_id)

	def client(self) -> AutotekaClient:
		secret = self.settings.get_password("autoteka_client_secret", raise_exception=False) or ""
		return AutotekaClient(
			self.settings.autoteka_url, self.settings.autoteka_client_id, secret, self.settings.timeout
		)

	def look_up(self, vin: str, known: dict) -> VinData | None:
		"""A preview, free of charge; with the second contract also the specification and the market price.

		A missing second contract is no failure: what the preview says is kept.
		"""
		client = self.client()
		found = read_preview(client.preview(vin))
		if not found or not self.settings.autoteka_valuation:
			return found
		try:
			specification = client.specification(vin)
			found = replace(found, fields={**specification_fields(specification), **found.fields})
			question = valuation_question(specification, found, vin, known)
			return replace(found, **read_valuation(client.valuation(question))) if question else found
		except ServiceRefused:
			return found
