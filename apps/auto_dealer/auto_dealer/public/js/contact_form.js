// Contact belongs to Frappe: our hook (doctype_js) adds the merge to its form.
frappe.ui.form.on("Contact", {
	refresh(frm) {
		if (frm.is_new() || !frm.perm[0]?.write || !frappe.model.can_read("Client Merge")) return;
		frm.add_custom_button(__("Merge with a Duplicate"), () => auto_dealer.merge(frm), __("Actions"));
		frm.add_custom_button(__("New Deal"), () => auto_dealer.new_deal(), __("Actions"));
	},
});
