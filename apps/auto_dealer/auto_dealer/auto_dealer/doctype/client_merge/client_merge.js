frappe.ui.form.on("Client Merge", {
	refresh(frm) {
		if (frm.is_new() || frm.doc.status !== "Merged") return;
		frm.add_custom_button(__("Undo the Merge"), () => auto_dealer.undo_merge(frm));
	},
});
