frappe.ui.form.on("Deal Pipeline", {
	setup(frm) {
		frm.set_query("department", () => ({ filters: { disabled: 0 } }));
		frappe.request.on_error("StageHoldsDeals", (r) => ask_where_deals_go(frm, r));
		// Shipped names are English in the data: the table shows them as the board does, with what is stored.
		frappe.meta.docfield_map["Deal Stage"].stage_name.formatter = stage_label;
	},

	refresh(frm) {
		if (frm.is_new()) {
			add_first_stages(frm);
			return;
		}
		frm.add_custom_button(__("Deals"), () =>
			frappe.set_route("List", "Auto Deal", { pipeline: frm.doc.name })
		);
		if (auto_dealer.packs.may()) add_pack_buttons(frm);
	},
});

frappe.ui.form.on("Deal Stage", {
	form_render(frm, cdt, cdn) {
		add_picker(frm, cdt, cdn, "required_fields", __("Choose Fields"), get_field_choices);
		add_picker(frm, cdt, cdn, "allowed_roles", __("Choose Roles"), get_role_choices);
	},

	kind(frm, cdt, cdn) {
		const row = locals[cdt][cdn];
		const defaults = { Won: ["Green", 100], Lost: ["Red", 0] }[row.kind];
		if (defaults) {
			frappe.model.set_value(cdt, cdn, { color: defaults[0], probability: defaults[1] });
		}
	},
});

/** The whole pipeline as one file, its robots with it. */
function add_pack_buttons(frm) {
	const group = __("Pack");
	const { save_file, open_import } = auto_dealer.packs;
	frm.add_custom_button(__("Export to a File"), () => save_file(frm.doc.name), group);
	frm.add_custom_button(
		__("Compare and Apply"),
		() => open_import({ pipeline: frm.doc.name, on_applied: () => frm.reload_doc() }),
		group
	);
	frm.add_custom_button(
		__("Applied Packs"),
		() => frappe.set_route("List", "Pipeline Pack", { pipeline: frm.doc.name }),
		group
	);
}

function stage_label(name) {
	const shown = __(name || "");
	return frappe.utils.escape_html(shown === name ? shown : `${shown} (${name})`);
}

/** A pipeline needs an open, a won and a lost stage: a new form starts with them. */
function add_first_stages(frm) {
	if ((frm.doc.stages || []).length) {
		return;
	}
	const stages = [
		{ stage_name: __("New Request"), kind: "Open", color: "Gray", probability: 10 },
		{ stage_name: "Won", kind: "Won", color: "Green", probability: 100 },
		{ stage_name: "Lost", kind: "Lost", color: "Red", probability: 0 },
	];
	stages.forEach((stage) => frm.add_child("stages", { is_enabled: 1, ...stage }));
	frm.refresh_field("stages");
}

/** A button under a one-per-line list that opens check boxes; typing by hand stays possible. */
function add_picker(frm, cdt, cdn, fieldname, label, get_choices) {
	const grid_form = frm.fields_dict.stages.grid.grid_rows_by_docname[cdn]?.grid_form;
	const field = grid_form?.fields_dict[fieldname];
	if (!field || field.$wrapper.find(".stage-picker").length) {
		return;
	}
	$(`<button type="button" class="btn btn-xs btn-default stage-picker"></button>`)
		.text(label)
		.appendTo(field.$wrapper)
		.on("click", async () => {
			const row = locals[cdt][cdn];
			const chosen = (row[fieldname] || "").split("\n");
			const options = (await get_choices()).map((choice) => ({
				...choice,
				checked: chosen.includes(choice.value) ? 1 : 0,
			}));
			open_picker(label, options, (values) => {
				frappe.model.set_value(cdt, cdn, fieldname, values.join("\n"));
				// The click in the dialog was one outside the row: the grid has closed it.
				frm.fields_dict.stages.grid.grid_rows_by_docname[cdn].toggle_view(true);
			});
		});
}

function open_picker(title, options, on_choice) {
	const dialog = new frappe.ui.Dialog({
		title,
		fields: [{ fieldname: "chosen", fieldtype: "MultiCheck", columns: 2, options }],
		primary_action_label: __("Choose"),
		primary_action(values) {
			dialog.hide();
			on_choice(values.chosen || []);
		},
	});
	dialog.show();
}

async function get_field_choices() {
	const fields = await frappe.xcall("auto_dealer.pipelines.api.get_requirable_fields");
	return fields.map((field) => ({
		label: frappe.utils.escape_html(field.label),
		value: field.fieldname,
	}));
}

async function get_role_choices() {
	const roles = await frappe.xcall("auto_dealer.pipelines.api.get_stage_roles");
	return roles.map((role) => ({ label: frappe.utils.escape_html(__(role)), value: role }));
}

/** The save was refused because deals stand in a stage that goes: ask for their new stage and save again. */
function ask_where_deals_go(frm, response) {
	const held = response.stage_holds_deals;
	if (!held?.choices.length || held.pipeline !== frm.doc.name) {
		frappe.msgprint(JSON.parse(response._server_messages));
		return;
	}
	const listed = Object.entries(held.stages)
		.map(([stage, count]) => `${frappe.utils.escape_html(__(stage))} (${count})`)
		.join(", ");
	const dialog = new frappe.ui.Dialog({
		title: __("Where do the deals go?"),
		fields: [
			{ fieldtype: "HTML", options: `<p>${__("Deals stand in: {0}", [listed])}</p>` },
			{
				fieldname: "stage",
				fieldtype: "Select",
				label: __("Stage"),
				reqd: 1,
				options: held.choices.map((stage) => ({ value: stage, label: __(stage) })),
			},
		],
		primary_action_label: __("Move and Save"),
		primary_action({ stage }) {
			dialog.hide();
			frm.doc.move_removed_to = stage;
			frm.dirty();
			frm.save();
		},
	});
	dialog.show();
}
