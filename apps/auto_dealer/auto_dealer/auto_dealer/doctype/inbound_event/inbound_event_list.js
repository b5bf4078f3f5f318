frappe.listview_settings["Inbound Event"] = {
	get_indicator(doc) {
		const color = { Received: "blue", Processed: "green", Failed: "red" }[doc.status] || "gray";
		return [__(doc.status), color, `status,=,${doc.status}`];
	},
};
