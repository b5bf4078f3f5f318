// Contracts on the deal's form: made in one click, the same one opened by the next click.

const API = "auto_dealer.documents.api";

frappe.ui.form.on("Auto Deal", {
	refresh(frm) {
		if (frm.is_new() || !frappe.model.can_create("Dealer Contract") || !frm.perm[0]?.write) return;
		frm.add_custom_button(__("Contract"), () => open_contract(frm), __("Documents"));
		frm.add_custom_button(__("Contract of Another Kind"), () => choose_kind(frm), __("Documents"));
	},
});

async function open_contract(frm, kind = null) {
	if (frm.is_dirty()) await frm.save();
	const { message } = await frappe.call({
		method: `${API}.make_contract`,
		args: { deal: frm.doc.name, kind },
		freeze: true,
	});
	if (!message) return;
	if (message.is_new) {
		frappe.show_alert({ message: __("Contract {0} is made", [message.number]), indicator: "green" });
	}
	frappe.set_route("Form", "Dealer Contract", message.contract);
}

function choose_kind(frm) {
	frappe.prompt(
		[
			{
				fieldtype: "Link",
				fieldname: "kind",
				label: __("Contract Kind"),
				options: "Contract Kind",
				reqd: 1,
				get_query: () => ({ filters: { is_enabled: 1 } }),
			},
		],
		({ kind }) => open_contract(frm, kind),
		__("Contract of Another Kind"),
		__("Make a Contract")
	);
}
