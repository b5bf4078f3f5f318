frappe.listview_settings["Credit Application"] = {
	add_fields: ["stage"],
	has_indicator_for_draft: true,
	get_indicator({ stage }) {
		const is_won = ["Approved", "Signed", "Issued"].includes(stage);
		const is_lost = ["Refused", "Withdrawn"].includes(stage);
		const color = is_won ? "green" : is_lost ? "red" : "orange";
		return [__(stage, null, "Credit Application"), color, `stage,=,${stage}`];
	},
};
