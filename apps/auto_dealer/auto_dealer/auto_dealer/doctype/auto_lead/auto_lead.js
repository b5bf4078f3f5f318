const USUAL_TYPE = "Primary Visit";

frappe.ui.form.on("Auto Lead", {
	setup(frm) {
		frm.set_query("lost_reason", () => ({
			filters: { is_enabled: 1, applies_to: ["in", ["Leads and Deals", "Leads"]] },
		}));
		frm.set_query("interest_model", () =>
			frm.doc.interest_make ? { filters: { make: frm.doc.interest_make } } : {}
		);
		frm.set_query("ad_channel", () => ({ filters: { is_active: 1 } }));
	},

	onload(frm) {
		if (frm.is_new()) fill_defaults(frm);
	},

	refresh(frm) {
		// The actions move an enquiry on; these two only show where it stands.
		for (const field of ["status", "deal"]) frm.set_df_property(field, "read_only", 1);
		add_actions(frm);
		show_duplicates(frm);
		if (frm.doc.deal) {
			frm.dashboard.add_comment(
				__("This enquiry belongs to deal {0}", [
					`<a href="/app/auto-deal/${encodeURIComponent(frm.doc.deal)}">${frappe.utils.escape_html(frm.doc.deal)}</a>`,
				]),
				"blue",
				true
			);
		}
	},

	client_name: look_for_duplicates,
	phone: look_for_duplicates,
	email: look_for_duplicates,
	messenger: look_for_duplicates,
});

/** For a first-time client the name is then enough. */
async function fill_defaults(frm) {
	if (!frm.doc.responsible && frappe.session.user !== "Administrator") {
		frm.set_value("responsible", frappe.session.user);
	}
	if (!frm.doc.enquiry_type && (await frappe.db.exists("Enquiry Type", USUAL_TYPE))) {
		frm.set_value("enquiry_type", USUAL_TYPE);
	}
}

function is_open(frm) {
	return ["New", "In Progress"].includes(frm.doc.status);
}

function add_actions(frm) {
	if (frm.is_new() || !frm.perm[0]?.write) return;
	if (is_open(frm)) {
		if (!frm.doc.responsible)
			frm.add_custom_button(__("Take to Work"), () => take(frm)).addClass("btn-primary");
		frm.add_custom_button(__("Convert to Deal"), () => convert(frm));
		frm.add_custom_button(__("Attach to Deal"), () => attach(frm));
		frm.add_custom_button(__("Refused"), () => close_lead(frm, "Refused"), __("Not a Deal"));
		frm.add_custom_button(__("Junk"), () => close_lead(frm, "Junk"), __("Not a Deal"));
	}
	frm.page.add_menu_item(__("Merge with a Duplicate"), () => auto_dealer.merge(frm));
}

async function take(frm) {
	await frappe.xcall("auto_dealer.sales.api.take_lead_to_work", { lead: frm.doc.name });
	frappe.show_alert({ message: __("The enquiry is yours now"), indicator: "green" });
	frm.reload_doc();
}

function convert(frm) {
	const dialog = new frappe.ui.Dialog({
		title: __("Convert to Deal"),
		fields: [
			{
				fieldtype: "Link",
				fieldname: "pipeline",
				label: __("Pipeline"),
				options: "Deal Pipeline",
				description: __("Empty: as the channel says, else the default pipeline."),
				get_query: () => ({ filters: { is_enabled: 1 } }),
			},
		],
		primary_action_label: __("Convert"),
		primary_action: async ({ pipeline }) => {
			dialog.disable_primary_action();
			try {
				const deal = await frappe.xcall("auto_dealer.sales.api.convert_lead", {
					lead: frm.doc.name,
					pipeline,
				});
				dialog.hide();
				frappe.set_route("Form", "Auto Deal", deal.deal || deal);
			} finally {
				dialog.enable_primary_action();
			}
		},
	});
	dialog.show();
}

function attach(frm) {
	const dialog = new frappe.ui.Dialog({
		title: __("Attach to Deal"),
		fields: [
			{
				fieldtype: "Link",
				fieldname: "deal",
				label: __("Deal"),
				options: "Auto Deal",
				reqd: 1,
				get_query: () => ({ filters: { is_closed: 0 } }),
			},
		],
		primary_action_label: __("Attach"),
		primary_action: async ({ deal }) => {
			await frappe.xcall("auto_dealer.sales.api.attach_lead", { lead: frm.doc.name, deal });
			dialog.hide();
			frm.reload_doc();
		},
	});
	dialog.show();
}

function close_lead(frm, status) {
	const dialog = new frappe.ui.Dialog({
		title: __(status),
		fields: [
			{
				fieldtype: "Link",
				fieldname: "lost_reason",
				label: __("Reason"),
				options: "Lost Reason",
				reqd: 1,
				get_query: () => ({
					filters: { is_enabled: 1, applies_to: ["in", ["Leads and Deals", "Leads"]] },
				}),
			},
		],
		primary_action_label: __("Close the Enquiry"),
		primary_action: async ({ lost_reason }) => {
			await frappe.xcall("auto_dealer.sales.api.close_lead", {
				lead: frm.doc.name,
				status,
				lost_reason,
			});
			dialog.hide();
			frm.reload_doc();
		},
	});
	dialog.show();
}

function show_duplicates(frm) {
	if (!frm.dealer_duplicates) {
		const $place = $('<div class="dealer-duplicates-place"></div>');
		$(frm.fields_dict.client_name.wrapper).closest(".section-body").before($place);
		frm.dealer_duplicates = {
			$place,
			look: auto_dealer.watch_duplicates($place, () => question(frm), {
				is_same: (row) => row.doctype === "Contact" && row.name === frm.doc.contact,
				on_pick: (row) => frm.set_value("contact", row.name),
			}),
		};
	}
	frm.dealer_duplicates.$place.toggle(is_open(frm));
	look_for_duplicates(frm);
}

function question(frm) {
	const { client_name, phone, email, messenger } = frm.doc;
	return {
		client_name,
		phone,
		email,
		messenger,
		...(frm.is_new() ? {} : { doctype: frm.doctype, name: frm.doc.name }),
	};
}

function look_for_duplicates(frm) {
	if (is_open(frm)) frm.dealer_duplicates?.look();
}
