const LEAD_COLORS = {
	New: "orange",
	"In Progress": "blue",
	"Attached to Deal": "purple",
	Converted: "green",
	Junk: "gray",
	Refused: "red",
};

frappe.listview_settings["Auto Lead"] = {
	hide_name_column: true,
	add_fields: ["status", "responsible", "deal", "is_secondary"],

	get_indicator(doc) {
		return [__(doc.status), LEAD_COLORS[doc.status] || "gray", `status,=,${doc.status}`];
	},

	formatters: {
		responsible: (value) => auto_dealer.lists.person(value),
	},

	button: {
		show: (doc) => !doc.responsible && ["New", "In Progress"].includes(doc.status),
		get_label: () => __("Take"),
		get_description: (doc) => __("Take {0} to work", [doc.name]),
		action: (doc) =>
			frappe
				.xcall("auto_dealer.sales.api.take_lead_to_work", { lead: doc.name })
				.then(() => window.cur_list && cur_list.refresh()),
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
