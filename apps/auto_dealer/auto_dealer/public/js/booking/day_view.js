// One day: a row for each resource, time from left to right.
import { COLORS, status_title } from "./status";
import { minutes_from, time_of } from "./times";

const esc = frappe.utils.escape_html;
const USUAL = [9 * 60, 18 * 60];

export function day_view(calendar) {
	const { data } = calendar;
	const span = hours_shown(data);
	calendar.span = span;
	const rows = calendar.resources().map((resource, index, all) => {
		const is_first = !index || all[index - 1].kind !== resource.kind;
		return (is_first ? kind_row(resource) : "") + resource_row(data, resource, span);
	});
	return `<div class="calendar-day" style="--hours: ${(span[1] - span[0]) / 60}">
		${scale(span)}${rows.join("")}${now_line(data, span)}</div>`;
}

/** From the first to the last full hour that somebody works or something is booked. */
function hours_shown(data) {
	const moments = [
		...data.resources.flatMap((resource) => resource.open.flat()),
		...data.bookings.flatMap((booking) => [booking.start, booking.end]),
	].map((moment) => Math.min(Math.max(minutes_from(data.first_day, moment), 0), 1440));
	const first = Math.min(USUAL[0], ...moments);
	const last = Math.max(USUAL[1], ...moments);
	return [Math.floor(first / 60) * 60, Math.ceil(last / 60) * 60];
}

function scale(span) {
	const hours = [];
	for (let minutes = span[0]; minutes < span[1]; minutes += 60) hours.push(minutes / 60);
	return `<div class="calendar-scale"><div class="resource-name"></div>
		<div class="scale-hours">${hours.map((hour) => `<span>${hour}:00</span>`).join("")}</div></div>`;
}

function kind_row(resource) {
	return `<div class="calendar-kind-row">${esc(__(resource.kind, null, "Service Resource"))}</div>`;
}

function resource_row(data, resource, span) {
	const bookings = data.bookings.filter((booking) => booking.resources.includes(resource.name));
	const lanes = place_in_lanes(bookings);
	const height = Math.max(lanes.count, 1);
	const percent = resource.percent[0];
	const load = percent === null ? __("Day Off") : `${percent}%`;
	return `<div class="calendar-row">
		<div class="resource-name"><span>${esc(resource.name)}${
			resource.capacity > 1 ? ` <span class="text-muted">×${resource.capacity}</span>` : ""
		}</span><span class="text-muted resource-load">${load}</span></div>
		<div class="resource-lane" data-resource="${esc(resource.name)}" data-day="${data.first_day}"
			style="--lanes: ${height}">
			${resource.open.map((interval) => open_time(data, interval, span)).join("")}
			${bookings.map((booking) => block(data, booking, lanes.of[booking.key], span)).join("")}
		</div></div>`;
}

function open_time(data, [start, end], span) {
	return `<div class="open-time" style="${position(data, start, end, span)}"></div>`;
}

export function block(data, booking, lane, span) {
	const title = booking.can_open
		? [booking.client, booking.car, booking.services, status_title(booking.status)]
				.filter(Boolean)
				.join(" · ")
		: __("Taken", null, "Service Booking");
	const times = `${time_of(booking.start)}–${time_of(booking.end)}`;
	const buffer = booking.buffer_minutes
		? `<i class="booking-buffer" style="width: ${
				(100 * booking.buffer_minutes) /
				Math.max(
					minutes_from(booking.start.slice(0, 10), booking.end) -
						minutes_from(booking.start.slice(0, 10), booking.start),
					1
				)
			}%"></i>`
		: "";
	return `<button type="button" class="booking-block ${booking.is_waiting ? "is-waiting" : ""}"
		data-key="${booking.key}" data-color="${COLORS[booking.status] || "gray"}" title="${esc(`${times} ${title}`)}"
		style="${position(data, booking.start, booking.end, span)} --lane: ${lane}">
		<b>${esc(booking.can_open ? booking.client || booking.name : title)}</b>
		<span>${esc(booking.can_open ? booking.car || booking.services || "" : "")}</span>${buffer}</button>`;
}

function position(data, start, end, span) {
	const from = Math.max(minutes_from(data.first_day, start), span[0]);
	const to = Math.min(minutes_from(data.first_day, end), span[1]);
	const whole = span[1] - span[0];
	return `left: ${(100 * (from - span[0])) / whole}%; width: ${(100 * (to - from)) / whole}%;`;
}

/** Bookings of one resource side by side where they overlap (a post that serves several at once). */
function place_in_lanes(bookings) {
	const ends = [];
	const of = {};
	for (const booking of [...bookings].sort((a, b) => a.start.localeCompare(b.start))) {
		let lane = ends.findIndex((end) => end <= booking.start);
		if (lane < 0) lane = ends.push("") - 1;
		ends[lane] = booking.end;
		of[booking.key] = lane;
	}
	return { of, count: ends.length };
}

function now_line(data, span) {
	const now = frappe.datetime.now_datetime();
	const minutes = minutes_from(data.first_day, now);
	if (minutes < span[0] || minutes > span[1]) return "";
	return `<div class="now-line" style="--now: ${(minutes - span[0]) / (span[1] - span[0])}"></div>`;
}
