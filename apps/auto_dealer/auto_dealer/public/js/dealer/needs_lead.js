// "A deal needs a lead": offers to create both from what was typed.
import { call_server } from "./server";
import { esc } from "./text";

const NOT_COPIED = new Set([
	"name",
	"doctype",
	"owner",
	"creation",
	"modified",
	"modified_by",
	"docstatus",
	"idx",
]);

/** `values` are the fields of the refused deal. Resolves with the created deal's name, or null. */
export function offer_lead_and_deal(values, message) {
	return new Promise((resolve) => {
		let deal = null;
		const dialog = new frappe.ui.Dialog({
			title: __("A Deal Needs a Lead"),
			fields: [
				{
					fieldtype: "HTML",
					fieldname: "why",
					options: `<p>${message || esc(__("In this pipeline every deal begins with a lead, so that conversion is counted."))}</p>`,
				},
				{
					fieldtype: "Link",
					fieldname: "enquiry_type",
					label: __("Enquiry Type"),
					options: "Enquiry Type",
					default: "Primary Visit",
				},
			],
			primary_action_label: __("Create Lead and Deal"),
			primary_action: async ({ enquiry_type }) => {
				const answer = await call_server(
					"create_lead_and_deal",
					{ values: { ...typed(values), enquiry_type } },
					{ freeze: true }
				);
				deal = answer.deal || answer;
				dialog.hide();
			},
			on_hide: () => resolve(deal),
		});
		dialog.show();
	});
}

/** What a person typed into the form; Frappe's own fields and empty ones are left out. */
export function typed(values) {
	return Object.fromEntries(
		Object.entries(values).filter(
			([key, value]) =>
				!key.startsWith("_") &&
				!NOT_COPIED.has(key) &&
				value !== null &&
				value !== "" &&
				value !== undefined
		)
	);
}
