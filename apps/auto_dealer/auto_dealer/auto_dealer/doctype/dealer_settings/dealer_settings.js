frappe.ui.form.on("Dealer Settings", {
	refresh(frm) {
		frm.add_custom_button(__("Role Permissions"), () =>
			frappe.set_route("permission-manager", "Auto Deal")
		);
		frm.add_custom_button(__("Pipelines"), () => frappe.set_route("List", "Deal Pipeline"));
	},
});
