// A work order: its way by buttons, the client's answer, parts, the act. Sums and rules are the server's.
const ORDER_API = "auto_dealer.orders.api";
const ORDER_COLORS = {
	New: "gray",
	Inspection: "blue",
	Estimate: "orange",
	Agreed: "cyan",
	"In Work": "yellow",
	"Quality Check": "purple",
	Ready: "green",
	"Handed Over": "green",
	Closed: "gray",
	Cancelled: "red",
};
// What a move may have to ask for: problem of the stage → fields of its dialog.
const ORDER_QUESTIONS = {
	cancel_reason: ["cancel_reason"],
	quality_note: ["quality_note"],
	unpaid: ["pay_later", "pay_later_reason"],
	mileage: ["mileage"],
};

frappe.ui.form.on("Service Work Order", {
	setup(frm) {
		frm.set_query("mechanic", "labour", () => ({ query: `${ORDER_API}.find_mechanics` }));
		frm.set_query("operation", "labour", () => ({ filters: { is_active: 1 } }));
		frm.set_query("item", "parts", () => ({
			filters: { disabled: 0, is_sales_item: 1, has_variants: 0 },
		}));
		frm.set_query("warehouse", "parts", (doc) => ({ filters: { company: doc.company, is_group: 0 } }));
		frm.set_query("taxes_and_charges", (doc) => ({ filters: { company: doc.company, disabled: 0 } }));
		frappe.realtime.on("dealer_payments", ({ name }) => {
			if (cur_frm === frm && frm.doc.name === name && !frm.is_dirty()) frm.reload_doc();
		});
	},

	refresh(frm) {
		frm.page.set_indicator(
			__(frm.doc.stage, null, "Service Work Order"),
			ORDER_COLORS[frm.doc.stage] || "gray"
		);
		if (frm.is_new()) return;
		auto_dealer.payments?.show(frm, "payments_view");
		add_finding_buttons(frm);
		if (!frm.perm[0]?.write) return;
		add_order_moves(frm);
		add_client_buttons(frm);
		add_part_buttons(frm);
		add_line_buttons(frm);
		add_money_buttons(frm);
		offer_deferred(frm);
	},

	vehicle: set_car_of_order,
});

frappe.ui.form.on("Work Order Labour", {
	// Hours and price of another operation are found anew on the save.
	operation(frm, doctype, name) {
		frappe.model.set_value(doctype, name, { hours: 0, rate: 0, description: "", hours_explanation: "" });
	},
});

frappe.ui.form.on("Work Order Part", {
	item(frm, doctype, name) {
		frappe.model.set_value(doctype, name, { rate: 0, description: "" });
	},
});

function call_order(method, args, freeze = true) {
	return frappe
		.call({ method: `${ORDER_API}.${method}`, type: "POST", args, freeze })
		.then(({ message }) => message);
}

async function change_order(frm, method, args = {}) {
	if (frm.is_dirty()) await frm.save();
	const answer = await call_order(method, { order: frm.doc.name, ...args });
	await frm.reload_doc();
	return answer;
}

async function set_car_of_order(frm) {
	if (!frm.doc.vehicle || frm.doc.contact) return;
	const { message } = await frappe.db.get_value("Auto Vehicle", frm.doc.vehicle, "owner_contact");
	if (message?.owner_contact) frm.set_value("contact", message.owner_contact);
}

// -- stages ---------------------------------------------------------------------------------------

async function add_order_moves(frm) {
	const name = frm.doc.name;
	const { message: moves } = await frappe.call(`${ORDER_API}.get_next_stages`, { order: name });
	if (frm.doc.name !== name) return;
	moves.forEach((move, index) => {
		const label = __(move.stage, null, "Service Work Order");
		const is_next = index === 0;
		const $button = frm.add_custom_button(
			is_next ? `→ ${label}` : label,
			() => move_order(frm, move),
			is_next ? null : __("Stage")
		);
		if (!is_next) return;
		$button.addClass(move.problems.length ? "btn-default" : "btn-primary");
		$button.attr("title", move.problems.map((problem) => problem.text).join("\n"));
	});
}

function move_order(frm, move) {
	const fields = move.problems.flatMap((problem) => ORDER_QUESTIONS[problem.code] || []);
	if (!fields.length) return change_order(frm, "move", { stage: move.stage });
	const dialog = new frappe.ui.Dialog({
		title: __(move.stage, null, "Service Work Order"),
		fields: fields.map((field) => dialog_field(frm, field)),
		primary_action_label: __("Move"),
		primary_action: async (values) => {
			dialog.hide();
			await change_order(frm, "move", { stage: move.stage, values });
		},
	});
	dialog.show();
}

function dialog_field(frm, fieldname) {
	const { label, fieldtype, options, description } = frm.get_docfield(fieldname);
	const is_required = !["pay_later", "pay_later_reason"].includes(fieldname);
	return {
		fieldname,
		fieldtype,
		options,
		description: description && __(description),
		label: __(label, null, frm.doctype),
		reqd: is_required ? 1 : 0,
		default: frm.doc[fieldname],
	};
}

// -- the client -----------------------------------------------------------------------------------

function add_client_buttons(frm) {
	const group = __("Actions");
	frm.add_custom_button(__("Copy Client's Link"), () => copy_client_link(frm), group);
	const is_asked = lines_of(frm).some((row) => row.approval === "Proposed");
	if (is_asked && ["Estimate", "Agreed", "In Work", "Quality Check", "Ready"].includes(frm.doc.stage)) {
		frm.add_custom_button(__("Write Down the Answer"), () => ask_answers(frm), group);
	}
}

const lines_of = (frm) => [...frm.doc.labour, ...frm.doc.parts, ...frm.doc.sublets];

async function copy_client_link(frm) {
	frappe.utils.copy_to_clipboard(await call_order("get_client_link", { order: frm.doc.name }));
}

async function ask_answers(frm) {
	if (frm.is_dirty()) await frm.save();
	const { message } = await frappe.call(`${ORDER_API}.get_open_lines`, { order: frm.doc.name });
	const lines = message.lines.map((line) => ({
		fieldname: line.id,
		fieldtype: "Check",
		default: 1,
		label: `${frappe.utils.escape_html(line.title)} — <b>${format_currency(
			line.amount,
			frm.doc.currency
		)}</b>`,
	}));
	const dialog = new frappe.ui.Dialog({
		title: __("What the Client Approves"),
		fields: [
			...lines,
			{
				fieldname: "client_name",
				fieldtype: "Data",
				label: __("Who Answered"),
				reqd: 1,
				default: frm.doc.client_name,
			},
		],
		primary_action_label: __("Write Down"),
		primary_action: async ({ client_name, ...checked }) => {
			dialog.hide();
			const answers = Object.fromEntries(message.lines.map(({ id }) => [id, Boolean(checked[id])]));
			await change_order(frm, "answer_for_client", { answers, client_name, shown_hash: message.hash });
		},
	});
	dialog.show();
}

// -- parts ----------------------------------------------------------------------------------------

function add_part_buttons(frm) {
	const approved = frm.doc.parts.filter((row) => row.approval === "Approved" && row.item);
	const group = __("Parts");
	if (["Agreed", "In Work", "Quality Check"].includes(frm.doc.stage)) {
		if (approved.some((row) => row.issued_qty < row.qty)) {
			frm.add_custom_button(__("Issue to the Workshop"), () => change_order(frm, "issue"), group);
		}
		if (approved.some((row) => row.reserved_qty + row.issued_qty < row.qty)) {
			frm.add_custom_button(__("Reserve"), () => reserve_parts(frm), group);
		}
	}
	const taken = frm.doc.parts.filter((row) => row.reserved_qty + row.issued_qty > 0);
	if (taken.length && !frm.doc.sales_invoice) {
		frm.add_custom_button(__("Return to Stock"), () => return_part(frm, taken), group);
	}
}

async function reserve_parts(frm) {
	const missing = await change_order(frm, "reserve");
	if (missing.length) {
		const items = missing.map((part) => `<li>${frappe.utils.escape_html(part)}</li>`).join("");
		frappe.msgprint(`${__("Still missing:")}<ul>${items}</ul>`);
	}
}

function return_part(frm, rows) {
	const options = rows.map((row) => ({ value: row.name, label: row.description }));
	const taken = (name) => {
		const row = rows.find((one) => one.name === name);
		return row ? row.reserved_qty + row.issued_qty : 0;
	};
	const dialog = new frappe.ui.Dialog({
		title: __("Return to Stock"),
		fields: [
			{
				fieldname: "row",
				fieldtype: "Select",
				label: __("Part"),
				options,
				reqd: 1,
				default: rows[0].name,
				onchange: () => dialog.set_value("qty", taken(dialog.get_value("row"))),
			},
			{
				fieldname: "qty",
				fieldtype: "Float",
				label: __("Quantity"),
				reqd: 1,
				default: taken(rows[0].name),
			},
		],
		primary_action_label: __("Return"),
		primary_action: async (values) => {
			dialog.hide();
			await change_order(frm, "take_back", values);
		},
	});
	dialog.show();
}

// -- lines ----------------------------------------------------------------------------------------

function add_line_buttons(frm) {
	if (frm.doc.sales_invoice || ["Closed", "Cancelled"].includes(frm.doc.stage)) return;
	frm.add_custom_button(__("Add Services"), () => add_services(frm), __("Actions"));
}

function add_services(frm) {
	const dialog = new frappe.ui.Dialog({
		title: __("Add Services"),
		fields: [
			{
				fieldname: "offerings",
				fieldtype: "MultiSelectList",
				label: __("Services"),
				reqd: 1,
				get_data: (text) => frappe.db.get_link_options("Service Offering", text, { is_active: 1 }),
			},
		],
		primary_action_label: __("Add"),
		primary_action: async ({ offerings }) => {
			dialog.hide();
			await change_order(frm, "add_services", { offerings });
		},
	});
	dialog.show();
}

/** Under the table of the inspection: a line of the estimate from the chosen points. */
function add_finding_buttons(frm) {
	const grid = frm.fields_dict.inspection.grid;
	if (grid.dealer_button || !frm.perm[0]?.write) return;
	grid.dealer_button = grid.add_custom_button(__("Add Work from Finding"), () => {
		const points = grid.get_selected_children().length
			? grid.get_selected_children()
			: frm.doc.inspection.filter((row) => ["Yellow", "Red"].includes(row.severity));
		const known = new Set(lines_of(frm).map((row) => row.inspection_row));
		for (const point of points.filter((row) => !known.has(row.name))) {
			frm.add_child("labour", {
				description: point.finding || point.point,
				inspection_row: point.name,
				hours: 0,
			});
		}
		frm.refresh_field("labour");
		frm.dirty();
		frm.set_active_tab?.(frm.fields_dict.tab_estimate?.tab);
	});
}

async function offer_deferred(frm) {
	if (!frm.doc.vehicle || frm.doc.sales_invoice) return;
	const name = frm.doc.name;
	const { message: works } = await frappe.call(`${ORDER_API}.get_deferred`, { vehicle: frm.doc.vehicle });
	const known = new Set(lines_of(frm).map((row) => row.deferred_work));
	const open = works.filter((work) => !known.has(work.name));
	if (frm.doc.name !== name || !open.length) return;
	frm.add_custom_button(
		`${__("Deferred Works")} (${open.length})`,
		() => take_deferred(frm, open),
		__("Actions")
	);
}

function take_deferred(frm, works) {
	const dialog = new frappe.ui.Dialog({
		title: __("Deferred Works"),
		fields: works.map((work) => ({
			fieldname: work.name,
			fieldtype: "Check",
			label: `${frappe.utils.escape_html(work.description)} — ${format_currency(
				work.amount,
				work.currency
			)}`,
			description: frappe.utils.escape_html(
				[work.finding, work.work_order].filter(Boolean).join(" · ")
			),
		})),
		primary_action_label: __("Add"),
		primary_action: async (values) => {
			dialog.hide();
			await change_order(frm, "take_deferred", {
				works: works.map((work) => work.name).filter((name) => values[name]),
			});
		},
	});
	dialog.show();
}

// -- money ----------------------------------------------------------------------------------------

function add_money_buttons(frm) {
	const { stage, sales_invoice, approved_total } = frm.doc;
	const group = __("Payments");
	if (["Ready", "Handed Over"].includes(stage) && !sales_invoice && approved_total > 0) {
		frm.add_custom_button(__("Make the Act"), () => change_order(frm, "make_act"), group);
	}
	if (sales_invoice) {
		frm.add_custom_button(
			__("Open Again"),
			() =>
				frappe.prompt(
					{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
					({ reason }) => change_order(frm, "open_again", { reason }),
					__("Open Again with a Credit Note"),
					__("Open Again")
				),
			group
		);
	}
}
