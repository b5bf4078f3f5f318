// Refusals of our own kinds, wherever they come from: a form's save, the standard Kanban, a list, a script.
import { show_active_deal } from "./active_deal";
import { open_gate } from "./gate";
import { offer_lead_and_deal, typed } from "./needs_lead";
import { is_refusal_claimed, refusal_text, tell_refusal } from "./server";

frappe.request.on_error("StageGateError", async (body) => {
	if (is_refusal_claimed()) return;
	if (!body.stage_gate?.deal) {
		tell_refusal(body, __("Not Moved"));
		return;
	}
	const moved = await open_gate(body.stage_gate);
	refresh_what_is_open(body.stage_gate.deal, moved);
});

frappe.request.on_error("ActiveDealExists", (body) => {
	if (is_refusal_claimed()) return;
	if (!body.active_deal) {
		tell_refusal(body, __("The Client Has an Active Deal"));
		return;
	}
	const frm = form_being_saved("Auto Lead") || form_being_saved("Auto Deal");
	if (!frm) {
		show_active_deal(body.active_deal);
		return;
	}
	const is_lead = frm.doctype === "Auto Lead";
	show_active_deal(body.active_deal, {
		lead: is_lead ? lead_of(frm) : undefined,
		on_separate: is_lead && !frm.doc.is_separate_enquiry ? () => save_as_separate(frm) : undefined,
		on_attached: (answer) => leave_new_form(frm, answer),
	});
});

frappe.request.on_error("DealNeedsLead", async (body) => {
	if (is_refusal_claimed()) return;
	const frm = form_being_saved("Auto Deal");
	if (!frm) {
		tell_refusal(body, __("A Deal Needs a Lead"));
		return;
	}
	const deal = await offer_lead_and_deal(frm.doc, refusal_text(body));
	if (deal) replace_form(frm, "Auto Deal", deal);
});

frappe.request.on_error("AlreadyTaken", (body) => {
	if (is_refusal_claimed()) return;
	tell_refusal(body, __("Already Taken"));
	if (window.cur_frm && !cur_frm.is_new() && cur_frm.doctype === "Auto Deal") cur_frm.reload_doc();
});

function form_being_saved(doctype) {
	return window.cur_frm && cur_frm.doctype === doctype && frappe.get_route()[0] === "Form" ? cur_frm : null;
}

function lead_of(frm) {
	return frm.is_new() ? typed(frm.doc) : frm.doc.name;
}

async function save_as_separate(frm) {
	await frm.set_value("is_separate_enquiry", 1);
	frm.save();
}

function leave_new_form(frm, answer) {
	if (!frm.is_new()) {
		frm.reload_doc();
		return;
	}
	const lead = typeof answer === "string" ? answer : answer?.lead || answer?.name;
	if (lead) replace_form(frm, "Auto Lead", lead);
}

/** Leaves an unsaved form for the document that came of it, without a draft staying behind. */
function replace_form(frm, doctype, name) {
	const draft = frm.is_new() ? frm.doc.name : null;
	frappe.set_route("Form", doctype, name).then(() => {
		if (draft) frappe.model.remove_from_locals(frm.doctype, draft);
	});
}

function refresh_what_is_open(deal, moved) {
	if (window.cur_frm && cur_frm.doctype === "Auto Deal" && cur_frm.doc.name === deal) {
		cur_frm.reload_doc();
	} else if (moved && window.cur_list && cur_list.doctype === "Auto Deal") {
		cur_list.refresh();
	}
}
