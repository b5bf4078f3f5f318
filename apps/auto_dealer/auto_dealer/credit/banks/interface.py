"""What a connector to a bank is: it takes a pack and gives the bank's answer. Register one in the hook
`dealer_bank_connectors` of any app: {"Name as in Lending Bank.connector": "path.to.Class"}."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

SENT, APPROVED, REFUSED = "Sent", "Approved", "Refused"


class BankUnavailable(Exception):
	"""The bank could not be reached or did not take the pack; it is tried again later. The text is shown to staff."""


@dataclass(frozen=True)
class Pack:
	"""An application as it goes to a bank. `key` stays the same in every try, so that a bank can tell a repetition."""

	key: str
	application: str
	data: dict = field(repr=False)
	files: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Answer:
	"""What the bank says at once; `Sent`: it will decide later. Unknown values are None."""

	status: str = SENT
	rate: Decimal | None = None
	term_months: int | None = None
	approved_sum: Decimal | None = None
	monthly_payment: Decimal | None = None
	valid_until: date | None = None
	external_id: str | None = None
	comment: str | None = None


class BankConnector(Protocol):
	"""Made for one Lending Bank. `send` may take its time: no lock is held meanwhile."""

	def __init__(self, bank) -> None: ...

	def send(self, pack: Pack) -> Answer:
		"""Raises `BankUnavailable` when it should be tried again."""
		...
