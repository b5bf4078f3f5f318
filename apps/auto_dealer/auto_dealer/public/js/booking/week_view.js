// A week: a row for each resource, a column for each day; how full each is, and what is booked.
import { COLORS } from "./status";
import { add_days, day_of, day_title, time_of } from "./times";

const esc = frappe.utils.escape_html;

export function week_view(calendar) {
	const { data } = calendar;
	const days = [...Array(data.days).keys()].map((offset) => add_days(data.first_day, offset));
	const today = frappe.datetime.get_today();
	const head = days.map((day, index) => {
		const percent = data.utilisation[index].percent;
		return `<button type="button" class="week-day ${day === today ? "is-today" : ""}" data-day-link="${day}">
			<b>${esc(day_title(day, "short"))}</b>${load_bar(percent)}</button>`;
	});
	const rows = calendar.resources().map((resource) => week_row(data, resource, days));
	return `<div class="calendar-week" style="--days: ${data.days}">
		<div class="resource-name"></div>${head.join("")}${rows.join("")}</div>`;
}

function week_row(data, resource, days) {
	const cells = days.map((day, index) => {
		const bookings = data.bookings.filter(
			(booking) => booking.resources.includes(resource.name) && day_of(booking.start) === day
		);
		const percent = resource.percent[index];
		return `<div class="week-cell resource-lane ${percent === null ? "is-off" : ""}"
			data-resource="${esc(resource.name)}" data-day="${day}">
			${load_bar(percent)}${bookings.map(chip).join("")}</div>`;
	});
	return `<div class="resource-name"><span>${esc(resource.name)}</span></div>${cells.join("")}`;
}

function chip(booking) {
	const title = booking.can_open ? booking.client || booking.name : __("Taken", null, "Service Booking");
	return `<button type="button" class="booking-block booking-chip ${booking.is_waiting ? "is-waiting" : ""}"
		data-key="${booking.key}" data-color="${COLORS[booking.status] || "gray"}"
		title="${esc([booking.car, booking.services].filter(Boolean).join(" · "))}">
		<b>${time_of(booking.start)}</b> ${esc(title)}</button>`;
}

export function load_bar(percent) {
	if (percent === null) return `<span class="load-bar text-muted">${__("Day Off")}</span>`;
	const level = percent > 100 ? "red" : percent >= 80 ? "orange" : "green";
	return `<span class="load-bar" title="${__("Booked: {0}%", [percent])}"><i data-color="${level}"
		style="width: ${Math.min(percent, 100)}%"></i><small>${percent}%</small></span>`;
}
