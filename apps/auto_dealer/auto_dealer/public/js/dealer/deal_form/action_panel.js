// One place to work on the deal: comment, invite to discuss, create an activity. All of it is Frappe's own.
import { call_server } from "../server";

const ACTIVITIES = ["Call", "Meeting", "Event", "Other"];

export function show_action_panel(frm) {
	frm.layout.wrapper.children(".dealer-actions").remove();
	if (frm.is_new()) return;
	const $panel = $(`
		<div class="dealer-actions" role="toolbar" aria-label="${__("Actions")}">
			${button("comment", "small-message", __("Comment"))}
			${button("invite", "assign", __("Invite to Discuss"))}
			${button("activity", "calendar", __("Create Activity"))}
			${button("task", "tick", __("Assign a Task"))}
			${button("email", "mail", __("E-mail"))}
		</div>`);
	frm.layout.wrapper.children(".dealer-stage-bar").after($panel);
	$panel.on("click", "[data-action]", (event) => ACTIONS[event.currentTarget.dataset.action](frm));
}

function button(action, icon, label) {
	return `
		<button type="button" class="btn btn-default btn-sm" data-action="${action}">
			${frappe.utils.icon(icon, "sm")}<span>${label}</span></button>`;
}

const ACTIONS = {
	comment: (frm) => {
		frappe.utils.scroll_to(frm.footer.wrapper, true, 60);
		frm.comment_box ? frm.comment_box.quill?.focus() : frm.footer.frm.comment_box?.quill?.focus();
	},
	invite,
	activity: create_activity,
	task: (frm) => frm.assign_to.add(),
	email: (frm) => frm.email_doc(),
};

function invite(frm) {
	const dialog = new frappe.ui.Dialog({
		title: __("Invite to Discuss"),
		fields: [
			{ fieldtype: "Link", fieldname: "user", label: __("Colleague"), options: "User", reqd: 1 },
			{ fieldtype: "Small Text", fieldname: "message", label: __("Message"), reqd: 1 },
		],
		primary_action_label: __("Invite"),
		primary_action: async ({ user, message }) => {
			await call_server("invite", { deal: frm.doc.name, user, message }, { freeze: true });
			dialog.hide();
			frappe.show_alert({ message: __("Invited"), indicator: "green" });
			frm.reload_doc();
		},
	});
	dialog.show();
}

function create_activity(frm) {
	const dialog = new frappe.ui.Dialog({
		title: __("Create Activity"),
		fields: [
			{
				fieldtype: "Select",
				fieldname: "event_category",
				label: __("Kind"),
				options: ACTIVITIES.map((kind) => ({ value: kind, label: __(kind) })),
				default: "Call",
				reqd: 1,
			},
			{
				fieldtype: "Data",
				fieldname: "subject",
				label: __("Subject"),
				reqd: 1,
				default: frm.doc.title,
			},
			{
				fieldtype: "Datetime",
				fieldname: "starts_on",
				label: __("When"),
				reqd: 1,
				default: frappe.datetime.now_datetime(),
			},
			{ fieldtype: "Small Text", fieldname: "description", label: __("Details") },
		],
		primary_action_label: __("Create Activity"),
		primary_action: async (values) => {
			await frappe.db.insert(make_event(frm, values));
			dialog.hide();
			frappe.show_alert({ message: __("Added to your calendar"), indicator: "green" });
			frm.reload_doc();
		},
	});
	dialog.show();
}

function make_event(frm, values) {
	return {
		doctype: "Event",
		event_type: "Private",
		send_reminder: 1,
		event_participants: [{ reference_doctype: frm.doctype, reference_docname: frm.doc.name }],
		...values,
	};
}
