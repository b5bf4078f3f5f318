// A pack that was applied: what it changed, and the way back.

frappe.ui.form.on("Pipeline Pack", {
	refresh(frm) {
		frm.disable_save();
		const changes = JSON.parse(frm.doc.changes || "[]");
		$(frm.fields_dict.changes_view.wrapper).html(auto_dealer.packs.changes_html(changes));
		if (frm.doc.status === "Applied" && auto_dealer.packs.may()) {
			frm.add_custom_button(__("Roll Back"), () =>
				auto_dealer.packs.open_roll_back(frm.doc.name, () => frm.reload_doc())
			);
		}
		if (frm.doc.pipeline) {
			frm.add_custom_button(__("Pipeline"), () =>
				frappe.set_route("Form", "Deal Pipeline", frm.doc.pipeline)
			);
		}
	},
});
