frappe.listview_settings["Client Merge"] = {
	get_indicator(doc) {
		return [__(doc.status), doc.status === "Merged" ? "green" : "gray", `status,=,${doc.status}`];
	},
};
