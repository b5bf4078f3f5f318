"""The rows of Booking Hold: one for each quarter of an hour of a seat that a booking takes.

UNIQUE (resource, cell, seat) is the last line: whatever goes wrong above it, the database keeps no seat twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import frappe
from frappe import _

from auto_dealer.booking.errors import TakenTimeIsNotEdited

MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Hold:
	resource: str
	cell: datetime
	seat: int


def read_own(booking: str) -> list[Hold]:
	"""What the booking has taken, by a locking read: the newest state, whatever was read before."""
	rows = frappe.db.sql(
		"select resource, cell, seat from `tabBooking Hold` where booking = %s for update", booking
	)
	return [Hold(*row) for row in rows]


def add(booking: str, holds: Sequence[Hold]) -> None:
	"""Takes them; raises the database's duplicate error for a seat that is taken."""
	now, user = frappe.utils.now_datetime(), frappe.session.user
	ordered = sorted(holds, key=lambda hold: (hold.resource, hold.cell, hold.seat))
	for start in range(0, len(ordered), MOST_AT_ONCE):
		part = ordered[start : start + MOST_AT_ONCE]
		row = "(%s, %s, %s, %s, %s, %s, %s, %s, %s)"
		values = []
		for hold in part:
			values += [frappe.generate_hash(length=12), now, now, user, user]
			values += [booking, hold.resource, hold.cell, hold.seat]
		frappe.db.sql(
			f"""insert into `tabBooking Hold`
			(name, creation, modified, owner, modified_by, booking, resource, cell, seat)
			values {", ".join([row] * len(part))}""",  # noqa: S608 - placeholders only
			values,
		)


def delete_own(booking: str) -> None:
	"""Frees all that the booking has taken. By primary key, so that no gap between other bookings' rows is locked."""
	names = frappe.db.sql(
		"select name from `tabBooking Hold` where booking = %s for update", booking, pluck=True
	)
	if names:
		frappe.db.sql("delete from `tabBooking Hold` where name in %s", (names,))


def refuse_edit() -> None:
	frappe.throw(_("Taken time is not edited: change the booking itself."), TakenTimeIsNotEdited)


def add_indexes() -> None:
	frappe.db.add_unique("Booking Hold", ["resource", "cell", "seat"], "dealer_taken_once")
	frappe.db.add_index("Booking Hold", ["booking"], "dealer_booking")
