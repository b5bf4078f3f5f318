// The page: which days and resources are shown, how, and what a change of the data does to it.
import { open_booking, new_booking } from "./dialogs";
import { Drag } from "./drag";
import { day_view } from "./day_view";
import { list_view } from "./list_view";
import { ask } from "./server";
import { add_days, day_title, monday_of } from "./times";
import { week_view } from "./week_view";

const NARROW = 768;
const KEPT = "dealer_service_calendar";

export class ServiceCalendar {
	constructor(wrapper) {
		this.page = wrapper.page;
		const kept = JSON.parse(localStorage.getItem(KEPT) || "{}");
		this.view = kept.view === "week" ? "week" : "day";
		this.kind = kept.kind || "";
		this.day = frappe.datetime.get_today();
		this.$main = $(`<div class="service-calendar"></div>`).appendTo(this.page.main);
		this.drag = new Drag(this);
		this.add_toolbar();
		this.listen();
	}

	add_toolbar() {
		if (frappe.model.can_create("Service Booking")) {
			this.page.set_primary_action(__("Book", null, "Service Booking"), () => new_booking(this), "add");
		}
		this.page.add_inner_button(__("Today"), () => this.go(frappe.datetime.get_today()));
		this.page.add_menu_item(__("List of Bookings"), () => frappe.set_route("List", "Service Booking"));
		this.page.add_menu_item(__("History of Bookings"), () =>
			frappe.set_route("query-report", "Service Booking History")
		);
		this.page.add_menu_item(__("Resources"), () => frappe.set_route("List", "Service Resource"));
		this.$bar = $(`<div class="calendar-bar">
			<div class="btn-group">
				<button class="btn btn-default btn-sm" data-step="-1" aria-label="${__("Earlier")}">‹</button>
				<button class="btn btn-default btn-sm" data-step="1" aria-label="${__("Later")}">›</button>
			</div>
			<input type="date" class="form-control input-sm calendar-date" aria-label="${__("Day")}">
			<h4 class="calendar-title"></h4>
			<span class="calendar-load"></span>
			<select class="form-control input-sm calendar-kind" aria-label="${__("Resource Kind")}"></select>
			<div class="btn-group calendar-views">
				<button class="btn btn-default btn-sm" data-view="day">${__("Day")}</button>
				<button class="btn btn-default btn-sm" data-view="week">${__("Week")}</button>
			</div>
		</div>`).appendTo(this.$main);
		this.$body = $(`<div class="calendar-body" aria-live="polite"></div>`).appendTo(this.$main);
		this.$bar.on("click", "[data-step]", (event) =>
			this.go(
				add_days(this.day, Number(event.currentTarget.dataset.step) * (this.view === "week" ? 7 : 1))
			)
		);
		this.$bar.on("click", "[data-view]", (event) => this.set_view(event.currentTarget.dataset.view));
		this.$bar.on(
			"change",
			".calendar-date",
			(event) => event.target.value && this.go(event.target.value)
		);
		this.$bar.on("change", ".calendar-kind", (event) => {
			this.kind = event.target.value;
			this.keep();
			this.draw();
		});
	}

	listen() {
		this.$body.on("click", ".booking-block, .booking-row", (event) => {
			if (this.drag.was_dragged) return;
			const booking = this.find(event.currentTarget.dataset.key);
			if (booking?.can_open) open_booking(this, booking);
		});
		this.$body.on("click", "[data-day-link]", (event) => {
			this.view = "day";
			this.go(event.currentTarget.dataset.dayLink);
		});
		this.$body.on("click", ".resource-lane", (event) => {
			if (event.target.closest(".booking-block") || this.drag.was_dragged) return;
			if (!frappe.model.can_create("Service Booking")) return;
			const place = this.drag.place_at(event.originalEvent);
			if (place) new_booking(this, { start: place.start, resource: place.resource });
		});
		const reload = frappe.utils.debounce(() => this.is_shown() && this.refresh(), 400);
		frappe.realtime.doctype_subscribe("Service Booking");
		frappe.realtime.on("list_update", ({ doctype }) => doctype === "Service Booking" && reload());
		$(window).on(
			"resize",
			frappe.utils.debounce(() => this.is_shown() && this.draw(), 200)
		);
	}

	is_shown() {
		return this.$main.is(":visible");
	}

	is_narrow() {
		return window.innerWidth < NARROW;
	}

	/** Opened, perhaps by an address such as /app/service-calendar/2026-11-23. */
	show() {
		const day = frappe.get_route()[1];
		if (/^\d{4}-\d\d-\d\d$/.test(day || "")) this.day = day;
		return this.refresh();
	}

	go(day) {
		this.day = day;
		return this.refresh();
	}

	set_view(view) {
		this.view = view;
		this.keep();
		return this.refresh();
	}

	keep() {
		localStorage.setItem(KEPT, JSON.stringify({ view: this.view, kind: this.kind }));
	}

	async refresh() {
		const first_day = this.view === "week" ? monday_of(this.day) : this.day;
		const days = this.view === "week" ? 7 : 1;
		const number = (this.question = (this.question || 0) + 1);
		const data = await ask("get_calendar", { first_day, days }).catch(() => null);
		if (!data || number !== this.question || this.drag.is_active) return;
		this.data = data;
		this.draw();
	}

	find(key) {
		return this.data?.bookings.find((booking) => booking.key === key);
	}

	resources() {
		return this.data.resources.filter((resource) => !this.kind || resource.kind === this.kind);
	}

	draw() {
		if (!this.data) return;
		this.draw_bar();
		const top = this.$body.scrollTop();
		if (!this.data.resources.length) this.$body.html(nothing());
		else if (this.is_narrow()) this.$body.html(list_view(this));
		else this.$body.html(this.view === "week" ? week_view(this) : day_view(this));
		this.$body.scrollTop(top);
	}

	draw_bar() {
		const { data } = this;
		const last = add_days(data.first_day, data.days - 1);
		const title =
			data.days > 1
				? `${day_title(data.first_day, "short")} – ${day_title(last, "short")}`
				: day_title(data.first_day);
		this.$bar.find(".calendar-title").text(title);
		this.$bar.find(".calendar-date").val(this.day);
		this.$bar.find("[data-view]").each((_, button) => {
			button.classList.toggle("active", button.dataset.view === this.view);
		});
		const load = data.days === 1 ? data.utilisation[0].percent : null;
		this.$bar.find(".calendar-load").html(load === null ? "" : __("Booked: {0}%", [load]));
		const kinds = [...new Set(data.resources.map((resource) => resource.kind))];
		const options = ["", ...kinds].map(
			(kind) =>
				`<option value="${kind}">${kind ? __(kind, null, "Service Resource") : __("All Resources")}</option>`
		);
		if (!kinds.includes(this.kind)) this.kind = "";
		this.$bar.find(".calendar-kind").html(options.join("")).val(this.kind);
	}

	/** A booking shown at its new place before the server has agreed; gives the way back. */
	show_moved(booking, place) {
		const before = { ...booking, resources: [...booking.resources] };
		booking.start = place.start;
		booking.end = place.end;
		booking.resources = booking.resources.map((name) => (name === place.from ? place.resource : name));
		booking.is_waiting = true;
		this.draw();
		return () => {
			Object.assign(booking, before, { is_waiting: false });
			this.draw();
		};
	}

	async move(booking, place, is_likely = true) {
		const put_back = is_likely ? this.show_moved(booking, place) : () => {};
		try {
			const moved = await ask("move", {
				booking: booking.name,
				start: place.start,
				from_resource: place.from,
				to_resource: place.resource,
			});
			Object.assign(booking, {
				start: moved.start,
				end: moved.end,
				resources: moved.resources,
				is_waiting: false,
			});
			frappe.show_alert({
				message: __("Moved: {0}", [booking.client || booking.name]),
				indicator: "green",
			});
			this.draw();
			this.refresh();
		} catch {
			put_back();
		}
	}
}

function nothing() {
	const link = frappe.model.can_create("Service Resource")
		? `<p><a class="btn btn-default btn-sm" href="/app/service-resource/new">${__("Add a Resource")}</a></p>`
		: "";
	return `<div class="text-muted text-center calendar-empty">
		<p>${__("There are no mechanics, lifts or other resources yet.")}</p>${link}</div>`;
}
