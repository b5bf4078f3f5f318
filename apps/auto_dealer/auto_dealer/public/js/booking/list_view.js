// On a phone: the bookings of the days one below the other.
import { COLORS, status_title } from "./status";
import { add_days, day_of, day_title, time_of } from "./times";
import { load_bar } from "./week_view";

const esc = frappe.utils.escape_html;

export function list_view(calendar) {
	const { data } = calendar;
	const shown = new Set(calendar.resources().map((resource) => resource.name));
	const days = [...Array(data.days).keys()].map((offset) => {
		const day = add_days(data.first_day, offset);
		const bookings = data.bookings.filter(
			(booking) => day_of(booking.start) === day && booking.resources.some((name) => shown.has(name))
		);
		return `<section class="calendar-list-day">
			<h5>${esc(day_title(day))} ${load_bar(data.utilisation[offset].percent)}</h5>
			${bookings.map(row).join("") || `<p class="text-muted">${__("Nothing is booked.")}</p>`}</section>`;
	});
	return `<div class="calendar-list">${days.join("")}</div>`;
}

function row(booking) {
	const facts = [booking.car, booking.services].filter(Boolean).map(esc).join(" · ");
	return `<button type="button" class="booking-row" data-key="${booking.key}"
		data-color="${COLORS[booking.status] || "gray"}">
		<span class="booking-time"><b>${time_of(booking.start)}</b><span>${time_of(booking.end)}</span></span>
		<span class="booking-facts"><b>${esc(
			booking.can_open ? booking.client || booking.name : __("Taken", null, "Service Booking")
		)}</b><span>${facts}</span>
		<span class="text-muted">${booking.resources.map(esc).join(", ")}</span></span>
		<span class="booking-status">${esc(status_title(booking.status))}</span></button>`;
}
