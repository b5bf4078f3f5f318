frappe.listview_settings["Labour Norm"] = {
	formatters: { year_from: (year) => year || "" },
	onload(list) {
		if (frappe.model.can_create("Labour Norm Import")) {
			list.page.add_menu_item(__("Import Norms from a File"), () =>
				frappe.new_doc("Labour Norm Import")
			);
		}
		if (frappe.model.can_export("Labour Norm")) {
			list.page.add_menu_item(__("Export Norms for the Import"), () =>
				open_url_post(frappe.request.url, { cmd: "auto_dealer.workshop.api.download_norms" })
			);
		}
		if (frappe.model.can_create("Labour Norm")) add_sources(list);
	},
};

// Licensed sources of norms that an app of the dealer's connects.
async function add_sources(list) {
	const { message } = await frappe.call({
		method: "auto_dealer.workshop.api.get_norm_sources",
		type: "GET",
	});
	for (const source of message || []) {
		list.page.add_menu_item(__("Norms of a Car from {0}", [source]), () => fetch_norms(list, source));
	}
}

function fetch_norms(list, source) {
	const field = {
		fieldtype: "Link",
		fieldname: "vehicle",
		options: "Auto Vehicle",
		label: __("Car"),
		reqd: 1,
	};
	frappe.prompt(field, async ({ vehicle }) => {
		const { message } = await frappe.call({
			method: "auto_dealer.workshop.api.fetch_norms_of_vehicle",
			args: { source, vehicle },
			freeze: true,
		});
		const written = (message || []).filter((row) => ["new", "changed"].includes(row.kind)).length;
		frappe.show_alert(__("{0} norms of {1} are written.", [written, (message || []).length]));
		list.refresh();
	});
}
