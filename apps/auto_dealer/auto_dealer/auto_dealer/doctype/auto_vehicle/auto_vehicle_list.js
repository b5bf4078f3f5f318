const OWNERSHIP_COLORS = { Client: "blue", "Own Stock": "green", Commission: "orange", Sold: "gray" };

frappe.listview_settings["Auto Vehicle"] = {
	add_fields: ["ownership"],
	get_indicator(doc) {
		return [__(doc.ownership), OWNERSHIP_COLORS[doc.ownership] || "gray", `ownership,=,${doc.ownership}`];
	},
};
