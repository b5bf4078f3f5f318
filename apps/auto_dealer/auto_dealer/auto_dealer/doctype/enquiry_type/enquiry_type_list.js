// Shipped names are English in the data and shown in the user's language.
frappe.listview_settings["Enquiry Type"] = {
	hide_name_column: true,
	formatters: {
		type_name: (value) => __(value),
	},
};
