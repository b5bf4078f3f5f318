// A pack that was applied: what it changed, and the way back.

frappe.ui.form.on("Pipeline Pack", {
	refresh(frm) {
		frm.disable_save();
		show_changes(frm);
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

/** In the reader's language, whoever applied the pack. */
async function show_changes(frm) {
	const { message } = await frappe.call("auto_dealer.packs.api.get_changes", { pack: frm.doc.name });
	$(frm.fields_dict.changes_view.wrapper).html(
		`<p><b>${frappe.utils.escape_html(message.summary)}</b></p>${auto_dealer.packs.changes_html(
			message.changes
		)}`
	);
}
