// From a deal or a booking to its work order.
for (const doctype of ["Auto Deal", "Service Booking"]) {
	frappe.ui.form.on(doctype, {
		refresh(frm) {
			if (frm.is_new() || !frappe.model.can_create("Service Work Order")) return;
			if (frm.doc.is_closed || ["Cancelled", "No-show"].includes(frm.doc.status)) return;
			frm.add_custom_button(
				__("Open Work Order"),
				() => open_work_order(frm),
				frm.doctype === "Auto Deal" ? __("Booking") : null
			);
		},
	});
}

async function open_work_order(frm) {
	const is_deal = frm.doctype === "Auto Deal";
	const { message } = await frappe.call({
		method: `auto_dealer.orders.api.open_from_${is_deal ? "deal" : "booking"}`,
		type: "POST",
		args: { [is_deal ? "deal" : "booking"]: frm.doc.name },
		freeze: true,
	});
	frappe.set_route("Form", "Service Work Order", message);
}
