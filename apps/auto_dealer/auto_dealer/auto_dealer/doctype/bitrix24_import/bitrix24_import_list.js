frappe.listview_settings["Bitrix24 Import"] = {
	get_indicator(doc) {
		const colors = {
			Draft: "gray",
			Ready: "blue",
			Running: "orange",
			Done: "green",
			"Done with Refusals": "yellow",
			Failed: "red",
		};
		return [__(doc.status), colors[doc.status], `status,=,${doc.status}`];
	},
};
