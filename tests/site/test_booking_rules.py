"""Bookings take time of resources: what is offered, what is taken, what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import (
	make_contact,
	make_deal,
	make_labour_norm,
	make_labour_operation,
	make_service_booking,
	make_service_offering,
	make_service_resource,
	make_vehicle,
	next_monday,
)

import frappe
from frappe.utils import add_to_date, get_datetime

from auto_dealer.booking.book import book
from auto_dealer.booking.cancel import cancel
from auto_dealer.booking.change_status import change_status
from auto_dealer.booking.errors import (
	BadTime,
	BookingClosed,
	NotSuitable,
	SlotTaken,
	StatusRefused,
	TakenTimeIsNotEdited,
	UnknownDuration,
)
from auto_dealer.booking.reschedule import replace_resource, reschedule
from auto_dealer.booking.slots import find_slots, next_slot


def holds_of(booking: str) -> list[tuple]:
	return frappe.get_all(
		"Booking Hold",
		{"booking": booking},
		["resource", "cell", "seat"],
		order_by="resource, cell",
		as_list=True,
	)


def assert_whole() -> None:
	"""The maps of the days say what the holds say, and both what the bookings say."""
	maps, held = {}, {}
	for resource, day, taken in frappe.get_all(
		"Booking Day", fields=["resource", "day", "taken"], as_list=True
	):
		for seat, bits in enumerate(int(part, 16) for part in taken.split(",") if part):
			for cell in range(96):
				if bits >> cell & 1:
					moment = get_datetime(day) + timedelta(minutes=15 * cell)
					maps[resource, moment, seat] = 1
	for resource, cell, seat, booking in frappe.get_all(
		"Booking Hold", fields=["resource", "cell", "seat", "booking"], as_list=True
	):
		assert (resource, cell, seat) not in held
		held[resource, cell, seat] = booking
	assert set(held) == set(maps)
	wanted = set()
	for booking in frappe.get_all(
		"Service Booking",
		{"status": ("not in", ("Cancelled", "No-show"))},
		["name", "start", "duration_minutes", "buffer_minutes"],
	):
		cells = -(-(booking.duration_minutes + booking.buffer_minutes) // 15)
		for resource in frappe.get_all(
			"Service Booking Resource", {"parent": booking.name}, pluck="resource"
		):
			wanted |= {
				(resource, booking.start + timedelta(minutes=15 * cell), booking.name)
				for cell in range(cells)
			}
	assert {(resource, cell, booking) for (resource, cell, _seat), booking in held.items()} == wanted


class Garage:
	"""Two mechanics who know maintenance, one who knows bodies too, one lift."""

	def __init__(self):
		self.anna = make_service_resource("Anna", ["Maintenance"]).name
		self.boris = make_service_resource("Boris", ["Maintenance", "Body"]).name
		self.lift = make_service_resource("Lift", resource_kind="Lift").name
		self.service = make_service_offering("TO-1", [("Mechanic", "Maintenance"), "Lift"]).name
		self.check = make_service_offering("Check", [("Mechanic", "Maintenance")]).name
		self.body = make_service_offering("Body", [("Mechanic", "Body")], duration_minutes=120).name


@pytest.fixture(autouse=True)
def no_other_resources() -> None:
	"""What a site has of its own would serve as well, and its bookings would be counted."""
	frappe.db.sql("update `tabService Resource` set is_active = 0")
	for table in ("Service Booking", "Booking Hold", "Booking Day"):
		frappe.db.delete(table)


@pytest.fixture
def garage() -> Garage:
	return Garage()


# -- what is taken ---------------------------------------------------------------------------------


@pytest.mark.requirement("R201", "R207")
def test_a_booking_takes_every_resource_for_the_whole_length(garage: Garage):
	booking = make_service_booking(garage.service)
	assert booking.name.startswith("B-")
	assert booking.status == "Confirmed"
	assert booking.end == booking.start + timedelta(hours=1)
	assert {row.resource_kind for row in booking.resources} == {"Mechanic", "Lift"}
	rows = holds_of(booking.name)
	assert len(rows) == 8
	assert {cell for _resource, cell, _seat in rows} == {
		booking.start + timedelta(minutes=15 * i) for i in range(4)
	}
	assert frappe.get_doc("Service Booking", booking.name).price == 1000
	assert_whole()


@pytest.mark.requirement("R202")
def test_the_number_of_mechanics_of_a_service_is_the_limit(garage: Garage):
	taken = {make_service_booking(garage.check).resources[0].resource for _ in range(2)}
	assert taken == {garage.anna, garage.boris}
	with pytest.raises(SlotTaken):
		make_service_booking(garage.check)
	with pytest.raises(SlotTaken):
		make_service_booking(garage.body)
	assert_whole()


@pytest.mark.requirement("R202")
def test_the_one_with_the_rare_skill_is_used_only_when_needed(garage: Garage):
	body = make_service_booking(garage.body)
	assert [row.resource for row in body.resources] == [garage.boris]
	both = make_service_booking(f"{garage.check}+{garage.body}", start=next_monday(14))
	assert sorted(row.resource for row in both.resources) == [garage.anna, garage.boris]
	assert both.end == both.start + timedelta(hours=3)


@pytest.mark.requirement("R203")
def test_the_equipment_is_the_limit_however_many_mechanics_are_free(garage: Garage):
	make_service_booking(garage.service)
	with pytest.raises(SlotTaken):
		make_service_booking(garage.service, start=next_monday(10.5))
	assert make_service_booking(garage.check, start=next_monday(10.5)).name
	assert make_service_booking(garage.service, start=next_monday(11.5)).name


@pytest.mark.requirement("R203")
def test_equipment_with_a_throughput_of_three_serves_three():
	make_service_resource("Tyre Post", resource_kind="Bay", capacity=3)
	tyres = make_service_offering("Tyres", ["Bay"]).name
	seats = {make_service_booking(tyres).resources[0].seat for _ in range(3)}
	assert seats == {1, 2, 3}
	with pytest.raises(SlotTaken):
		make_service_booking(tyres)
	assert_whole()


@pytest.mark.requirement("R204")
def test_the_database_itself_keeps_no_seat_twice(garage: Garage):
	booking = make_service_booking(garage.check)
	row = frappe.get_all("Booking Hold", {"booking": booking.name}, ["*"])[0]
	with pytest.raises(
		frappe.db.IntegrityError if hasattr(frappe.db, "IntegrityError") else Exception
	) as caught:
		frappe.db.sql(
			"""insert into `tabBooking Hold` (name, resource, cell, seat, booking)
			values ('x', %(resource)s, %(cell)s, %(seat)s, 'B-other')""",
			row,
		)
	assert frappe.db.is_duplicate_entry(caught.value)


@pytest.mark.requirement("R204")
def test_when_the_map_of_a_day_is_wrong_the_guard_still_refuses(garage: Garage):
	first = make_service_booking(garage.service)
	frappe.db.sql("update `tabBooking Day` set taken = ''")
	with pytest.raises(SlotTaken):
		make_service_booking(garage.service)
	assert {row[0] for row in frappe.get_all("Booking Hold", fields=["booking"], as_list=True)} == {
		first.name
	}


# -- refusals --------------------------------------------------------------------------------------


@pytest.mark.requirement("R204")
def test_a_refusal_names_the_next_three_free_times(garage: Garage):
	make_service_booking(garage.service)
	with pytest.raises(SlotTaken, match="Lift"):
		make_service_booking(garage.service)
	slots = [get_datetime(slot["start"]) for slot in frappe.response["next_slots"]]
	assert slots == [next_monday(11), next_monday(11.5), next_monday(12)]


def test_nobody_is_booked_outside_working_time(garage: Garage):
	with pytest.raises(SlotTaken, match="Not at work"):
		make_service_booking(garage.check, start=next_monday(7))
	with pytest.raises(SlotTaken, match="Not at work"):
		make_service_booking(garage.check, start=next_monday(20))


def test_an_absent_mechanic_is_not_booked(garage: Garage):
	anna = frappe.get_doc("Service Resource", garage.anna)
	anna.append("absences", {"from_time": next_monday(0), "to_time": next_monday(24), "reason": "Ill"})
	anna.save()
	assert [row.resource for row in make_service_booking(garage.check).resources] == [garage.boris]
	with pytest.raises(SlotTaken):
		make_service_booking(garage.check)


@pytest.mark.parametrize("minutes", [7, 20])
def test_a_start_off_the_grid_is_refused(garage: Garage, minutes: int):
	with pytest.raises(BadTime):
		make_service_booking(garage.check, start=next_monday() + timedelta(minutes=minutes))


def test_yesterday_is_not_booked(garage: Garage):
	with pytest.raises(BadTime):
		make_service_booking(garage.check, start=add_to_date(next_monday(), days=-14))


def test_a_service_without_a_known_length_is_refused(garage: Garage):
	unknown = make_service_offering("Unknown", ["Mechanic"], duration_minutes=0).name
	with pytest.raises(UnknownDuration):
		make_service_booking(unknown)
	assert make_service_booking(unknown, duration_minutes=45).end == next_monday(10.75)


def test_a_resource_that_cannot_do_it_is_refused(garage: Garage):
	with pytest.raises(NotSuitable):
		make_service_booking(garage.body, resources=[garage.anna])


def test_a_chosen_resource_is_taken_or_refused_by_name(garage: Garage):
	make_service_booking(garage.check, resources=[garage.boris])
	with pytest.raises(SlotTaken, match="Boris"):
		make_service_booking(garage.check, resources=[garage.boris])
	assert make_service_booking(garage.check).resources[0].resource == garage.anna


# -- norms -----------------------------------------------------------------------------------------


@pytest.mark.requirement("R207")
def test_the_length_comes_from_the_norm_of_the_car(garage: Garage):
	operation = make_labour_operation("Timing Belt", skill=None, default_hours=1)
	make_labour_norm(operation, 2.5, make="Toyota")
	service = make_service_offering(
		"Belt", ["Mechanic"], duration_minutes=0, operations=[{"operation": operation, "qty": 1}]
	).name
	toyota = make_service_booking(service, vehicle=make_vehicle().name)
	assert (toyota.duration_minutes, toyota.planned_minutes) == (150, 150)
	assert toyota.end == next_monday(12.5)
	other = make_service_booking(service, make="Lada")
	assert other.duration_minutes == 60
	assert [str(slot.end - slot.start) for slot in find_slots([service], {"make": "Toyota"}, limit=1)] == [
		"2:30:00"
	]


def test_what_a_browser_says_of_price_and_end_is_not_believed(garage: Garage):
	booking = make_service_booking(garage.check, price=1, end=next_monday(20), planned_minutes=5)
	booking.update({"price": 5, "end": next_monday(22), "link_key": "x"})
	booking.save()
	booking.reload()
	assert (booking.price, booking.end, booking.planned_minutes, booking.link_key) == (
		1000,
		next_monday(11),
		60,
		None,
	)


# -- moving, cancelling, states --------------------------------------------------------------------


def test_moving_takes_the_new_time_and_frees_the_old(garage: Garage):
	booking = make_service_booking(garage.service)
	moved = reschedule(booking.name, next_monday(10.5))
	assert moved.start == next_monday(10.5)
	assert moved.end == next_monday(11.5)
	assert {row.resource for row in moved.resources} == {row.resource for row in booking.resources}
	assert moved.moved_count == 1
	assert_whole()
	assert make_service_booking(garage.service, start=next_monday(9.5)).name
	with pytest.raises(SlotTaken):
		reschedule(booking.name, next_monday(10))
	booking.reload()
	assert booking.start == next_monday(10.5)
	assert_whole()


def test_a_moved_visit_keeps_its_mechanic_where_he_is_free(garage: Garage):
	booking = make_service_booking(garage.check, resources=[garage.boris])
	assert [row.resource for row in reschedule(booking.name, next_monday(12)).resources] == [garage.boris]
	make_service_booking(garage.check, start=next_monday(15), resources=[garage.boris])
	assert [row.resource for row in reschedule(booking.name, next_monday(15)).resources] == [garage.anna]


def test_a_desk_save_with_another_start_goes_through_the_same_door(garage: Garage):
	make_service_booking(garage.service)
	other = make_service_booking(garage.service, start=next_monday(12))
	other.start = next_monday(10)
	with pytest.raises(SlotTaken):
		other.save()
	other.reload()
	other.start = str(next_monday(14))
	other.save()
	assert min(cell for _r, cell, _s in holds_of(other.name)) == next_monday(14)
	assert_whole()


def test_set_value_goes_through_the_same_door(garage: Garage):
	make_service_booking(garage.service)
	other = make_service_booking(garage.service, start=next_monday(12))
	with pytest.raises(SlotTaken):
		frappe.client.set_value("Service Booking", other.name, "start", str(next_monday(10)))


def test_a_drag_to_a_colleague_takes_him_and_frees_the_other(garage: Garage):
	booking = make_service_booking(garage.service, resources=[garage.anna])
	moved = replace_resource(booking.name, booking.start, garage.anna, garage.boris)
	assert sorted(row.resource for row in moved.resources) == [garage.boris, garage.lift]
	assert {resource for resource, _cell, _seat in holds_of(booking.name)} == {garage.boris, garage.lift}
	make_service_booking(garage.check, resources=[garage.anna])
	with pytest.raises(SlotTaken, match="Anna"):
		replace_resource(booking.name, booking.start, garage.boris, garage.anna)
	assert_whole()


@pytest.mark.parametrize("status", ["Cancelled", "No-show"])
def test_a_cancelled_or_missed_visit_frees_its_time(garage: Garage, status: str):
	booking = make_service_booking(garage.service)
	change_status(booking.name, status)
	assert not holds_of(booking.name)
	other = make_service_booking(garage.service)
	with pytest.raises(SlotTaken):
		change_status(booking.name, "Confirmed")
	cancel(other.name, "Changed their mind")
	assert frappe.db.get_value("Service Booking", other.name, "cancel_reason") == "Changed their mind"
	change_status(booking.name, "Confirmed")
	assert len(holds_of(booking.name)) == 8
	assert_whole()


def test_the_way_of_a_visit(garage: Garage):
	booking = make_service_booking(garage.service, status="Requested")
	for status in ("Confirmed", "Arrived", "In Work", "Done"):
		change_status(booking.name, status)
	booking.reload()
	assert booking.confirmed_at
	assert booking.arrived_at
	assert booking.closed_at
	with pytest.raises(StatusRefused):
		change_status(booking.name, "Requested")
	with pytest.raises(BookingClosed):
		reschedule(booking.name, next_monday(12))
	booking.start = next_monday(12)
	with pytest.raises(BookingClosed):
		booking.save()
	assert len(holds_of(booking.name)) == 8


def test_a_comment_changes_no_time(garage: Garage):
	booking = make_service_booking(garage.service)
	before = frappe.get_all("Booking Hold", {"booking": booking.name}, pluck="name", order_by="name")
	booking.comment = "Left headlight"
	booking.save()
	assert frappe.get_all("Booking Hold", {"booking": booking.name}, pluck="name", order_by="name") == before


def test_a_longer_work_takes_longer_and_is_refused_when_it_cannot(garage: Garage):
	booking = make_service_booking(garage.service)
	make_service_booking(garage.service, start=next_monday(12))
	booking.duration_minutes = 120
	booking.save()
	assert booking.end == next_monday(12)
	booking.duration_minutes = 121
	with pytest.raises(SlotTaken):
		booking.save()
	assert_whole()


# -- holds are nobody's to edit --------------------------------------------------------------------


def test_taken_time_is_edited_by_nobody(garage: Garage):
	booking = make_service_booking(garage.check)
	hold = frappe.get_doc("Booking Hold", {"booking": booking.name})
	with pytest.raises(TakenTimeIsNotEdited):
		hold.save()
	with pytest.raises(TakenTimeIsNotEdited):
		hold.delete()
	with pytest.raises(TakenTimeIsNotEdited):
		frappe.get_doc(
			{
				"doctype": "Booking Hold",
				"resource": garage.lift,
				"cell": next_monday(),
				"booking": booking.name,
			}
		).insert()
	with pytest.raises(TakenTimeIsNotEdited):
		frappe.get_doc("Booking Day", {"resource": booking.resources[0].resource}).save()
	row = frappe.get_doc("Service Booking Resource", booking.resources[0].name)
	row.resource = garage.lift
	with pytest.raises(TakenTimeIsNotEdited):
		row.save()
	with pytest.raises(TakenTimeIsNotEdited):
		row.delete()


def test_a_deleted_booking_frees_its_time(garage: Garage):
	booking = make_service_booking(garage.service)
	booking.delete()
	assert frappe.db.count("Booking Hold") == 0
	assert_whole()


# -- use case --------------------------------------------------------------------------------------


def test_the_same_click_books_once(garage: Garage):
	values = {
		"start": next_monday(),
		"offerings": [garage.service],
		"client_name": "Анна",
		"phone": "+79161230000",
		"request_key": "click-1",
	}
	first = book(values)
	assert book(values) == first
	assert frappe.db.count("Service Booking") == 1
	with pytest.raises(SlotTaken):
		book({**values, "request_key": "click-2"})


@pytest.mark.requirement("R200")
def test_an_appointment_for_a_contract_comes_from_the_deal():
	make_service_resource("Desk", resource_kind="Salesperson Desk")
	make_service_offering("Contract", ["Salesperson Desk"], group="Contract Appointment Test")
	deal = make_deal(client_name="Олег Попов", vehicle=make_vehicle(vin="XTA210990Y2766389").name)
	name = book({"start": next_monday(), "offerings": ["Contract"], "deal": deal.name})
	booking = frappe.get_doc("Service Booking", name)
	assert (booking.deal, booking.contact, booking.client_name) == (deal.name, deal.contact, "Олег Попов")
	assert (booking.phone, booking.vin) == (deal.phone, "XTA210990Y2766389")


@pytest.mark.requirement("R199")
def test_a_test_drive_takes_the_car_and_the_salesperson_and_time_between():
	make_service_resource("Camry", resource_kind="Test-Drive Car")
	for desk in ("Desk 1", "Desk 2"):
		make_service_resource(desk, resource_kind="Salesperson Desk")
	drive = make_service_offering(
		"Drive", ["Test-Drive Car", "Salesperson Desk"], duration_minutes=45, buffer_minutes=15
	).name
	booking = make_service_booking(drive)
	assert {row.resource_kind for row in booking.resources} == {"Test-Drive Car", "Salesperson Desk"}
	assert booking.end == next_monday(10.75)
	with pytest.raises(SlotTaken):
		make_service_booking(drive, start=next_monday(10.75))
	assert make_service_booking(drive, start=next_monday(11)).name
	with pytest.raises(SlotTaken, match="Camry"):
		make_service_booking(drive, start=next_monday(9.5))
	assert_whole()


# -- slots -----------------------------------------------------------------------------------------


def test_slots_skip_what_is_taken_and_the_next_free_time_is_one_question(garage: Garage):
	make_service_booking(garage.service)
	starts = [slot.start for slot in find_slots([garage.service], first_day=next_monday().date(), days=1)]
	assert next_monday(10) not in starts
	assert next_monday(9.5) not in starts
	assert next_monday(9) in starts
	assert next_monday(11) in starts
	slot = next_slot([garage.service])
	assert slot
	assert slot.start <= starts[0]


def test_every_offered_slot_can_be_booked(garage: Garage):
	for slot in find_slots([garage.service], first_day=next_monday().date(), days=1)[::3]:
		assert make_service_booking(garage.service, start=slot.start, resources=slot.resources).name
	assert_whole()


def test_slots_of_past_hours_are_not_offered(garage: Garage):
	now = frappe.utils.now_datetime()
	assert all(slot.start >= now for slot in find_slots([garage.check], days=3))


# -- the client ------------------------------------------------------------------------------------


def test_a_phone_finds_the_client(garage: Garage):
	contact = make_contact("Пётр Иванов", ["+79161112233"])
	booking = make_service_booking(garage.check, phone="8 916 111-22-33")
	assert booking.contact == contact.name
	assert booking.client_name == "Пётр Иванов"
	with pytest.raises(frappe.MandatoryError):
		make_service_booking(garage.check, phone=None, client_name=None)


def test_a_plate_finds_the_car(garage: Garage):
	car = make_vehicle(licence_plate="А123ВС777")
	booking = make_service_booking(garage.check, licence_plate="a123bc 777")
	assert (booking.vehicle, booking.make) == (car.name, car.make)
