frappe.listview_settings["Stage Robot"] = {
	hide_name_column: true,
	add_fields: ["is_enabled", "event", "action"],
	get_indicator(doc) {
		return doc.is_enabled ? [__("On"), "green", "is_enabled,=,1"] : [__("Off"), "gray", "is_enabled,=,0"];
	},
	formatters: {
		title: (value) => frappe.utils.escape_html(__(value || "")),
		stage: (value) => frappe.utils.escape_html(__(value || "")),
	},
};
