// Shipped names are English in the data and shown in the user's language.
frappe.listview_settings["Object Kind"] = {
	hide_name_column: true,
	formatters: {
		kind_name: (value) => __(value),
	},
};
