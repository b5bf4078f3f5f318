// Past and coming payments as tables, with what can be done about each.
import { esc } from "../dealer/text";
import { confirm_payment, create_invoice, make_act, send_paper } from "./dialogs";
import { ask, copy_link, print_address, read } from "./server";

const REQUEST = "Payment Request";
const ACT = "Sales Invoice";

/** Fills the HTML field `fieldname` of the form. */
export async function show_payments(frm, fieldname) {
	const field = frm.fields_dict[fieldname];
	if (!field) return;
	const $place = $(field.wrapper);
	if (frm.is_new()) {
		$place.empty();
		return;
	}
	const { doctype, name } = frm.doc;
	const state = await read("get_payments", { doctype, name });
	if (!state || frm.doc.name !== name) return;
	$place.html(`<div class="dealer-payments">${html_of(state)}</div>`);
	listen(frm, $place, state);
}

function html_of(state) {
	return [
		sums_html(state),
		state.may_bill ? buttons_html(state) : "",
		section(__("To Come"), invoices_html(state, true)),
		section(__("Received"), payments_html(state)),
		section(__("Paid Invoices"), invoices_html(state, false)),
		section(__("Acts and Invoices for Works Done"), acts_html(state, state.acts)),
		section(__("Other Works Done for This Client"), acts_html(state, others(state))),
	].join("");
}

function others(state) {
	const own = new Set(state.acts.map((act) => act.name));
	return state.client_acts.filter((act) => !own.has(act.name));
}

function money(value, state) {
	return `<span class="text-nowrap">${format_currency(value || 0, state.currency)}</span>`;
}

function sums_html(state) {
	const cell = (label, value, color = "") =>
		`<div class="dealer-payments-sum"><span class="text-muted">${label}</span><b class="${color}">${money(
			value,
			state
		)}</b></div>`;
	const left = state.outstanding > 0 ? "text-danger" : "text-success";
	return `<div class="dealer-payments-sums">${cell(__("Paid"), state.paid)}${cell(
		__("Left to Pay"),
		state.outstanding,
		left
	)}</div>`;
}

function buttons_html(state) {
	const button = (action, label, kind = "btn-default") =>
		`<button class="btn btn-sm ${kind}" data-action="${action}">${label}</button>`;
	const parts = [];
	if (state.outstanding > 0) {
		parts.push(button("invoice", __("Create Invoice"), "btn-primary"));
		parts.push(button("pay", __("Confirm Payment")));
	}
	parts.push(button("act", __("Make the Act")));
	return `<div class="dealer-payments-buttons">${parts.join(" ")}</div>`;
}

function section(title, content) {
	return content ? `<h5>${title}</h5>${content}` : "";
}

/** `heads`: [label, whether it is a sum]; `rows`: arrays of cells as HTML. On a phone each cell bears its label. */
function table(heads, rows) {
	if (!rows.length) return "";
	const css = (index) => (heads[index][1] ? "text-right" : "");
	const head = heads.map(([label], index) => `<th class="${css(index)}">${label}</th>`).join("");
	const cell = (content, index) =>
		`<td class="${css(index)}" data-label="${esc(heads[index][0])}"><div>${content}</div></td>`;
	const body = rows.map((cells) => `<tr>${cells.map(cell).join("")}</tr>`).join("");
	return `<div class="dealer-payments-scroll"><table class="table table-sm"><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function day(date) {
	return `<span class="text-nowrap">${frappe.datetime.str_to_user(date)}</span>`;
}

function paper_html(name, date, note) {
	return `<span class="text-nowrap">${esc(name)}</span><br><span class="text-muted">${day(date)}${
		note ? ` · ${note}` : ""
	}</span>`;
}

function invoices_html(state, is_open) {
	const rows = state.invoices
		.filter((invoice) => Boolean(invoice.is_open) === is_open)
		.map((invoice) => {
			const kind = invoice.dealer_is_prepayment ? __("Prepayment") : __("Payment");
			const due = invoice.dealer_due_date ? day(invoice.dealer_due_date) : "–";
			const late = invoice.is_overdue ? `<span class="indicator-pill red">${__("Overdue")}</span>` : "";
			return [
				paper_html(invoice.name, invoice.transaction_date, kind),
				`${due} ${late}`,
				money(invoice.grand_total, state),
				money(invoice.outstanding_amount, state),
				actions_html(REQUEST, invoice, state, is_open),
			];
		});
	const heads = [[__("Invoice")], [__("Pay by")], [__("Sum"), true], [__("Left"), true], ["", true]];
	return table(heads, rows);
}

function payments_html(state) {
	const rows = state.payments.map((payment) => {
		const is_refund = payment.payment_type === "Pay";
		const note = is_refund ? ` <span class="text-muted">${__("Refund")}</span>` : "";
		return [
			day(payment.posting_date),
			esc(__(payment.mode_of_payment || "")) + note,
			esc(payment.reference_no || ""),
			money(is_refund ? -payment.paid_amount : payment.paid_amount, state),
		];
	});
	return table([[__("Date")], [__("Way")], [__("Document")], [__("Sum"), true]], rows);
}

function acts_html(state, acts) {
	const rows = acts.map((act) => [
		paper_html(act.name, act.posting_date, act.is_return ? __("Credit Note") : ""),
		money(act.grand_total, state),
		money(act.outstanding_amount, state),
		actions_html(ACT, act, state, false),
	]);
	return table([[__("Act")], [__("Sum"), true], [__("Left"), true], ["", true]], rows);
}

function actions_html(doctype, paper, state, is_open) {
	const link = (action, label) =>
		`<a class="dealer-payments-action" data-action="${action}" data-doctype="${doctype}" data-name="${esc(
			paper.name
		)}">${label}</a>`;
	const print = `<a class="dealer-payments-action" target="_blank" rel="noopener" href="${print_address(
		doctype,
		paper.name
	)}">${__("Print")}</a>`;
	if (!state.may_bill) return print;
	const parts = [print, link("send", __("Send")), link("copy", __("Copy Link"))];
	if (is_open && paper.grand_total === paper.outstanding_amount) parts.push(link("drop", __("Take Back")));
	return parts.join(" ");
}

function listen(frm, $place, state) {
	const again = () => frm.reload_doc();
	$place.find("[data-action]").on("click", (event) => {
		const { action, doctype, name } = event.currentTarget.dataset;
		const actions = {
			invoice: () => create_invoice(frm, state),
			pay: () => confirm_payment(frm, state),
			act: () => make_act(frm),
			send: () => send_paper(doctype, name),
			copy: () => copy_link(doctype, name),
			drop: () =>
				frappe.confirm(__("Take the invoice {0} back?", [esc(name)]), () =>
					ask("cancel_invoice", { invoice: name }).then(again)
				),
		};
		actions[action]();
	});
}
