frappe.listview_settings["Pipeline Pack"] = {
	hide_name_column: true,
	formatters: {
		title: (value) => frappe.utils.escape_html(__(value || "")),
		pipeline: (value) => frappe.utils.escape_html(__(value || "")),
	},
	get_indicator(doc) {
		const color = doc.status === "Applied" ? "green" : "gray";
		return [__(doc.status), color, `status,=,${doc.status}`];
	},
	onload(listview) {
		if (!auto_dealer.packs.may()) return;
		listview.page.add_inner_button(__("Import a Pack"), () =>
			auto_dealer.packs.open_import({ on_applied: () => listview.refresh() })
		);
	},
};
