"""The specialist hands the pack over (the bank's site, a messenger, paper) and types the answer in."""

from __future__ import annotations

from auto_dealer.credit.banks.interface import Answer, Pack


class ManualConnector:
	def __init__(self, bank) -> None:
		self.bank = bank

	def send(self, pack: Pack) -> Answer:
		"""Nothing leaves the system: the offer is marked as sent."""
		return Answer()
