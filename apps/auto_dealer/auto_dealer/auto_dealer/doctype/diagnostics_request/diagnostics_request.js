frappe.ui.form.on("Diagnostics Request", {
	setup(frm) {
		frm.set_query("visitor", () => ({ query: "auto_dealer.processes.api.find_visitors" }));
	},

	refresh(frm) {
		show_state(frm);
		mark_required(frm);
		auto_dealer.notices.show_on_form(frm);
		if (frm.is_new()) return;
		frm.add_custom_button(__("Deal"), () => frappe.set_route("Form", "Auto Deal", frm.doc.deal));
		if (frm.doc.state === "Choosing the Visitor" && frm.doc.leader === frappe.session.user) {
			frm.add_custom_button(__("Choose the Visitor"), () => choose_visitor(frm)).addClass(
				"btn-primary"
			);
		}
	},

	/** What was typed is saved first: a workflow action reads the stored document. */
	async before_workflow_action(frm) {
		frappe.dom.unfreeze();
		if (frm.is_dirty()) await frm.save();
		frappe.dom.freeze();
	},
});

const COLORS = { Closed: "green", Cancelled: "gray", New: "gray", Visit: "blue" };

function show_state(frm) {
	const { state } = frm.doc;
	if (!frm.is_new()) frm.page.set_indicator(__(state, null, frm.doctype), COLORS[state] || "orange");
}

/** The star of what the next step asks for. */
function mark_required(frm) {
	const { state } = frm.doc;
	const needs_visit = ["Choosing the Visitor", "Waiting for Confirmation", "Visit"].includes(state);
	for (const field of ["vehicle_title", "address"])
		frm.toggle_reqd(field, !["Closed", "Cancelled"].includes(state));
	frm.toggle_display(["visitor", "visit_at"], needs_visit || Boolean(frm.doc.visitor || frm.doc.visit_at));
}

function choose_visitor(frm) {
	frappe.prompt(
		[
			{
				fieldname: "visitor",
				fieldtype: "Link",
				options: "User",
				label: __("Goes to the Visit", null, frm.doctype),
				default: frm.doc.visitor,
				reqd: 1,
				get_query: () => ({ query: "auto_dealer.processes.api.find_visitors" }),
			},
			{
				fieldname: "visit_at",
				fieldtype: "Datetime",
				label: __("Visit At", null, frm.doctype),
				default: frm.doc.visit_at,
				reqd: 1,
			},
		],
		async (values) => {
			await frm.set_value(values);
			await frm.save();
			await frappe.xcall("frappe.model.workflow.apply_workflow", {
				doc: frm.doc,
				action: "Send to the Visit",
			});
			frm.reload_doc();
		},
		__("Choose the Visitor"),
		__("Send to the Visit")
	);
}
