frappe.query_reports["Preparation Board"] = {
	filters: [
		{
			fieldname: "pipeline",
			label: __("Pipeline"),
			fieldtype: "Link",
			options: "Deal Pipeline",
			get_query: () => ({ filters: { deal_kind: ["in", ["Buyout", "Commission"]] } }),
		},
	],

	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		const is_late = data && data.late_step && ["late_step", "late_days"].includes(column.fieldname);
		return is_late
			? `<span class="text-${data.is_late_now ? "danger" : "warning"}">${shown}</span>`
			: shown;
	},
};
