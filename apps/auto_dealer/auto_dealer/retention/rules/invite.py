"""Whether a car's owner is invited now, and if not, why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

WAITING, INVITED, BOOKED, STOPPED, NO_DATA = "Waiting", "Invited", "Booked", "Stopped", "No Data"
# Whose cars are a client's: those sold here belong to their buyers.
CLIENTS = ("Client", "Sold")


@dataclass(frozen=True)
class CarState:
	"""A car as far as an invitation goes. `is_stopped`: somebody has said so."""

	ownership: str
	has_owner: bool
	is_stopped: bool = False
	has_booking: bool = False
	has_open_deal: bool = False
	due_on: date | None = None


def status_of(car: CarState) -> str:
	"""What the plan says; a sold car and one without an owner have none to invite."""
	if car.is_stopped or car.ownership not in CLIENTS or not car.has_owner:
		return STOPPED
	if car.has_booking:
		return BOOKED
	if car.has_open_deal:
		return INVITED
	return WAITING if car.due_on else NO_DATA


def is_due(status: str, due_on: date | None, today: date, days_before: int, most_overdue: int) -> bool:
	"""Whether a deal is to be made today. `most_overdue`: days after which nobody is invited any more, 0 for no limit."""
	if status != WAITING or not due_on or due_on - timedelta(days=days_before) > today:
		return False
	return not most_overdue or today - due_on <= timedelta(days=most_overdue)


def cycle_key(vehicle: str, last_service: date, next_owner: str | None = None) -> str:
	"""One maintenance of one car: the deal's unique key. `next_owner`: who has bought the car since its deal was made."""
	key = f"maintenance:{vehicle}:{last_service.isoformat()}"
	return f"{key}:{next_owner}"[:140] if next_owner else key


def is_birthday(birth: date, today: date) -> bool:
	"""Who was born on 29 February celebrates on the 28th in other years."""
	if (birth.month, birth.day) == (today.month, today.day):
		return True
	is_leap = today.year % 4 == 0 and (today.year % 100 != 0 or today.year % 400 == 0)
	return (birth.month, birth.day) == (2, 29) and not is_leap and (today.month, today.day) == (2, 28)
