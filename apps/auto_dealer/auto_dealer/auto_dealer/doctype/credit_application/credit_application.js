frappe.ui.form.on("Credit Application", {
	setup(frm) {
		frm.set_query("bank", "offers", () => ({ filters: { is_enabled: 1 } }));
		frm.set_query("product", "products", () => ({ filters: { is_enabled: 1 } }));
	},

	refresh(frm) {
		show_stage(frm);
		add_buttons(frm);
		show_warning(frm);
		show_comparison(frm);
	},

	/** What was typed is saved first: a workflow action reads the stored document. */
	async before_workflow_action(frm) {
		frappe.dom.unfreeze();
		const closes = ["Refuse", "Withdraw"].includes(frm.selected_workflow_action);
		if (closes && !frm.doc.closing_reason) await ask_reason(frm);
		if (frm.is_dirty()) await frm.save();
		frappe.dom.freeze();
	},
});

function ask_reason(frm) {
	const field = {
		fieldname: "closing_reason",
		fieldtype: "Small Text",
		label: __("Reason of Refusal or Withdrawal", null, "Credit Application"),
		reqd: 1,
	};
	return new Promise((resolve, reject) => {
		const dialog = frappe.prompt(field, async ({ closing_reason }) => {
			await frm.set_value("closing_reason", closing_reason);
			resolve();
		});
		dialog.onhide = () => setTimeout(() => frm.doc.closing_reason || reject(), 300);
	});
}

const SENDABLE = ["New", "Documents", "Sent to Banks", "Bank Decision"];

function show_stage(frm) {
	const { stage } = frm.doc;
	const is_won = ["Approved", "Signed", "Issued"].includes(stage);
	const is_lost = ["Refused", "Withdrawn"].includes(stage);
	const color = is_won ? "green" : is_lost ? "red" : "orange";
	if (!frm.is_new()) frm.page.set_indicator(__(stage, null, "Credit Application"), color);
}

function add_buttons(frm) {
	if (frm.is_new()) return;
	frm.add_custom_button(__("Deal"), () => frappe.set_route("Form", "Auto Deal", frm.doc.deal));
	if (!frm.perm[1]?.write || frm.doc.erased_at) return;
	frm.add_custom_button(__("Download Pack"), () => download_pack(frm));
	if (SENDABLE.includes(frm.doc.stage)) {
		frm.add_custom_button(__("Send to Banks"), () => choose_banks(frm)).addClass("btn-primary");
	}
}

async function show_warning(frm) {
	const limit = await frappe.db.get_single_value("Credit Settings", "debt_burden_limit");
	if (limit && frm.doc.debt_burden > limit) {
		const burden = format_number(frm.doc.debt_burden, null, 1);
		frm.set_intro(
			__("The debt burden is {0} %: above {1} % banks often refuse.", [burden, limit]),
			"orange"
		);
	}
}

function download_pack(frm) {
	open_url_post("/api/method/auto_dealer.credit.api.download_pack", { application: frm.doc.name });
}

async function choose_banks(frm) {
	if (frm.is_dirty()) await frm.save();
	const banks = await frappe.db.get_list("Lending Bank", {
		fields: ["name", "connector"],
		filters: { is_enabled: 1 },
		limit: 100,
		order_by: "name",
	});
	const busy = frm.doc.offers
		.filter((offer) => !["New", "Failed", "Withdrawn"].includes(offer.status))
		.map((offer) => offer.bank);
	const options = banks
		.filter((bank) => !busy.includes(bank.name))
		.map((bank) => ({
			label: `${bank.name} (${__(bank.connector, null, "Lending Bank")})`,
			value: bank.name,
		}));
	if (!options.length) return frappe.msgprint(__("All these banks have the application already."));
	const dialog = new frappe.ui.Dialog({
		title: __("Send to Banks"),
		fields: [{ fieldname: "banks", fieldtype: "MultiCheck", label: __("Banks"), options, columns: 2 }],
		primary_action_label: __("Send"),
		primary_action: ({ banks: chosen }) => send(frm, dialog, chosen || []),
	});
	dialog.show();
}

async function send(frm, dialog, banks) {
	if (!banks.length) return frappe.show_alert(__("Choose a bank."));
	dialog.hide();
	await frappe.call({
		method: "auto_dealer.credit.api.send_to_banks",
		args: { application: frm.doc.name, banks },
		freeze: true,
	});
	frappe.show_alert({ message: __("The application is on its way to the banks."), indicator: "green" });
	await frm.reload_doc();
}

const CRITERIA = {
	rate: () => __("Rate, %"),
	monthly_payment: () => __("Monthly Payment"),
	overpayment: () => __("Overpayment"),
	approved_sum: () => __("Approved Sum"),
	term_months: () => __("Term (months)"),
	valid_until: () => __("Valid Until"),
	commission: () => __("Dealer's Commission"),
};

async function show_comparison(frm) {
	const $place = $(frm.fields_dict.offers_comparison.wrapper).empty();
	if (frm.is_new() || !frm.doc.offers?.length) return;
	const { message: offers } = await frappe.call("auto_dealer.credit.api.get_offers", {
		application: frm.doc.name,
	});
	$place.html(comparison_html(offers || [], frm.doc.currency));
}

function comparison_html(offers, currency) {
	const head = offers.map((offer) => `<th>${bank_html(offer)}</th>`).join("");
	const rows = Object.entries(CRITERIA).map(([field, label]) => {
		const cells = offers.map((offer) => cell_html(offer, field, currency)).join("");
		return `<tr><td class="text-muted">${label()}</td>${cells}</tr>`;
	});
	return `<div class="table-responsive"><table class="table table-bordered credit-comparison">
		<thead><tr><th></th>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function bank_html(offer) {
	const color = { Approved: "green", Refused: "red", Failed: "red" }[offer.status] || "orange";
	const error = offer.last_error
		? `<div class="small text-danger">${frappe.utils.escape_html(offer.last_error)}</div>`
		: "";
	const status = __(offer.status, null, "Bank Offer");
	return `${offer.is_chosen ? "✓ " : ""}${frappe.utils.escape_html(offer.bank)}<br>
		<span class="indicator-pill ${color}">${status}</span>${error}`;
}

function cell_html(offer, field, currency) {
	if (offer.status !== "Approved") return '<td class="text-muted">–</td>';
	const text = frappe.utils.escape_html(String(cell_text(offer[field], field, currency)));
	if (!offer.best.includes(field)) return `<td>${text}</td>`;
	return `<td class="credit-best" style="background: var(--bg-green)"><b>${text}</b> ★</td>`;
}

function cell_text(value, field, currency) {
	if (field === "valid_until") return value ? frappe.datetime.str_to_user(value) : "–";
	if (field === "rate") return `${format_number(value || 0, null, 2)} %`;
	if (field === "term_months") return value || "–";
	return value ? format_currency(value, currency) : "–";
}
