frappe.ui.form.on("Detailing Request", {
	refresh(frm) {
		show_state(frm);
		lock_what_is_agreed(frm);
		show_conversation(frm);
		auto_dealer.notices.show_on_form(frm);
		if (!frm.is_new()) {
			frm.add_custom_button(__("Deal"), () => frappe.set_route("Form", "Auto Deal", frm.doc.deal));
		}
	},

	contract_kind: lock_what_is_agreed,

	/** What was typed is saved first: a workflow action reads the stored document. What a step needs is asked for. */
	async before_workflow_action(frm) {
		frappe.dom.unfreeze();
		const action = frm.selected_workflow_action;
		if (action === "Return for Correction" && !frm.doc.reply) {
			await ask(frm, "reply", "Small Text", __("What is to be corrected"));
		}
		if (action === "I Have Read It" && !frm.doc.due_at)
			await ask(frm, "due_at", "Datetime", __("Final Date"));
		if (frm.is_dirty()) await frm.save();
		frappe.dom.freeze();
	},
});

const COLORS = {
	"Passed to Sales": "green",
	"Detailing Done": "blue",
	Cancelled: "gray",
	Draft: "gray",
	Correction: "red",
};

function show_state(frm) {
	const { state } = frm.doc;
	if (!frm.is_new()) frm.page.set_indicator(__(state, null, frm.doctype), COLORS[state] || "orange");
}

function lock_what_is_agreed(frm) {
	const is_with_author = ["Draft", "Correction"].includes(frm.doc.state) || frm.is_new();
	for (const field of ["contract_kind", "price", "vehicle", "vehicle_title"]) {
		frm.set_df_property(field, "read_only", is_with_author ? 0 : 1);
	}
	const grid = frm.fields_dict.works.grid;
	grid.cannot_add_rows = grid.cannot_delete_rows = !is_with_author;
	for (const field of ["work", "cost"])
		grid.update_docfield_property(field, "read_only", is_with_author ? 0 : 1);
	grid.refresh();
	frm.toggle_display("due_at", Boolean(frm.doc.due_at) || frm.doc.state === "Hand Over to Detailing");
	frm.toggle_display("price", frm.doc.contract_kind !== "Commission");
	frm.toggle_display("reply", ["Draft", "Price Approval", "Correction"].includes(frm.doc.state));
}

function ask(frm, fieldname, fieldtype, label) {
	return new Promise((resolve, reject) => {
		const dialog = frappe.prompt({ fieldname, fieldtype, label, reqd: 1 }, async (values) => {
			await frm.set_value(fieldname, values[fieldname]);
			resolve();
		});
		dialog.onhide = () => setTimeout(() => frm.doc[fieldname] || reject(), 300);
	});
}

/** Every turn whole, the last one on top. */
function show_conversation(frm) {
	const field = frm.fields_dict.conversation_view;
	if (!field) return;
	const turns = [...(frm.doc.conversation || [])].reverse().map((turn) => turn_html(frm, turn));
	$(field.wrapper).html(
		turns.join("") || `<p class="text-muted">${__("Nothing has been sent for agreement yet.")}</p>`
	);
}

function turn_html(frm, turn) {
	const escape = frappe.utils.escape_html;
	const color = { Sent: "blue", Returned: "red", Agreed: "green" }[turn.what];
	const name = frappe.user.full_name(turn.user);
	const text = turn.text
		? `<div class="mt-1" style="white-space: pre-line">${escape(turn.text)}</div>`
		: "";
	return `<div class="dealer-turn mb-3 pb-2 border-bottom">
		<span class="indicator-pill ${color}">${__(turn.what, null, "Detailing Message")}</span>
		<b>${escape(name)}</b> <span class="text-muted">${frappe.datetime.str_to_user(turn.at)}</span>
		<span class="ml-2">${format_currency(turn.price, frm.doc.currency)}</span>${text}
	</div>`;
}
