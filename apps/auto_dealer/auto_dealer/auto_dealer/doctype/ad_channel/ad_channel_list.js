frappe.listview_settings["Ad Channel"] = {
	get_indicator(doc) {
		return doc.is_active
			? [__("Active"), "green", "is_active,=,1"]
			: [__("Off"), "gray", "is_active,=,0"];
	},
	add_fields: ["is_active"],
	hide_name_column: true,
	formatters: {
		channel_name: (value) => __(value),
	},
};
