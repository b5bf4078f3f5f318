frappe.listview_settings["Service Booking"] = {
	hide_name_column: true,
	add_fields: ["status", "end"],
	formatters: {
		// The whole moment does not fit into the column; the year is told when it is another one.
		start(value) {
			const start = moment(value);
			return start.format(start.year() === moment().year() ? "DD.MM HH:mm" : "DD.MM.YY HH:mm");
		},
	},
	get_indicator(doc) {
		const color = {
			Requested: "yellow",
			Confirmed: "blue",
			Arrived: "orange",
			"In Work": "purple",
			Done: "green",
		}[doc.status];
		return [__(doc.status, null, "Service Booking"), color || "gray", `status,=,${doc.status}`];
	},
	onload(list) {
		list.page.add_inner_button(__("Service Calendar"), () => frappe.set_route("service-calendar"));
	},
};
