frappe.listview_settings["Service Resource"] = {
	add_fields: ["is_active", "resource_kind"],
	get_indicator(doc) {
		return doc.is_active
			? [__("Active"), "green", "is_active,=,1"]
			: [__("Switched Off"), "gray", "is_active,=,0"];
	},
};
