frappe.listview_settings["Vehicle Appraisal"] = {
	add_fields: ["stage"],
	has_indicator_for_draft: true,
	get_indicator({ stage }) {
		const color = { Agreed: "green", Declined: "red" }[stage] || "orange";
		return [__(stage, null, "Vehicle Appraisal"), color, `stage,=,${stage}`];
	},
};
