frappe.ui.form.on("Auto Deal", {
	setup(frm) {
		// The stage bar moves deals; the workflow's own menu would double it and set stages of other pipelines.
		if (frm.states) frm.states.refresh = () => {};
		set_queries(frm);
	},

	onload(frm) {
		if (frm.is_new() && !frm.doc.responsible && frappe.session.user !== "Administrator") {
			frm.set_value("responsible", frappe.session.user);
		}
	},

	refresh(frm) {
		show_fields(frm);
		add_buttons(frm);
		auto_dealer.deal_form.show_stage_bar(frm);
		auto_dealer.deal_form.show_action_panel(frm);
		auto_dealer.deal_form.show_tabs(frm);
		show_duplicates(frm);
	},

	contact: fill_client,
	client_name: look_for_duplicates,
	phone: look_for_duplicates,
	email: look_for_duplicates,
});

function set_queries(frm) {
	frm.set_query("pipeline", () => ({ filters: { is_enabled: 1 } }));
	frm.set_query("lost_reason", () => ({
		filters: { is_enabled: 1, applies_to: ["in", ["Leads and Deals", "Deals"]] },
	}));
	frm.set_query("ad_channel", () => ({ filters: { is_active: 1 } }));
	frm.set_query("model", "vehicle_of_interest", (doc, cdt, cdn) => {
		const make = locals[cdt][cdn].make;
		return make ? { filters: { make } } : {};
	});
}

/** The stage is shown by the bar, and the pipeline changes by its own action. */
function show_fields(frm) {
	frm.toggle_display("stage", false);
	frm.set_df_property("pipeline", "read_only", frm.is_new() ? 0 : 1);
}

function add_buttons(frm) {
	if (frm.is_new()) return;
	frm.page.add_menu_item(__("Why did nothing happen?"), () => auto_dealer.robots.explain(frm));
	frm.add_custom_button(__("Board"), () => frappe.set_route("deals-board", frm.doc.pipeline));
	if (!frm.perm[0]?.write) return;
	if (auto_dealer.deal_form.is_to_be_taken(frm.doc)) {
		frm.page.add_menu_item(__("Take to Work"), () => auto_dealer.deal_form.take_to_work(frm));
	}
	frm.page.add_menu_item(__("Change Pipeline"), () => auto_dealer.deal_form.change_pipeline(frm));
}

/** A client who is known brings the name, the phone and the car into a new deal; what was typed stays. */
async function fill_client(frm) {
	const contact = frm.doc.contact;
	if (!contact) return;
	const { message: card } = await frappe.call("auto_dealer.clients.client_card.get_card", { contact });
	if (!card || frm.doc.contact !== contact) return;
	const known = {
		client_name: card.client_name,
		phone: card.phone,
		email: card.email,
		customer: card.customer,
		client_kind: card.client_kind,
	};
	for (const [field, value] of Object.entries(known)) {
		if (value && !frm.doc[field]) await frm.set_value(field, value);
	}
	if (frm.is_new()) {
		$(frm.fields_dict.service_history.wrapper).html(auto_dealer.deal_form.client_card_html(card));
	}
}

function show_duplicates(frm) {
	if (!frm.dealer_duplicates) {
		const $place = $('<div class="dealer-duplicates-place"></div>');
		$(frm.fields_dict.client_name.wrapper).closest(".section-body").before($place);
		frm.dealer_duplicates = {
			$place,
			look: auto_dealer.watch_duplicates($place, () => frm.doc, {
				on_pick: (row) => frm.set_value("contact", row.name),
			}),
		};
	}
	frm.dealer_duplicates.$place.toggle(frm.is_new());
}

function look_for_duplicates(frm) {
	if (frm.is_new() && !frm.doc.contact) frm.dealer_duplicates?.look();
}
