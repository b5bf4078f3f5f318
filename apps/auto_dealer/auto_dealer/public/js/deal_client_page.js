// The client's page of a repair: a link to send, and to close again.
frappe.ui.form.on("Auto Deal", { refresh: add_client_page });

async function add_client_page(frm) {
	if (frm.is_new() || !frm.perm[0]?.write) return;
	const name = frm.doc.name;
	const { message } = await frappe.db.get_value("Deal Pipeline", frm.doc.pipeline, "deal_kind");
	if (frm.doc.name !== name || message?.deal_kind !== "Repair") return;
	frm.add_custom_button(__("Link to the Client's Page"), () => show_client_link(frm), __("Documents"));
}

async function show_client_link(frm) {
	const args = { deal: frm.doc.name };
	const { message } = await frappe.call("auto_dealer.portal.desk_api.make_deal_link", args);
	const dialog = new frappe.ui.Dialog({
		title: __("Link to the Client's Page"),
		fields: [
			{ fieldname: "url", fieldtype: "Data", label: __("Link"), read_only: 1, default: message.url },
			{
				fieldname: "hint",
				fieldtype: "HTML",
				options: `<p class="text-muted small">${__(
					"Whoever has the link sees the stage, the sum and the invoices of this deal."
				)}</p>`,
			},
		],
		primary_action_label: __("Copy"),
		primary_action() {
			frappe.utils.copy_to_clipboard(message.url);
			dialog.hide();
		},
		secondary_action_label: __("Close the Link"),
		async secondary_action() {
			await frappe.call("auto_dealer.portal.desk_api.revoke_deal_links", args);
			dialog.hide();
			frappe.show_alert(__("The link opens nothing any more."));
		},
	});
	dialog.show();
}
