frappe.ui.form.on("Vehicle Appraisal", {
	setup(frm) {
		frm.set_query("make", () => ({ filters: { is_enabled: 1 } }));
		frm.set_query("model", () => ({
			filters: { is_enabled: 1, ...(frm.doc.make && { make: frm.doc.make }) },
		}));
		frappe.realtime.on("dealer_appraisal_filled", ({ appraisal }) => {
			if (cur_frm === frm && frm.doc.name === appraisal) take_news(frm);
		});
	},

	refresh(frm) {
		show_stage(frm);
		add_buttons(frm);
		show_calculation(frm);
		show_vin_state(frm);
	},

	make(frm) {
		if (frm.doc.model && !frm.doc.model.startsWith(frm.doc.make || "")) frm.set_value("model", null);
	},

	/** What was typed is saved first: a workflow action reads the stored document. */
	async before_workflow_action(frm) {
		frappe.dom.unfreeze();
		const action = frm.selected_workflow_action;
		if (action === "Decline" && !frm.doc.closing_reason) await ask(frm, reason_field());
		if (action === "Client Agrees" && !frm.doc.agreed_price) await ask(frm, price_field(frm));
		if (frm.is_dirty()) await frm.save();
		frappe.dom.freeze();
	},
});

const API = "auto_dealer.appraisal.api";

function reason_field() {
	return {
		fieldname: "closing_reason",
		fieldtype: "Small Text",
		label: __("Why It Was Declined"),
		reqd: 1,
	};
}

/** The accepted price, else the last one of ours, is what they usually agree on. */
function price_field(frm) {
	const accepted = (frm.doc.offers || []).filter((offer) => offer.answer === "Accepted").pop();
	return {
		fieldname: "agreed_price",
		fieldtype: "Currency",
		label: __("Agreed Price"),
		default: accepted ? accepted.price : frm.doc.offered_price,
		reqd: 1,
	};
}

/** What the action lacks is asked for; closing the question takes the action back. */
function ask(frm, field) {
	return new Promise((resolve, reject) => {
		const dialog = frappe.prompt(field, async (values) => {
			await keep(frm, field.fieldname, values[field.fieldname]);
			resolve();
		});
		dialog.onhide = () => setTimeout(() => frm.doc[field.fieldname] || reject(), 300);
	});
}

/** Set and saved; again when the form was read anew in between, as it is after a change by somebody else. */
async function keep(frm, fieldname, value, tries = 3) {
	for (let left = tries; left; left--) {
		await frm.set_value(fieldname, value);
		if (frm.is_dirty()) await frm.save();
		if (frm.doc[fieldname] === value) return;
	}
}

function show_stage(frm) {
	const { stage } = frm.doc;
	const color = { Agreed: "green", Declined: "red" }[stage] || "orange";
	// The name of a stage is data: the field shows it as it is stored.
	frm.fields_dict.deal_stage.$wrapper.find(".control-value").text(__(frm.doc.deal_stage || ""));
	if (!frm.is_new()) frm.page.set_indicator(__(stage, null, "Vehicle Appraisal"), color);
}

// -- what the agreed price becomes -------------------------------------------------------------------

function add_buttons(frm) {
	if (frm.is_new()) return;
	frm.add_custom_button(__("Deal"), () => frappe.set_route("Form", "Auto Deal", frm.doc.deal));
	if (frm.doc.vin && frm.perm[0]?.write && !["Agreed", "Declined"].includes(frm.doc.stage)) {
		frm.page.add_menu_item(__("Ask for Data by VIN Again"), () => ask_services(frm));
	}
	if (frm.doc.stage !== "Agreed") return;
	if (frm.doc.buyout_deal) {
		frm.add_custom_button(__("Buyout Deal"), () =>
			frappe.set_route("Form", "Auto Deal", frm.doc.buyout_deal)
		);
	} else {
		frm.add_custom_button(
			__("Make a Buyout Deal"),
			() => use_price(frm, "make_buyout"),
			__("Use the Price")
		);
	}
	if (!frm.doc.is_trade_in) {
		frm.add_custom_button(
			__("Count as Trade-in"),
			() => use_price(frm, "add_trade_in"),
			__("Use the Price")
		);
	}
}

async function use_price(frm, method) {
	if (frm.is_dirty()) await frm.save();
	const { message } = await frappe.call({
		method: `${API}.${method}`,
		args: { appraisal: frm.doc.name },
		freeze: true,
	});
	if (!message) return;
	const text = message.is_new
		? __("Done: deal {0}", [message.deal])
		: __("It was done before: deal {0}", [message.deal]);
	frappe.show_alert({ message: text, indicator: "green" });
	await frm.reload_doc();
}

// -- the price line by line --------------------------------------------------------------------------

async function show_calculation(frm) {
	const $place = $(frm.fields_dict.calculation_view.wrapper).empty();
	if (frm.is_new()) return;
	const name = frm.doc.name;
	const { message } = await frappe.call(`${API}.get_calculation`, { appraisal: name });
	if (message && frm.doc.name === name) $place.html(calculation_html(message));
}

function calculation_html({ lines, warnings, offers, currency }) {
	if (!lines.length) {
		return `<p class="text-muted">${__("Add offers on the market: the price is made of them.")}</p>`;
	}
	const escape = frappe.utils.escape_html;
	const money = (amount) => format_currency(amount, currency);
	const rows = lines.map(({ label, amount, is_total }) => {
		const cells = `<td>${escape(label)}</td><td class="text-right text-nowrap">${money(amount)}</td>`;
		return is_total ? `<tr style="font-weight: 600">${cells}</tr>` : `<tr>${cells}</tr>`;
	});
	const notes = warnings.map((text) => `<p class="text-warning">${escape(text)}</p>`);
	return `<div class="dealer-calculation">
		<table class="table table-sm">${rows.join("")}</table>${notes.join("")}
		<details><summary>${__("How the offers were brought to our car")}</summary>
			${offers.map((offer) => offer_html(offer, money)).join("")}</details></div>`;
}

function offer_html(offer, money) {
	const parts = [
		[__("bargain"), offer.bargain],
		[__("age"), offer.age],
		[__("mileage"), offer.mileage],
	].filter(([, percent]) => percent);
	const steps = parts.map(
		([label, percent]) => `${label} ${percent > 0 ? "+" : ""}${format_number(percent, null, 1)} %`
	);
	return `<p class="small">${frappe.utils.escape_html(offer.title)}: ${money(offer.price)} → <b>${money(
		offer.adjusted
	)}</b>${steps.length ? ` (${steps.join(", ")})` : ""}</p>`;
}

// -- data by VIN -------------------------------------------------------------------------------------

const POLL_SECONDS = 3;
const MOST_POLLS = 40;

async function show_vin_state(frm, polls = 0) {
	const $place = $(frm.fields_dict.vin_view.wrapper);
	if (frm.is_new() || !frm.doc.vin) return $place.empty();
	const name = frm.doc.name;
	const { message: state } = await frappe.call(`${API}.get_vin_state`, { appraisal: name });
	if (!state || frm.doc.name !== name || cur_frm !== frm) return;
	$place.html(state.lookups.map(lookup_html).join(""));
	const waits = state.lookups.some((lookup) => ["Queued", "Running"].includes(lookup.status));
	if (frm.dealer_waits_for_vin && !waits) take_news(frm);
	frm.dealer_waits_for_vin = waits;
	clearTimeout(frm.dealer_vin_timer);
	if (waits && polls < MOST_POLLS) {
		frm.dealer_vin_timer = setTimeout(() => show_vin_state(frm, polls + 1), POLL_SECONDS * 1000);
	}
}

function lookup_html(lookup) {
	const escape = frappe.utils.escape_html;
	const color = { Done: "green", Failed: "red", "Not Found": "gray" }[lookup.status] || "orange";
	const status = __(lookup.status, null, "VIN Lookup");
	const named = lookup.named ? ` ${escape(lookup.named)}` : "";
	const error = lookup.error ? `<div class="small text-danger">${escape(lookup.error)}</div>` : "";
	return `<p><span class="indicator-pill ${color}">${escape(lookup.connector)}: ${status}</span>${named}${error}</p>`;
}

/** A form without changes is read anew; in one with changes only what is still empty is filled in, and saved with it. */
async function take_news(frm) {
	if (!frm.is_dirty()) return frm.reload_doc();
	const { message: state } = await frappe.call(`${API}.get_vin_state`, { appraisal: frm.doc.name });
	for (const [field, value] of Object.entries(state.filled)) {
		if (!frm.doc[field]) await frm.set_value(field, value);
	}
	// Only the service has written since this form was read: saving it takes nothing back.
	if (frm.doc.modified === state.filled_over) frm.doc.modified = state.modified;
}

async function ask_services(frm) {
	const { message: names } = await frappe.call(`${API}.ask_services`, { appraisal: frm.doc.name });
	if (!names?.length) {
		return frappe.msgprint(__("No service of data by VIN is switched on, see Appraisal Settings."));
	}
	frm.dealer_waits_for_vin = true;
	show_vin_state(frm);
}
