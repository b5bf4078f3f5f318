frappe.ui.form.on("Staff Notice", {
	refresh(frm) {
		frm.disable_save();
		if (!frm.is_new()) auto_dealer.notices.show_notice(frm);
	},
});
