frappe.ui.form.on("Inbound Event", {
	refresh(frm) {
		if (frm.is_new() || frm.doc.status === "Processed" || !frm.perm[0]?.write) return;
		frm.add_custom_button(__("Run Again"), () => run_again(frm)).addClass("btn-primary");
		frm.add_custom_button(__("Correct and Run"), () => correct(frm));
	},
});

async function run_again(frm, payload) {
	await frappe.xcall("auto_dealer.channels.api.reprocess", { event: frm.doc.name, payload });
	frappe.show_alert({ message: __("Queued; the result appears here in a moment."), indicator: "blue" });
	setTimeout(() => frm.reload_doc(), 3000);
}

/** What was received stays as it came; the corrected text is kept beside it. */
function correct(frm) {
	const dialog = new frappe.ui.Dialog({
		title: __("Correct the Payload"),
		size: "large",
		fields: [
			{
				fieldtype: "Code",
				fieldname: "payload",
				label: __("Payload"),
				options: "JSON",
				reqd: 1,
				default: frm.doc.corrected_payload || frm.doc.payload,
			},
		],
		primary_action_label: __("Run Again"),
		primary_action: async ({ payload }) => {
			await run_again(frm, payload);
			dialog.hide();
		},
	});
	dialog.show();
}
