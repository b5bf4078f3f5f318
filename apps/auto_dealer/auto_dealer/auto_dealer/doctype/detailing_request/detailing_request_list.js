frappe.listview_settings["Detailing Request"] = {
	add_fields: ["state"],
	has_indicator_for_draft: true,
	hide_name_column: true,
	get_indicator({ state }) {
		const is_good = ["Closed", "Passed to Sales", "Detailing Done"].includes(state);
		const is_gray = ["New", "Draft", "Cancelled"].includes(state);
		const color = is_good ? "green" : is_gray ? "gray" : "orange";
		return [__(state, null, "Detailing Request"), color, `state,=,${state}`];
	},
};
