frappe.listview_settings["Deal Pipeline"] = {
	add_fields: ["is_enabled", "is_default"],
	hide_name_column: true,
	formatters: {
		pipeline_name: (value) => __(value),
	},
	onload(listview) {
		if (!auto_dealer.packs.may()) return;
		listview.page.add_inner_button(__("Import a Pack"), () =>
			auto_dealer.packs.open_import({ on_applied: () => listview.refresh() })
		);
		listview.page.add_menu_item(__("Applied Packs"), () => frappe.set_route("List", "Pipeline Pack"));
	},
	get_indicator(doc) {
		if (!doc.is_enabled) return [__("Off"), "gray", "is_enabled,=,0"];
		if (doc.is_default) return [__("Default"), "blue", "is_default,=,1"];
		return [__("On"), "green", "is_enabled,=,1"];
	},
	button: {
		show: (doc) => Boolean(doc.is_enabled),
		get_label: () => __("Board"),
		get_description: (doc) => __("Deals of {0}", [__(doc.name)]),
		action: (doc) => frappe.set_route("deals-board", doc.name),
	},
};
