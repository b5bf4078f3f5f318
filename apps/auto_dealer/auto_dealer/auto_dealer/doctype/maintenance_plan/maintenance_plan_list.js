const PLAN_COLORS = {
	Waiting: "blue",
	Invited: "orange",
	Booked: "green",
	Stopped: "gray",
	"No Data": "gray",
};

frappe.listview_settings["Maintenance Plan"] = {
	hide_name_column: true,
	add_fields: ["status"],
	get_indicator({ status }) {
		return [__(status, null, "Maintenance Plan"), PLAN_COLORS[status] || "gray", `status,=,${status}`];
	},
};
