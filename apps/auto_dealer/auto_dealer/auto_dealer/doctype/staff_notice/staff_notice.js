frappe.ui.form.on("Staff Notice", {
	refresh(frm) {
		frm.disable_save();
		frm.toggle_display("text", false);
		if (!frm.is_new()) auto_dealer.notices.show_notice(frm);
	},
});
