// The appraisal of a deal: status, last event and prices in its Appraisal tab, kept live; the trade-in.
frappe.ui.form.on("Auto Deal", {
	setup(frm) {
		frm.set_query("appraiser", () => ({ query: "auto_dealer.appraisal.api.find_appraisers" }));
		frappe.realtime.on("dealer_appraisal_changed", ({ deal }) => {
			if (cur_frm === frm && frm.doc.name === deal) show_appraisal(frm);
		});
	},

	refresh: show_appraisal,
});

async function show_appraisal(frm) {
	const field = frm.fields_dict.appraisal_view;
	if (!field) return;
	const $place = $(field.wrapper).empty();
	if (frm.is_new() || !frm.doc.needs_appraisal) return;
	const name = frm.doc.name;
	const { message: state } = await frappe.call("auto_dealer.appraisal.api.get_deal_appraisal", {
		deal: name,
	});
	if (frm.doc.name !== name) return;
	$place.html(state ? appraisal_html(state, frm) : appraisal_hint());
	$place
		.find("[data-use]")
		.on("click", (event) => use_appraisal(frm, state, event.currentTarget.dataset.use));
}

function appraisal_hint() {
	return `<p class="text-muted">${__("The appraisal is made when the deal names an appraiser.")}</p>`;
}

function appraisal_color(stage) {
	return { Agreed: "green", Declined: "red" }[stage] || "orange";
}

function appraisal_html(state, frm) {
	const escape = frappe.utils.escape_html;
	const title = escape(`${state.name}: ${__(state.stage, null, "Vehicle Appraisal")}`);
	const link = state.may_open
		? `<a href="/app/vehicle-appraisal/${encodeURIComponent(state.name)}">${title}</a>`
		: title;
	const event = state.last_event
		? `<p class="text-muted">${escape(state.last_event)} · ${frappe.datetime.comment_when(state.last_event_at)}</p>`
		: "";
	return `<div class="dealer-appraisal">
		<p><span class="indicator-pill ${appraisal_color(state.stage)}"><b>${link}</b></span></p>
		${event}${state.may_open ? prices_html(state) : ""}${deals_html(state)}${uses_html(state, frm)}
	</div>`;
}

function prices_html(state) {
	const escape = frappe.utils.escape_html;
	const car = [state.model || state.make, state.year, state.vin].filter(Boolean).join(", ");
	const rows = [
		[__("Market Price"), state.market_price],
		[__("Preparation in All"), state.reconditioning_cost],
		[__("Recommended Buy Price"), state.recommended_price],
		[__("Client Wants"), state.client_price],
		[__("Our Last Offer"), state.offered_price],
		[__("Agreed Price"), state.agreed_price],
	].filter(([, amount]) => amount);
	const cells = rows.map(
		([label, amount]) =>
			`<tr><td>${label}</td><td class="text-right">${format_currency(amount, state.currency)}</td></tr>`
	);
	return `<p>${escape(car)}</p>
		<table class="table table-sm" style="max-width: 420px">${cells.join("")}</table>`;
}

function deals_html(state) {
	const parts = [];
	if (state.is_trade_in) parts.push(__("Counted as trade-in in this deal."));
	if (state.buyout_deal) {
		const href = `/app/auto-deal/${encodeURIComponent(state.buyout_deal)}`;
		parts.push(
			`${__("Buyout Deal")}: <a href="${href}">${frappe.utils.escape_html(state.buyout_deal)}</a>`
		);
	}
	return parts.map((part) => `<p>${part}</p>`).join("");
}

/** What an agreed price may still become; the server does each once, however often it is clicked. */
function uses_html(state, frm) {
	if (state.stage !== "Agreed" || !state.may_open || !frm.perm[0]?.write) return "";
	const uses = [];
	if (state.is_sale && !state.is_trade_in) uses.push(["add_trade_in", __("Count as Trade-in")]);
	if (!state.buyout_deal) uses.push(["make_buyout", __("Make a Buyout Deal")]);
	const buttons = uses.map(
		([use, label]) =>
			`<button type="button" class="btn btn-default btn-sm mr-2" data-use="${use}">${label}</button>`
	);
	return `<p>${buttons.join("")}</p>`;
}

async function use_appraisal(frm, state, use) {
	if (frm.is_dirty()) await frm.save();
	const { message } = await frappe.call({
		method: `auto_dealer.appraisal.api.${use}`,
		args: { appraisal: state.name },
		freeze: true,
	});
	if (!message) return;
	frappe.show_alert({ message: __("Done: deal {0}", [message.deal]), indicator: "green" });
	await frm.reload_doc();
}
