// From the deal to a booking: a test drive, an appointment for the contract, a service.
const DEAL_BOOKINGS = {
	"Test Drive": () => __("Book a Test Drive"),
	"Contract Appointment": () => __("Book a Contract Appointment"),
	"": () => __("Book a Service"),
};

frappe.ui.form.on("Auto Deal", {
	refresh(frm) {
		if (frm.is_new() || frm.doc.is_closed || !frappe.model.can_create("Service Booking")) return;
		for (const [group, title] of Object.entries(DEAL_BOOKINGS)) {
			frm.add_custom_button(title(), () => book_from_deal(frm, group, title()), __("Booking"));
		}
	},
});

async function book_from_deal(frm, group, title) {
	await frappe.require(["service_calendar.bundle.js", "service_calendar.bundle.css"]);
	const offerings = group
		? await frappe.db.get_list("Service Offering", {
				fields: ["name"],
				filters: { group, is_active: 1 },
				order_by: "sort_order, name",
				limit: 1,
			})
		: [];
	const { deal, contact, client_name, phone, vehicle } = { deal: frm.doc.name, ...frm.doc };
	auto_dealer.new_booking(null, {
		values: {
			title,
			deal,
			contact,
			client_name,
			phone,
			vehicle,
			group,
			offerings: offerings.map((row) => row.name),
		},
	});
}
