// Booking from the calendar: client by phone or name, services, the next free time in one click.
import { ask } from "./server";
import { slots_html } from "./slot_chips";
import { length_title, moment_title } from "./times";

const esc = frappe.utils.escape_html;
const OFFERED = 12;
const TYPED = ["client_name", "phone", "vehicle", "licence_plate", "start", "comment"];

export function new_booking(calendar, { start = null, resource = null, values = {} } = {}) {
	const form = new BookingForm(calendar, start, resource, values);
	form.dialog.show();
	return form.dialog;
}

class BookingForm {
	constructor(calendar, start, resource, values) {
		this.calendar = calendar;
		this.resource = resource;
		// The same for a repeated click: the server books it once.
		this.request_key = frappe.utils.get_random(24);
		this.hidden = { contact: values.contact || null, deal: values.deal || null };
		this.dialog = new frappe.ui.Dialog({
			title: values.title || __("New Booking"),
			fields: this.fields(start, values),
			primary_action_label: __("Book", null, "Service Booking"),
			primary_action: () => this.book(),
		});
		this.dialog.$wrapper.addClass("booking-dialog");
		this.on("search", () => this.search());
		this.$("found").on("click", "[data-index]", (event) =>
			this.choose(Number(event.currentTarget.dataset.index))
		);
		this.$("times").on("click", "[data-slot]", (event) =>
			this.set_start(event.currentTarget.dataset.slot)
		);
		if (values.offerings?.length)
			this.dialog.set_value("offerings", values.offerings).then(() => this.look());
	}

	fields(start, values) {
		const look = () => this.look();
		return [
			{
				fieldtype: "Data",
				fieldname: "search",
				label: __("Client: Phone, Name, VIN or Plate"),
				hidden: values.contact || values.deal ? 1 : 0,
			},
			{ fieldtype: "HTML", fieldname: "found" },
			{
				fieldtype: "Data",
				fieldname: "client_name",
				label: __("Client Name"),
				default: values.client_name,
			},
			{
				fieldtype: "Data",
				fieldname: "phone",
				label: __("Phone"),
				options: "Phone",
				default: values.phone,
			},
			{ fieldtype: "Column Break" },
			{
				fieldtype: "Link",
				fieldname: "vehicle",
				label: __("Car"),
				options: "Auto Vehicle",
				default: values.vehicle,
				onchange: look,
			},
			{ fieldtype: "Data", fieldname: "licence_plate", label: __("Licence Plate") },
			{ fieldtype: "Section Break" },
			{
				fieldtype: "MultiSelectPills",
				fieldname: "offerings",
				label: __("Services"),
				reqd: 1,
				get_data: (text) => this.find_offerings(text, values.group),
				onchange: () => this.offering_chosen(),
			},
			{ fieldtype: "Datetime", fieldname: "start", label: __("Starts At"), reqd: 1, default: start },
			{ fieldtype: "HTML", fieldname: "times" },
			{ fieldtype: "Small Text", fieldname: "comment", label: __("Comment") },
		];
	}

	$(fieldname) {
		return this.dialog.get_field(fieldname).$wrapper;
	}

	on(fieldname, look) {
		// Delegated: the input of a hidden field does not exist.
		const input = `[data-fieldname="${fieldname}"] input`;
		this.dialog.$wrapper.on("input", input, frappe.utils.debounce(look, 300));
	}

	async search() {
		const text = (
			this.dialog.get_value("search") ||
			this.dialog.get_field("search").$input.val() ||
			""
		).trim();
		this.hidden.contact = null;
		if (text.length < 3) return this.$("found").empty();
		const { message } = await frappe.call("auto_dealer.clients.api.quick_search", { text });
		this.found = (message || [])
			.filter((row) => ["Contact", "Auto Vehicle"].includes(row.doctype))
			.slice(0, 6);
		this.$("found").html(
			this.found.map(found_html).join("") || `<p class="text-muted small">${__("A new client.")}</p>`
		);
		if (!this.found.length) this.take_as_new(text);
	}

	take_as_new(text) {
		this.dialog.set_value(/^[+\d\s()-]+$/.test(text) ? "phone" : "client_name", text);
	}

	async choose(index) {
		const row = this.found[index];
		if (row.doctype === "Auto Vehicle") {
			await this.dialog.set_value("vehicle", row.name);
			const { message } = await frappe.db.get_value("Auto Vehicle", row.name, "owner_contact");
			if (message?.owner_contact) await this.set_contact(message.owner_contact);
		} else if (row.name) {
			await this.set_contact(row.name);
		} else {
			this.dialog.set_value("client_name", row.title);
		}
		this.$("found").empty();
	}

	async set_contact(contact) {
		const card = await frappe
			.call("auto_dealer.clients.client_card.get_card", { contact })
			.then((r) => r.message);
		this.hidden.contact = contact;
		this.dialog.set_values({ client_name: card.client_name, phone: card.phone });
		if (card.vehicles?.length === 1 && !this.dialog.get_value("vehicle")) {
			this.dialog.set_value("vehicle", card.vehicles[0].name);
		}
	}

	async find_offerings(text, group) {
		const filters = { is_active: 1, ...(group ? { group } : {}) };
		const found = await frappe.db.get_link_options("Service Offering", text, filters);
		// The description begins with the name, which is shown already.
		return found.map((row) => ({
			...row,
			description: row.description?.split(", ").slice(1).join(", "),
		}));
	}

	/** The list of services would cover the free times. */
	offering_chosen() {
		setTimeout(() => {
			this.dialog.get_field("offerings").awesomplete?.close();
		}, 150);
		this.look();
	}

	/** How long it takes, what it costs, when it is free. */
	async look() {
		const offerings = this.offerings();
		if (!offerings.length) return this.$("times").empty();
		const number = (this.question = (this.question || 0) + 1);
		const found = await ask("find_slots", {
			offerings,
			vehicle: this.dialog.get_value("vehicle"),
			days: 30,
			limit: OFFERED,
		}).catch(() => null);
		if (!found || number !== this.question) return;
		const facts = [length_title(found.minutes), found.price ? format_currency(found.price) : ""];
		const parts = found.missing_parts.length
			? `<p class="text-danger">${
					found.parts_from
						? __("Parts are there from {0}: {1}", [
								frappe.datetime.str_to_user(found.parts_from),
								esc(found.missing_parts.join(", ")),
							])
						: __("Parts are neither in stock nor ordered: {0}.", [
								esc(found.missing_parts.join(", ")),
							])
				}</p>`
			: "";
		const next = found.slots.length
			? `<button type="button" class="btn btn-primary btn-xs" data-slot="${found.slots[0].start}">${__(
					"Next free: {0}",
					[moment_title(found.slots[0].start)]
				)}</button>`
			: "";
		this.$("times").html(
			`<p>${facts.filter(Boolean).join(" · ")} ${next}</p>${parts}${slots_html(found.slots)}`
		);
	}

	offerings() {
		const value = this.dialog.get_value("offerings");
		return Array.isArray(value)
			? value
			: (value || "")
					.split(",")
					.map((text) => text.trim())
					.filter(Boolean);
	}

	set_start(start) {
		this.resource = null;
		this.dialog.set_value("start", start);
	}

	async book() {
		const values = this.dialog.get_values();
		if (!values) return;
		const given = {};
		for (const field of TYPED) if (values[field]) given[field] = values[field];
		try {
			const made = await ask(
				"book",
				{
					values: {
						...given,
						...this.hidden,
						offerings: this.offerings(),
						resources: this.resource ? [this.resource] : [],
						request_key: this.request_key,
						source: "Phone",
					},
				},
				{ freeze: true }
			);
			this.dialog.hide();
			frappe.show_alert({
				message: __("Booked: {0}, {1}", [made.name, moment_title(made.start)]),
				indicator: "green",
			});
			this.calendar?.refresh();
		} catch ({ next_slots }) {
			if (next_slots?.length) this.$("times").html(slots_html(next_slots));
		}
	}
}

function found_html(row, index) {
	const facts = [row.phone, row.description].filter(Boolean).map(esc).join(" · ");
	return `<button type="button" class="btn-reset found-client" data-index="${index}">
		<b>${esc(row.title)}</b> <span class="text-muted small">${facts}</span></button>`;
}
