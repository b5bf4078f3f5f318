const LEAD_COLORS = {
	New: "orange",
	"In Progress": "blue",
	"Attached to Deal": "purple",
	Converted: "green",
	Junk: "gray",
	Refused: "red",
};

frappe.listview_settings["Auto Lead"] = {
	add_fields: ["status", "responsible", "deal", "is_secondary"],

	get_indicator(doc) {
		return [__(doc.status), LEAD_COLORS[doc.status] || "gray", `status,=,${doc.status}`];
	},

	onload(listview) {
		listview.page.add_inner_button(__("Unsorted"), () =>
			listview.filter_area.clear(false).then(() =>
				listview.filter_area.add([
					["Auto Lead", "responsible", "is", "not set"],
					["Auto Lead", "status", "=", "New"],
				])
			)
		);
	},
};
