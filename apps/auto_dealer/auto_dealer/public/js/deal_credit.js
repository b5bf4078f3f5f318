// The credit of a deal: status, last event and totals in its Credit tab, kept live.
frappe.ui.form.on("Auto Deal", {
	setup(frm) {
		frm.set_query("credit_specialist", () => ({
			query: "auto_dealer.credit.api.find_specialists",
		}));
		frappe.realtime.on("dealer_credit_changed", ({ deal }) => {
			if (cur_frm === frm && frm.doc.name === deal) show_credit(frm);
		});
	},

	refresh: show_credit,
});

async function show_credit(frm) {
	const field = frm.fields_dict.credit_view;
	if (!field) return;
	const $place = $(field.wrapper).empty();
	if (frm.is_new() || !frm.doc.needs_credit) return;
	const name = frm.doc.name;
	const { message: state } = await frappe.call("auto_dealer.credit.api.get_deal_credit", { deal: name });
	if (frm.doc.name !== name) return;
	$place.html(state ? credit_html(state) : hint_html());
}

function stage_color(stage) {
	if (["Approved", "Signed", "Issued"].includes(stage)) return "green";
	return ["Refused", "Withdrawn"].includes(stage) ? "red" : "orange";
}

function hint_html() {
	return `<p class="text-muted">${__("The application is made when the deal names a credit specialist.")}</p>`;
}

function credit_html(state) {
	const escape = frappe.utils.escape_html;
	const title = escape(`${state.name}: ${__(state.stage, null, "Credit Application")}`);
	const link = state.may_open
		? `<a href="/app/credit-application/${encodeURIComponent(state.name)}">${title}</a>`
		: title;
	const event = state.last_event
		? `<p class="text-muted">${escape(state.last_event)} · ${frappe.datetime.comment_when(state.last_event_at)}</p>`
		: "";
	return `<div class="dealer-credit">
		<p><span class="indicator-pill ${stage_color(state.stage)}"><b>${link}</b></span></p>
		${event}${offers_html(state.offers)}${totals_html(state)}
	</div>`;
}

function offers_html(offers) {
	const rows = offers.map(
		(offer) =>
			`<li>${frappe.utils.escape_html(offer.bank)}: ${__(offer.status, null, "Bank Offer")}${
				offer.is_chosen ? ` <b>(${__("Chosen", null, "Bank Offer")})</b>` : ""
			}</li>`
	);
	return rows.length ? `<ul>${rows.join("")}</ul>` : "";
}

function totals_html(state) {
	if (!state.may_open) return "";
	const money = (value) => format_currency(value || 0, state.currency);
	const rows = [
		[__("Credit Sum"), money(state.credit_sum)],
		[__("Monthly Payment"), money(state.monthly_payment)],
		[__("Total Commission"), money(state.total_commission)],
		[__("Dealer"), money(state.dealer_commission)],
		[__("Credit Specialist's Part"), money(state.specialist_commission)],
		[__("Manager's Part"), money(state.manager_commission)],
	];
	const cells = rows.map(
		([label, value]) => `<tr><td>${label}</td><td class="text-right">${value}</td></tr>`
	);
	return `<table class="table table-sm" style="max-width: 420px">${cells.join("")}</table>`;
}
