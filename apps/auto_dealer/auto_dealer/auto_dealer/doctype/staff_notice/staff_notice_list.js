frappe.listview_settings["Staff Notice"] = {
	add_fields: ["status", "kind", "owner_user"],
	hide_name_column: true,
	get_indicator({ status }) {
		const color = { Open: "orange", Taken: "blue", Done: "green", Cancelled: "gray" }[status];
		return [__(status, null, "Staff Notice"), color, `status,=,${status}`];
	},
};
