// Shipped names are English in the data and shown in the user's language.
frappe.listview_settings["Lost Reason"] = {
	hide_name_column: true,
	formatters: {
		reason_name: (value) => __(value),
	},
};
