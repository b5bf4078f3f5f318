const CONTRACT_COLORS = { Draft: "orange", Signed: "blue", Executed: "green", Terminated: "gray" };

frappe.listview_settings["Dealer Contract"] = {
	add_fields: ["status", "number", "currency"],
	hide_name_column: true,
	get_indicator(doc) {
		return [__(doc.status), CONTRACT_COLORS[doc.status] || "gray", `status,=,${doc.status}`];
	},
};
