// The deal's customer by tax number: typed, picked, saved.
frappe.ui.form.on("Auto Deal", {
	refresh(frm) {
		if (frm.is_new() || !frm.perm[0]?.write || frm.doc.is_closed) return;
		frm.add_custom_button(__("Company by Tax Number"), () => ask_tax_number(frm), __("Actions"));
	},
});

function ask_tax_number(frm) {
	frappe.prompt(
		{ fieldname: "inn", fieldtype: "Data", label: __("Tax Number (INN)"), reqd: 1 },
		async ({ inn }) => {
			const found = await frappe.xcall("auto_dealer.clients.api.get_companies", { inn });
			if (!found.length) {
				const typed = frappe.utils.escape_html(inn);
				return frappe.msgprint(__("The register knows no company {0}.", [typed]));
			}
			pick_company(frm, found);
		},
		__("Company by Tax Number"),
		__("Find")
	);
}

function pick_company(frm, found) {
	const label = (each) =>
		[each.name, each.kpp && __("KPP {0}", [each.kpp]), each.address, !each.is_active && __("not active")]
			.filter(Boolean)
			.join(", ");
	const options = found.map((each, index) => ({
		value: String(index),
		label: frappe.utils.escape_html(label(each)),
	}));
	frappe.prompt(
		{ fieldname: "company", fieldtype: "Select", label: __("Company"), options, default: "0", reqd: 1 },
		async ({ company }) => {
			const { inn, kpp } = found[Number(company)];
			if (frm.is_dirty()) await frm.save();
			await frappe.xcall("auto_dealer.clients.api.take_company", { deal: frm.doc.name, inn, kpp });
			frm.reload_doc();
		},
		__("Company by Tax Number"),
		__("Take")
	);
}
