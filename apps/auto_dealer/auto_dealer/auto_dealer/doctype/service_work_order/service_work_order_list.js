frappe.listview_settings["Service Work Order"] = {
	add_fields: ["stage", "currency"],
	get_indicator(doc) {
		const colors = {
			New: "gray",
			Inspection: "blue",
			Estimate: "orange",
			Agreed: "cyan",
			"In Work": "yellow",
			"Quality Check": "purple",
			Ready: "green",
			"Handed Over": "green",
			Closed: "gray",
			Cancelled: "red",
		};
		return [
			__(doc.stage, null, "Service Work Order"),
			colors[doc.stage] || "gray",
			`stage,=,${doc.stage}`,
		];
	},
};
