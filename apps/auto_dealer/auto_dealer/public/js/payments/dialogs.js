// Dialogs about money: an invoice, a payment, the act, the guided way of the stage of agreement.
import { ask, print_address, read } from "./server";

const REQUEST = "Payment Request";
const ways_to_client = () => [
	{ value: "whatsapp", label: __("WhatsApp") },
	{ value: "sms", label: __("SMS") },
	{ value: "email", label: __("Email") },
];

function reference(frm) {
	return { doctype: frm.doc.doctype, name: frm.doc.name };
}

async function fresh(frm) {
	if (frm.is_dirty()) await frm.save();
	return read("get_payments", reference(frm));
}

/** An invoice for what is left, for a prepayment, or for a sum (R189). */
export async function create_invoice(frm) {
	const state = await fresh(frm);
	const share = state.prepayment_share;
	const dialog = new frappe.ui.Dialog({
		title: __("Create Invoice"),
		fields: [
			{
				fieldname: "kind",
				fieldtype: "Select",
				label: __("Invoice for"),
				options: [
					{
						value: "rest",
						label: __("All that is left: {0}", [money_text(state.outstanding, state)]),
					},
					{ value: "share", label: __("Prepayment of {0} %", [share]) },
					{ value: "amount", label: __("Another sum") },
				],
				default: "rest",
				reqd: 1,
			},
			{
				fieldname: "amount",
				fieldtype: "Currency",
				label: __("Sum"),
				depends_on: "eval:doc.kind === 'amount'",
				mandatory_depends_on: "eval:doc.kind === 'amount'",
			},
			{
				fieldname: "is_prepayment",
				fieldtype: "Check",
				label: __("Prepayment Only"),
				depends_on: "eval:doc.kind === 'amount'",
			},
		],
		primary_action_label: __("Create"),
		primary_action: async (values) => {
			const made = await ask(
				"make_invoice",
				{
					...reference(frm),
					amount: values.kind === "amount" ? values.amount : null,
					share: values.kind === "share" ? share / 100 : null,
					is_prepayment: values.kind === "share" || values.is_prepayment ? 1 : 0,
				},
				{ btn: dialog.get_primary_btn(), freeze: true }
			);
			dialog.hide();
			await frm.reload_doc();
			show_made(made, state);
		},
	});
	dialog.show();
}

function money_text(value, state) {
	return $(`<span>${format_currency(value || 0, state.currency)}</span>`).text();
}

/** What to do with a new invoice: send it, print it, copy its address. */
function show_made(made, state) {
	const dialog = new frappe.ui.Dialog({
		title: __("Invoice {0} for {1}", [made.invoice, money_text(made.amount, state)]),
		fields: [
			{
				fieldname: "url",
				fieldtype: "Data",
				label: __("Client's Link"),
				default: made.url,
				read_only: 1,
			},
		],
		primary_action_label: __("Send"),
		primary_action: () => {
			dialog.hide();
			send_paper(REQUEST, made.invoice);
		},
		secondary_action_label: __("Print"),
		secondary_action: () => window.open(print_address(REQUEST, made.invoice), "_blank", "noopener"),
	});
	dialog.show();
}

export function send_paper(doctype, name) {
	frappe.prompt(
		[
			{
				fieldname: "way",
				fieldtype: "Select",
				label: __("Send by"),
				options: [{ value: "", label: __("The first way that works") }, ...ways_to_client()],
			},
		],
		async ({ way }) => {
			await ask("send_paper", { doctype, name, way: way || null }, { freeze: true });
			frappe.show_alert({ message: __("The message is on its way"), indicator: "green" });
		},
		__("Send to the Client"),
		__("Send")
	);
}

/** A person confirms that money has come, in one part or several (R192). */
export async function confirm_payment(frm) {
	const state = await fresh(frm);
	const ways = await read("get_ways_of_payment", reference(frm));
	const dialog = new frappe.ui.Dialog({
		title: __("Confirm Payment"),
		fields: [
			{
				fieldname: "parts",
				fieldtype: "Table",
				label: __("How It Was Paid"),
				in_place_edit: true,
				reqd: 1,
				data: [{ mode: ways[0]?.name, amount: Math.max(state.outstanding, 0) }],
				fields: [
					{
						fieldname: "mode",
						fieldtype: "Select",
						label: __("Way"),
						options: ways.map((way) => ({ value: way.name, label: __(way.name) })),
						in_list_view: 1,
						reqd: 1,
						columns: 4,
					},
					{
						fieldname: "amount",
						fieldtype: "Float",
						precision: 2,
						label: __("Sum"),
						in_list_view: 1,
						reqd: 1,
						columns: 3,
					},
					{
						fieldname: "reference_no",
						fieldtype: "Data",
						label: __("Document No."),
						in_list_view: 1,
						columns: 3,
					},
				],
			},
			{
				fieldname: "paid_on",
				fieldtype: "Date",
				label: __("Date"),
				default: frappe.datetime.get_today(),
			},
		],
		primary_action_label: __("Confirm"),
		primary_action: async (values) => {
			const parts = values.parts.map((part) => ({ ...part, paid_on: values.paid_on }));
			const sums = await ask(
				"confirm_payment",
				{ ...reference(frm), parts },
				{ btn: dialog.get_primary_btn(), freeze: true }
			);
			dialog.hide();
			await frm.reload_doc();
			frappe.show_alert({
				message: __("Paid {0}, left to pay {1}", [
					money_text(sums.paid, state),
					money_text(sums.outstanding, state),
				]),
				indicator: "green",
			});
		},
	});
	dialog.show();
}

export function make_act(frm) {
	frappe.confirm(
		__("Make the act for all that is not invoiced yet? Payments made in advance are counted in."),
		async () => {
			if (frm.is_dirty()) await frm.save();
			const made = await ask("make_act", reference(frm), { freeze: true });
			await frm.reload_doc();
			frappe.show_alert({ message: __("Act {0} is made", [made.act]), indicator: "green" });
		}
	);
}

/** The sum is agreed: split or not, how to hand the invoice over, and the deal goes on to wait for the car (R76-R79). */
export async function invoice_process(frm) {
	const state = await fresh(frm);
	const dialog = new frappe.ui.Dialog({
		title: __("Invoice and Wait for the Car"),
		fields: [
			{
				fieldname: "is_split",
				fieldtype: "Select",
				label: __("Split the invoice in half?"),
				options: [
					{
						value: "0",
						label: __("No, the whole sum: {0}", [money_text(state.outstanding, state)]),
					},
					{ value: "1", label: __("Yes, {0} % as a prepayment only", [state.prepayment_share]) },
				],
				default: "0",
				reqd: 1,
			},
			{
				fieldname: "way",
				fieldtype: "Select",
				label: __("How does the client get it?"),
				options: [...ways_to_client(), { value: "print", label: __("I print it and hand it over") }],
				default: frm.doc.email ? "email" : "print",
				reqd: 1,
			},
		],
		primary_action_label: __("All OK, Go On"),
		primary_action: async ({ is_split, way }) => {
			const done = await ask(
				"run_invoice_process",
				{ deal: frm.doc.name, is_split, way },
				{ btn: dialog.get_primary_btn(), freeze: true }
			);
			dialog.hide();
			await frm.reload_doc();
			if (way === "print") window.open(print_address(REQUEST, done.invoice), "_blank", "noopener");
			frappe.show_alert({ message: __("All OK: {0}", [__(done.stage)]), indicator: "green" });
		},
	});
	dialog.show();
}
