frappe.ui.form.on("Ad Channel", {
	setup(frm) {
		frm.set_query("pipeline", () => ({ filters: { is_enabled: 1 } }));
		frm.set_query("enquiry_type", () => ({ filters: { is_enabled: 1, is_secondary: 0 } }));
	},

	refresh(frm) {
		if (frm.is_new()) return;
		frm.add_custom_button(__("Inbound Events"), () =>
			frappe.set_route("List", "Inbound Event", { channel: frm.doc.name })
		);
		if (frm.perm[0]?.write) frm.add_custom_button(__("New Token"), () => make_token(frm));
	},
});

function make_token(frm) {
	const warning = frm.doc.token_hint
		? __("The present token stops working at once. Make a new one?")
		: __("Make a token for the outer system of this channel?");
	frappe.confirm(warning, async () => {
		const { token } = await frappe.xcall("auto_dealer.channels.api.new_token", { channel: frm.doc.name });
		await frm.reload_doc();
		show_token(frm, token);
	});
}

/** The token is shown this once; only its hash is kept. */
function show_token(frm, token) {
	const dialog = new frappe.ui.Dialog({
		title: __("Token of {0}", [frappe.utils.escape_html(frm.doc.name)]),
		fields: [
			{
				fieldtype: "Data",
				fieldname: "token",
				label: __("Token"),
				default: token,
				read_only: 1,
				description: __("Copy it now: it is not shown again."),
			},
			{
				fieldtype: "Data",
				fieldname: "address",
				label: __("Address for Events"),
				default: `${window.location.origin}/api/method/auto_dealer.channels.api.intake`,
				read_only: 1,
			},
		],
		primary_action_label: __("Copy the Token"),
		primary_action: () => frappe.utils.copy_to_clipboard(token),
	});
	dialog.show();
}
