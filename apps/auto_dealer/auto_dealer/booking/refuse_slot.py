"""Refusing a time: why, and when it would be possible."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html, format_datetime, get_datetime

from auto_dealer.booking.demand import Demand, demand_of
from auto_dealer.booking.errors import SlotTaken
from auto_dealer.booking.rules.availability import ResourceTime, free_starts, run

OFFERED = 3


def refuse(
	booking: Document,
	demand: Demand | None = None,
	needs: Sequence[tuple[int, Sequence[ResourceTime]]] = (),
	cell: int = 0,
	required: frozenset[str] = frozenset(),
) -> NoReturn:
	"""Throws `SlotTaken`; the response names the next three free times (`next_slots`)."""
	demand = demand or demand_of(booking, booking.duration_minutes)
	start = get_datetime(booking.start)
	slots = next_slots(demand, start)
	frappe.response["next_slots"] = slots
	parts = [_("{0} is not free.").format(moment_text(start)), *_reasons(demand, needs, cell, required)]
	if slots:
		times = "; ".join(moment_text(slot["start"]) for slot in slots)
		parts.append(_("The next free times: {0}.").format(times))
	else:
		parts.append(_("There is no free time in the days that can be booked."))
	frappe.throw("<br>".join(parts), SlotTaken, title=_("Time Is Taken"))


def next_slots(demand: Demand, start: Any) -> list[dict[str, str]]:
	"""The next free times after a refused one, by the newest state of the database."""
	from auto_dealer.booking.slots import search

	found = search(demand, get_datetime(start), limit=OFFERED, is_fresh=True)
	return [{"start": str(slot.start), "end": str(slot.end)} for slot in found]


def moment_text(moment: Any) -> str:
	"""As the user writes dates, without seconds."""
	return format_datetime(moment, "dd.MM.yyyy HH:mm" if frappe.local.lang == "ru" else "yyyy-MM-dd HH:mm")


def _reasons(demand: Demand, needs, cell: int, required: frozenset[str]) -> list[str]:
	"""Whom exactly it fails on; "" when only the combination is impossible."""
	found = []
	for (_count, resources), (_number, suitable) in zip(needs, demand.needs, strict=False):
		wanted = [time for time in resources if not required or time.name in required] or resources
		if any(free_starts(time, 1, demand.length, demand.buffer, cell + 1) >> cell & 1 for time in wanted):
			continue
		if not suitable:
			found.append(_("Nobody can do this: no active resource of the needed kind and skill."))
			continue
		found.append(_why(wanted, cell, demand))
	return found


def _why(resources: Sequence[ResourceTime], cell: int, demand: Demand) -> str:
	work = run(cell, demand.length)
	at_work = [time for time in resources if time.open & work == work]
	names = escape_html(", ".join(time.name for time in (at_work or resources)[:5]))
	if not at_work:
		return _("Not at work then for the whole time: {0}.").format(names)
	return _("Taken: {0}.").format(names)
