// Dragging a booking to another time or resource. What cannot be is shown while dragging; the server decides at the drop.
import { length_title, minutes_from, moment_at, moment_title, time_of } from "./times";

const ENOUGH = 5;

export class Drag {
	constructor(calendar) {
		this.calendar = calendar;
		this.is_active = false;
		this.was_dragged = false;
		calendar.$main[0].addEventListener("pointerdown", (event) => this.begin(event));
	}

	begin(event) {
		this.was_dragged = false;
		const block = event.target.closest(".booking-block");
		if (!block || event.button || this.calendar.is_narrow()) return;
		const booking = this.calendar.find(block.dataset.key);
		if (!booking?.can_open || !frappe.model.can_write("Service Booking")) return;
		if (["Done", "No-show", "Cancelled"].includes(booking.status)) return;
		this.from = { x: event.clientX, y: event.clientY };
		this.grip = event.clientX - block.getBoundingClientRect().left;
		this.booking = booking;
		this.resource = block.closest(".resource-lane").dataset.resource;
		this.block = block;
		this.on_move = (moved) => this.move(moved);
		this.on_end = (ended) => this.end(ended);
		this.on_key = (key) => key.key === "Escape" && this.stop();
		document.addEventListener("pointermove", this.on_move);
		document.addEventListener("pointerup", this.on_end);
		document.addEventListener("pointercancel", this.on_end);
		document.addEventListener("keydown", this.on_key);
	}

	move(event) {
		const far = Math.hypot(event.clientX - this.from.x, event.clientY - this.from.y);
		if (!this.is_active && far < ENOUGH) return;
		if (!this.is_active) this.lift();
		event.preventDefault();
		this.place = this.place_of(event);
		const problem = this.place ? this.problem(this.place) : __("Not here");
		this.ghost.toggleClass("is-refused", Boolean(problem));
		this.ghost.find(".ghost-time").text(this.place ? moment_title(this.place.start) : "");
		this.ghost
			.find(".ghost-text")
			.text(problem || `${this.place.resource}, ${length_title(this.minutes())}`);
		this.ghost.css({ left: event.clientX + 12, top: event.clientY + 12 });
		this.mark(this.place, problem);
	}

	lift() {
		this.is_active = true;
		this.was_dragged = true;
		$(this.block).addClass("is-lifted");
		this.ghost = $(
			`<div class="booking-ghost"><b class="ghost-time"></b><span class="ghost-text"></span></div>`
		);
		this.ghost.appendTo(document.body);
	}

	mark(place, problem) {
		this.calendar.$body.find(".drop-mark").remove();
		const lane = place && this.lane_of(place);
		if (!lane) return;
		const mark = $(`<div class="drop-mark ${problem ? "is-refused" : ""}"></div>`).appendTo(lane);
		const { span, view } = this.calendar;
		if (view === "week") return mark.addClass("is-whole");
		const from = minutes_from(place.start.slice(0, 10), place.start);
		const whole = span[1] - span[0];
		mark.css({
			left: `${(100 * (from - span[0])) / whole}%`,
			width: `${(100 * this.minutes()) / whole}%`,
		});
	}

	lane_of(place) {
		return this.calendar.$body
			.find(".resource-lane")
			.filter(
				(_, lane) =>
					lane.dataset.resource === place.resource && lane.dataset.day === place.start.slice(0, 10)
			);
	}

	minutes() {
		const day = this.booking.start.slice(0, 10);
		return minutes_from(day, this.booking.end) - minutes_from(day, this.booking.start);
	}

	place_of(event) {
		const place = this.place_at(event, this.calendar.view === "week" ? 0 : this.grip);
		if (!place) return null;
		// In the week a day is chosen, the time of day stays.
		if (this.calendar.view === "week")
			place.start = `${place.start.slice(0, 10)} ${time_of(this.booking.start)}:00`;
		const day = place.start.slice(0, 10);
		const end = moment_at(day, minutes_from(day, place.start) + this.minutes());
		return { ...place, end, from: this.resource };
	}

	/** Which resource and moment lie under the pointer. */
	place_at(event, grip = 0) {
		const lane = document.elementFromPoint(event.clientX, event.clientY)?.closest(".resource-lane");
		if (!lane) return null;
		const { resource, day } = lane.dataset;
		const { span, data, view } = this.calendar;
		if (view === "week") return { resource, start: `${day} 09:00:00` };
		const box = lane.getBoundingClientRect();
		const share = (event.clientX - grip - box.left) / box.width;
		const minutes = span[0] + share * (span[1] - span[0]);
		const step = grip ? 15 : data.step;
		const rounded = grip ? Math.round(minutes / step) : Math.floor(minutes / step);
		return { resource, start: moment_at(day, Math.max(rounded * step, 0)) };
	}

	/** What is known here already; the server knows more. */
	problem(place) {
		const { data } = this.calendar;
		const resource = data.resources.find(({ name }) => name === place.resource);
		const was = data.resources.find(({ name }) => name === this.resource);
		if (resource.kind !== was.kind) return __("Another kind of resource");
		if (!resource.open.some(([start, end]) => start <= place.start && end >= place.end)) {
			return __("Not at work then");
		}
		const others = data.bookings.filter(
			(other) =>
				other.key !== this.booking.key &&
				other.resources.includes(place.resource) &&
				other.start < place.end &&
				other.end > place.start
		);
		return others.length >= resource.capacity ? __("Taken", null, "Service Booking") : "";
	}

	end() {
		const { place, booking, is_active, resource } = this;
		const problem = is_active && place && this.problem(place);
		this.stop();
		if (!is_active || !place) return;
		if (place.start === booking.start && place.resource === resource) return;
		// What looks impossible here is asked all the same: the server knows better, and names the next free times.
		this.calendar.move(booking, place, !problem);
	}

	stop() {
		document.removeEventListener("pointermove", this.on_move);
		document.removeEventListener("pointerup", this.on_end);
		document.removeEventListener("pointercancel", this.on_end);
		document.removeEventListener("keydown", this.on_key);
		this.ghost?.remove();
		this.calendar.$body.find(".drop-mark").remove();
		$(this.block).removeClass("is-lifted");
		this.is_active = false;
		this.place = null;
	}
}
