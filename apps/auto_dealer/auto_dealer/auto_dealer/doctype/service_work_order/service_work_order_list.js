frappe.listview_settings["Service Work Order"] = {
	add_fields: ["stage", "currency"],
	formatters: {
		// The whole moment does not fit into the column; the year is told when it is another one.
		promised_at(value) {
			if (!value) return "";
			const promised = moment(value);
			return promised.format(promised.year() === moment().year() ? "DD.MM HH:mm" : "DD.MM.YY HH:mm");
		},
	},
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
