// A booking: its states by buttons, the calendar, the client's link.
frappe.ui.form.on("Service Booking", {
	setup(frm) {
		frm.set_query("offering", "offerings", () => ({ filters: { is_active: 1 } }));
		frm.set_query("resource", "resources", () => ({ filters: { is_active: 1 } }));
	},

	refresh(frm) {
		if (frm.is_new()) return;
		frm.add_custom_button(__("Service Calendar"), () =>
			frappe.set_route("service-calendar", frm.doc.start.slice(0, 10))
		);
		if (!frm.perm[0]?.write) return;
		add_status_buttons(frm);
		frm.add_custom_button(__("Copy Client's Link"), async () => {
			const { message } = await frappe.call("auto_dealer.booking.api.get_link", {
				booking: frm.doc.name,
			});
			frappe.utils.copy_to_clipboard(message);
		});
	},
});

const BOOKING_STEPS = {
	Requested: { Confirmed: () => __("Confirm", null, "Service Booking") },
	Confirmed: { Arrived: () => __("Client Arrived"), "No-show": () => __("Did Not Come") },
	Arrived: { "In Work": () => __("Start Work") },
	"In Work": { Done: () => __("Finish", null, "Service Booking") },
};

function add_status_buttons(frm) {
	for (const [status, title] of Object.entries(BOOKING_STEPS[frm.doc.status] || {})) {
		const $button = frm.add_custom_button(title(), () => set_booking_status(frm, status));
		if (status !== "No-show") $button.addClass("btn-primary");
	}
	if (["Requested", "Confirmed", "Arrived"].includes(frm.doc.status)) {
		frm.add_custom_button(__("Cancel Booking"), () =>
			frappe.prompt(
				{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason") },
				({ reason }) => set_booking_status(frm, "Cancelled", reason),
				__("Cancel Booking"),
				__("Cancel Booking")
			)
		);
	}
}

async function set_booking_status(frm, status, reason = null) {
	await frappe.call({
		method: "auto_dealer.booking.api.set_status",
		type: "POST",
		args: { booking: frm.doc.name, status, reason },
		freeze: true,
	});
	frm.reload_doc();
}
