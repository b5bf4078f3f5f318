// A booking opened from the calendar: what it is, and what can be done with it.
import { slots_html } from "./slot_chips";
import { ask } from "./server";
import { ACTIONS, COLORS, NEXT, status_title } from "./status";
import { moment_title, time_of } from "./times";

export { new_booking } from "./new_booking";

const esc = frappe.utils.escape_html;

export function open_booking(calendar, booking) {
	const dialog = new frappe.ui.Dialog({
		title: `${booking.name} · ${esc(booking.client || "")}`,
		fields: [
			{ fieldtype: "HTML", fieldname: "facts" },
			{ fieldtype: "HTML", fieldname: "actions" },
			{ fieldtype: "HTML", fieldname: "times" },
		],
	});
	dialog.get_field("facts").$wrapper.html(facts_html(booking));
	const can_write = frappe.model.can_write("Service Booking");
	dialog.get_field("actions").$wrapper.html(actions_html(booking, can_write));
	dialog.$wrapper.addClass("booking-dialog");
	dialog.$wrapper.on("click", "[data-status]", (event) =>
		change_status(calendar, dialog, booking, event.currentTarget.dataset.status)
	);
	dialog.$wrapper.on("click", "[data-action=move]", () => show_times(dialog, booking));
	dialog.$wrapper.on("click", "[data-action=link]", () => copy_link(booking));
	dialog.$wrapper.on("click", "[data-slot]", (event) =>
		move_to(calendar, dialog, booking, event.currentTarget.dataset.slot)
	);
	dialog.show();
	return dialog;
}

function facts_html(booking) {
	const phone = booking.phone
		? `<a href="tel:${esc(booking.phone.replace(/[^+\d]/g, ""))}">${esc(booking.phone)}</a>`
		: "";
	const lines = [
		[__("Time"), `${esc(moment_title(booking.start))}–${time_of(booking.end)}`],
		[__("Phone"), phone],
		[__("Car"), esc(booking.car || "")],
		[__("Services"), esc(booking.services || "")],
		[__("Resources"), booking.resources.map(esc).join(", ")],
		[
			__("Deal"),
			booking.deal
				? `<a href="/app/auto-deal/${encodeURIComponent(booking.deal)}">${esc(booking.deal)}</a>`
				: "",
		],
	];
	return `<p><span class="indicator-pill no-indicator-dot" data-color="${COLORS[booking.status] || "gray"}"
			style="background: var(--stage-bg); color: var(--stage-text)">${esc(status_title(booking.status))}</span></p>
		<dl class="booking-lines">${lines
			.filter(([, text]) => text)
			.map(([label, text]) => `<dt>${label}</dt><dd>${text}</dd>`)
			.join("")}</dl>`;
}

function actions_html(booking, can_write) {
	const open = `<a class="btn btn-default btn-sm" href="/app/service-booking/${encodeURIComponent(booking.name)}">${__(
		"Open",
		null,
		"Service Booking"
	)}</a>`;
	if (!can_write) return open;
	const states = (NEXT[booking.status] || []).map(
		(status, index) =>
			`<button type="button" class="btn btn-sm ${index ? "btn-default" : "btn-primary"}"
				data-status="${status}">${ACTIONS[status]()}</button>`
	);
	const move = ["Requested", "Confirmed"].includes(booking.status)
		? `<button type="button" class="btn btn-default btn-sm" data-action="move">${__("Move…")}</button>`
		: "";
	const link = `<button type="button" class="btn btn-default btn-sm" data-action="link">${__("Copy Client's Link")}</button>`;
	return `<div class="booking-actions">${states.join("")}${move}${open}${link}</div>`;
}

async function change_status(calendar, dialog, booking, status) {
	let reason = null;
	if (status === "Cancelled") {
		reason = await ask_reason();
		if (reason === undefined) return;
	}
	try {
		await ask("set_status", { booking: booking.name, status, reason }, { freeze: true });
		dialog.hide();
	} finally {
		calendar.refresh();
	}
}

function ask_reason() {
	return new Promise((resolve) => {
		let given;
		const dialog = frappe.prompt(
			{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason") },
			({ reason }) => {
				given = reason || null;
			},
			__("Cancel Booking"),
			__("Cancel Booking")
		);
		dialog.on_hide = () => resolve(given);
	});
}

async function copy_link(booking) {
	frappe.utils.copy_to_clipboard(await ask("get_link", { booking: booking.name }));
}

async function show_times(dialog, booking) {
	const $times = dialog
		.get_field("times")
		.$wrapper.html(`<p class="text-muted">${__("Looking for free times…")}</p>`);
	const { message: doc } = await frappe.call("frappe.client.get", {
		doctype: "Service Booking",
		name: booking.name,
	});
	const found = await ask("find_slots", {
		offerings: doc.offerings.map((row) => row.offering),
		vehicle: doc.vehicle,
		make: doc.make,
		model: doc.model,
		minutes: doc.duration_minutes,
		limit: 40,
	});
	$times.html(slots_html(found.slots));
}

async function move_to(calendar, dialog, booking, start) {
	try {
		await ask("move_to", { booking: booking.name, start }, { freeze: true });
		dialog.hide();
	} catch ({ next_slots }) {
		if (next_slots?.length) dialog.get_field("times").$wrapper.html(slots_html(next_slots));
	} finally {
		calendar.refresh();
	}
}
