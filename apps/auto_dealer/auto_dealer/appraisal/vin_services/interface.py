"""What a service that knows cars by their VIN is. Register one in the hook `dealer_vin_connectors` of any app:
{"Name of the Service": "path.to.Class"}.

CM Expert and MaxPoster publish no programming interface; whoever has a contract with them gets its description with it
and writes such a class: `look_up` takes the VIN, asks the service and gives `VinData`. Where its address and key are
kept is the connector's affair (`is_ready` says whether they are there); `auto_dealer.integrations.http_api.client`
makes the requests, hides the secrets and keeps the log.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True)
class VinData:
	"""What is known of the car; an unknown value is None.

	`make` and `model` as the service writes them; they are looked up among the dealer's makes by name and alias.
	`fields` by the names of the appraisal: year, body, engine, power, fuel, transmission, drive, color, trim,
	licence_plate, owners_count; selections by their English names. `price` is what such cars cost on the market.
	"""

	make: str | None = None
	model: str | None = None
	fields: dict[str, str | int] = field(default_factory=dict)
	price: Decimal | None = None
	price_from: Decimal | None = None
	price_to: Decimal | None = None
	offers: int | None = None


class VinConnector(Protocol):
	"""One service. Made anew for every question."""

	def is_ready(self) -> bool:
		"""Whether it is switched on and has what it needs; asks nothing of the network."""
		...

	def look_up(self, vin: str, known: dict) -> VinData | None:
		"""None when the service does not know the car. `known`: what the appraisal knows already (mileage, owners).

		May take its time: no lock is held meanwhile. Raises `integrations.http_api.errors.ServiceUnavailable` when it
		should be asked again later, `ServiceRefused` when that is of no use.
		"""
		...
