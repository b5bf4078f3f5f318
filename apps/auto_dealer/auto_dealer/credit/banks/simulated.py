"""A bank that answers by itself: for training, the demo and tests. No data leaves the system."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from auto_dealer.credit.banks.interface import APPROVED, REFUSED, Answer, BankUnavailable, Pack

VALID_DAYS = 30
USUAL_RATE = Decimal("18.5")


class SimulatedConnector:
	def __init__(self, bank) -> None:
		self.bank = bank

	def send(self, pack: Pack) -> Answer:
		"""As the bank's field "Simulated Answer" says; by the debt burden: approved up to 50 %."""
		outcome = self.bank.simulated_outcome or "By Debt Burden"
		if outcome == "Fail":
			raise BankUnavailable("the simulated bank is out of order")
		burden = Decimal(str(pack.data["debt_burden"] or 0))
		if outcome == "Refuse" or (outcome == "By Debt Burden" and burden > 50):
			return Answer(REFUSED, external_id=f"SIM-{pack.key}")
		return Answer(
			APPROVED,
			rate=Decimal(str(self.bank.rate)) if self.bank.rate else USUAL_RATE,
			term_months=pack.data["term_months"],
			approved_sum=Decimal(str(pack.data["credit_sum"])),
			valid_until=date.fromisoformat(pack.data["date"]) + timedelta(days=VALID_DAYS),
			external_id=f"SIM-{pack.key}",
		)
