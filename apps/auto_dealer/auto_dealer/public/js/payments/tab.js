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
	return format_currency(value || 0, state.currency);
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

function table(heads, rows) {
	if (!rows.length) return "";
	const head = heads
		.map(([label, is_sum]) => `<th class="${is_sum ? "text-right" : ""}">${label}</th>`)
		.join("");
	return `<div class="dealer-payments-scroll"><table class="table table-sm"><thead><tr>${head}</tr></thead><tbody>${rows.join(
		""
	)}</tbody></table></div>`;
}

function invoices_html(state, is_open) {
	const rows = state.invoices
		.filter((invoice) => Boolean(invoice.is_open) === is_open)
		.map((invoice) => {
			const kind = invoice.dealer_is_prepayment ? __("Prepayment") : __("Payment");
			const due = invoice.dealer_due_date
				? frappe.datetime.str_to_user(invoice.dealer_due_date)
				: "–";
			const late = invoice.is_overdue ? `<span class="indicator-pill red">${__("Overdue")}</span>` : "";
			return `<tr><td>${esc(invoice.name)}<br><span class="text-muted">${frappe.datetime.str_to_user(
				invoice.transaction_date
			)} · ${kind}</span></td><td>${due} ${late}</td><td class="text-right">${money(
				invoice.grand_total,
				state
			)}</td><td class="text-right">${money(
				invoice.outstanding_amount,
				state
			)}</td><td class="text-right">${actions_html(REQUEST, invoice, state, is_open)}</td></tr>`;
		});
	return table(
		[[__("Invoice")], [__("Pay by")], [__("Sum"), true], [__("Left"), true], [""]],
		rows
	);
}

function payments_html(state) {
	const rows = state.payments.map((payment) => {
		const sign = payment.payment_type === "Pay" ? -1 : 1;
		return `<tr><td>${frappe.datetime.str_to_user(payment.posting_date)}</td><td>${esc(
			__(payment.mode_of_payment || "")
		)} ${payment.payment_type === "Pay" ? `<span class="text-muted">${__("Refund")}</span>` : ""}</td><td>${esc(
			payment.reference_no || ""
		)}</td><td class="text-right">${money(sign * payment.paid_amount, state)}</td></tr>`;
	});
	return table([[__("Date")], [__("Way")], [__("Document")], [__("Sum"), true]], rows);
}

function acts_html(state, acts) {
	const rows = acts.map(
		(act) =>
			`<tr><td>${esc(act.name)}<br><span class="text-muted">${frappe.datetime.str_to_user(
				act.posting_date
			)}${act.is_return ? ` · ${__("Credit Note")}` : ""}</span></td><td class="text-right">${money(
				act.grand_total,
				state
			)}</td><td class="text-right">${money(
				act.outstanding_amount,
				state
			)}</td><td class="text-right">${actions_html(ACT, act, state, false)}</td></tr>`
	);
	return table([[__("Act")], [__("Sum"), true], [__("Left"), true], [""]], rows);
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
