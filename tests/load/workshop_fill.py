"""What the workshop's benchmarks need: 40 resources, a service, bookings by the thousand, ERPNext's appointments."""

from __future__ import annotations

from datetime import datetime, time, timedelta

# Ten crews of a mechanic and a lift do the measured service; the others are there to be passed over.
CREWS = 10
RESOURCES = {"Mechanic": 20, "Lift": 10, "Bay": 5, "Diagnostic Stand": 5}
SERVICE, SKILL, CALENDAR = "Bench Service", "Bench Skill", "Bench Calendar"
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Starts of an hour's booking within the calendar's hours; half of the time stays free.
HOURS = (9, 11, 14, 16)
CELLS = 4
PAST_DAYS = 236
DAYS_AHEAD = 14


def make_workshop(frappe) -> None:
	"""Resources, their calendar and the service of an hour that takes a skilled mechanic and a lift."""
	if frappe.db.exists("Service Offering", SERVICE):
		return
	shift = {"start": "08:00:00", "end": "20:00:00", "break_start": "13:00", "break_end": "14:00"}
	_insert(
		frappe,
		"Working Calendar",
		calendar_name=CALENDAR,
		shifts=[{"weekday": day, **shift} for day in WEEK],
	)
	_insert(frappe, "Service Skill", skill_name=SKILL)
	for kind, count in RESOURCES.items():
		for number in range(count):
			skills = [{"skill": SKILL}] if kind == "Mechanic" and number < CREWS else []
			_insert(
				frappe,
				"Service Resource",
				resource_name=name_of(kind, number),
				resource_kind=kind,
				capacity=1,
				working_calendar=CALENDAR,
				skills=skills,
			)
	needs = [{"resource_kind": "Mechanic", "skill": SKILL}, {"resource_kind": "Lift"}]
	_insert(
		frappe,
		"Service Offering",
		offering_name=SERVICE,
		group=frappe.db.get_value("Service Group", {}),
		price_kind="Fixed",
		price=1000,
		duration_minutes=60,
		needs=[{**need, "count": 1} for need in needs],
	)
	frappe.db.commit()


def name_of(kind: str, number: int) -> str:
	return f"Bench {kind} {number}"


def _insert(frappe, doctype: str, **values) -> None:
	frappe.get_doc({"doctype": doctype, **values}).insert()


def places(count: int) -> list[tuple[datetime, int]]:
	"""(start, crew) of the first `count` bookings: the coming two weeks first, then ever further back."""
	today = datetime.combine(datetime.now().date(), time())
	days = [*range(1, DAYS_AHEAD + 1), *range(0, -PAST_DAYS, -1)]
	found = [
		(today + timedelta(days=day, hours=hour), crew)
		for day in days
		for hour in HOURS
		for crew in range(CREWS)
	]
	if count > len(found):
		raise SystemExit(f"there is room for {len(found)} bookings only")
	return found[:count]


def fill_bookings(frappe, count: int, done: int = 0) -> None:
	"""Bookings `done` to `count`, with the holds and the maps that the app itself would have written."""
	from auto_dealer.booking import days, holds
	from auto_dealer.booking.holds import Hold

	maps: dict = {}
	bookings, rows = [], []
	stamp = frappe.utils.now_datetime()
	common = (stamp, stamp, "Administrator", "Administrator")
	for number, (start, crew) in list(enumerate(places(count)))[done:]:
		name, end = f"BB-{number}", start + timedelta(hours=1)
		taken = (name_of("Mechanic", crew), name_of("Lift", crew))
		bookings.append((name, *common, f"Client {number}", start, end, 60, 60, "Confirmed", "Staff"))
		for index, resource in enumerate(taken):
			kind = "Mechanic" if index == 0 else "Lift"
			rows.append(
				(
					*(f"{name}-{index}", *common, name, "Service Booking", "resources", index + 1),
					*(resource, kind, start, end, 1),
				)
			)
			first = start.hour * CELLS
			for cell in range(first, first + CELLS):
				days.change(maps, (resource, start.date()), cell, 0, True)
		origin = days.midnight(start.date())
		holds.add(
			name,
			[
				Hold(resource, origin + timedelta(minutes=15 * cell), 0)
				for resource in taken
				for cell in range(start.hour * CELLS, start.hour * CELLS + CELLS)
			],
		)
	# Days that an earlier call began are completed by whole days: `places` fills a day in one go for round counts.
	known = days.lock(maps)
	for day, seats in maps.items():
		before = known.get(day) or []
		for index, seat in enumerate(before):
			seats[index] |= seat
	days.write(maps)
	stamps = ["name", "creation", "modified", "owner", "modified_by"]
	own = ["client_name", "start", "end", "duration_minutes", "planned_minutes", "status", "source"]
	frappe.db.bulk_insert("Service Booking", [*stamps, *own], bookings, chunk_size=2000)
	child = [
		"parent",
		"parenttype",
		"parentfield",
		"idx",
		"resource",
		"resource_kind",
		"start",
		"end",
		"seat",
	]
	frappe.db.bulk_insert("Service Booking Resource", [*stamps, *child], rows, chunk_size=2000)
	frappe.db.commit()
	for table in ("Service Booking", "Service Booking Resource", "Booking Hold", "Booking Day"):
		frappe.db.sql(f"analyze table `tab{table}`")


def set_up_appointments(frappe) -> None:
	"""ERPNext's own booking of the same hours: one-hour slots, ten agents' worth of them."""
	if not frappe.db.exists("Holiday List", "Bench Holidays"):
		_insert(
			frappe,
			"Holiday List",
			holiday_list_name="Bench Holidays",
			from_date=str(datetime.now().date() - timedelta(days=400)),
			to_date=str(datetime.now().date() + timedelta(days=400)),
			holidays=[{"holiday_date": str(datetime.now().date() + timedelta(days=399)), "description": "x"}],
		)
	settings = frappe.get_single("Appointment Booking Settings")
	settings.update(
		{
			"enable_scheduling": 1,
			"number_of_agents": CREWS,
			"appointment_duration": 60,
			"advance_booking_days": DAYS_AHEAD,
			"holiday_list": "Bench Holidays",
			"agent_list": [{"user": "Administrator"}],
			"availability_of_slots": [
				{"day_of_week": day, "from_time": "08:00:00", "to_time": "20:00:00"} for day in WEEK
			],
		}
	)
	settings.save()
	frappe.db.commit()


def fill_appointments(frappe, count: int, done: int = 0) -> None:
	"""ERPNext's Appointments at the same times as our bookings."""
	stamp = frappe.utils.now_datetime()
	rows = [
		(f"BA-{number}", stamp, stamp, "Administrator", "Administrator", f"Client {number}", start, "Open")
		for number, (start, _crew) in list(enumerate(places(count)))[done:]
	]
	columns = [
		"name",
		"creation",
		"modified",
		"owner",
		"modified_by",
		"customer_name",
		"scheduled_time",
		"status",
	]
	frappe.db.bulk_insert("Appointment", columns, rows, chunk_size=2000)
	frappe.db.commit()
	frappe.db.sql("analyze table `tabAppointment`")
