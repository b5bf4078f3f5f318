frappe.listview_settings["Auto Deal"] = {
	hide_name_column: true,
	add_fields: [
		"stage",
		"pipeline",
		"stage_deadline",
		"is_closed",
		"is_unsorted",
		"currency",
		"responsible",
	],

	get_indicator(doc) {
		return [
			__(doc.stage),
			auto_dealer.lists.stage_color(doc.pipeline, doc.stage),
			`stage,=,${doc.stage}`,
		];
	},

	onload(listview) {
		listview.page.set_secondary_action(
			__("Board"),
			() => frappe.set_route("deals-board", auto_dealer.lists.pipeline_of(listview) || ""),
			"list"
		);
		listview.page.btn_secondary.attr("title", __("Show as a board")).addClass("dealer-switch");
		auto_dealer.lists.add_pipeline_choice(listview);
		auto_dealer.lists.load_stages().then(() => listview.refresh());
	},

	refresh(listview) {
		auto_dealer.lists.remember_filters(listview);
	},

	primary_action() {
		auto_dealer
			.new_deal({ pipeline: window.cur_list && auto_dealer.lists.pipeline_of(cur_list) })
			.then((deal) => {
				if (deal) frappe.set_route("Form", "Auto Deal", deal);
			});
	},

	button: {
		show: (doc) => !doc.is_closed && (Boolean(doc.is_unsorted) || !doc.responsible),
		get_label: () => __("Take"),
		get_description: (doc) => __("Take {0} to work", [doc.name]),
		action: (doc) =>
			frappe
				.xcall("auto_dealer.sales.api.take_to_work", { deal: doc.name })
				.then(() => window.cur_list && cur_list.refresh()),
	},

	formatters: {
		amount: (value, _df, doc) => auto_dealer.lists.money(value, doc.currency),
		responsible: (value) => auto_dealer.lists.person(value),
		stage_deadline(value, _df, doc) {
			if (!value || doc.is_closed) return "";
			const late = moment(frappe.datetime.system_datetime()).isAfter(moment(value));
			const text = frappe.utils.escape_html(frappe.datetime.prettyDate(value));
			return late ? `<span class="dealer-overdue">${text}</span>` : `<span>${text}</span>`;
		},
	},
};
