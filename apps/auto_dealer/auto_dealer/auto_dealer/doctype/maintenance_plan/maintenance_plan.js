frappe.ui.form.on("Maintenance Plan", {
	refresh(frm) {
		if (frm.is_new()) return;
		frm.add_custom_button(__("Car"), () => frappe.set_route("Form", "Auto Vehicle", frm.doc.vehicle));
		if (frm.doc.deal) {
			frm.add_custom_button(__("Deal"), () => frappe.set_route("Form", "Auto Deal", frm.doc.deal));
		}
	},
});
