// Diagnostics and detailing of a deal: started here, their state shown here, kept live.
frappe.ui.form.on("Auto Deal", {
	setup(frm) {
		frappe.realtime.on("dealer_process_changed", ({ deal }) => {
			if (cur_frm === frm && frm.doc.name === deal) show_processes(frm);
		});
	},

	refresh: show_processes,
});

const PROCESS_DOCTYPES = { Diagnostics: "Diagnostics Request", Detailing: "Detailing Request" };

async function show_processes(frm) {
	if (frm.is_new()) return;
	const name = frm.doc.name;
	const { message } = await frappe.call({
		method: "auto_dealer.processes.api.get_deal_processes",
		args: { deal: name },
		silent: true,
	});
	if (frm.doc.name !== name) return;
	const processes = message || [];
	for (const kind of Object.keys(PROCESS_DOCTYPES)) {
		add_process_button(
			frm,
			kind,
			processes.find((process) => process.kind === kind)
		);
	}
	frm.page.wrapper.find(".dealer-process").remove();
	for (const process of processes) show_process(frm, process);
}

function process_label(kind) {
	return kind === "Diagnostics" ? __("Diagnostics") : __("Detailing");
}

function add_process_button(frm, kind, process) {
	const doctype = PROCESS_DOCTYPES[kind];
	frm.remove_custom_button(process_label(kind), __("Processes"));
	const is_running = process && !process.is_over;
	if (is_running && process.may_open) {
		const open = () => frappe.set_route("Form", doctype, process.name);
		frm.add_custom_button(process_label(kind), open, __("Processes"));
	} else if (!is_running && frappe.model.can_create(doctype) && frm.perm[0]?.write) {
		frm.add_custom_button(process_label(kind), () => start_process(frm, kind), __("Processes"));
	}
}

function show_process(frm, process) {
	const escape = frappe.utils.escape_html;
	const title = `${process_label(process.kind)}: ${escape(process.state_label)}`;
	const color = process.is_over ? "green" : "orange";
	const link = process.may_open
		? `<a href="${frappe.utils.get_form_link(process.doctype, process.name)}">${title}</a>`
		: title;
	const note = process.deal_note ? ` <span class="text-danger">${escape(process.deal_note)}</span>` : "";
	frm.layout.wrapper.prepend(
		`<div class="dealer-process px-3 py-1"><span class="indicator-pill ${color}">${link}</span>${note}</div>`
	);
}

function start_process(frm, kind) {
	const dialog = new frappe.ui.Dialog({
		title: process_label(kind),
		size: kind === "Detailing" ? "large" : undefined,
		fields: kind === "Detailing" ? detailing_fields(frm) : diagnostics_fields(frm),
		primary_action_label: __("Start"),
		async primary_action(values) {
			const { message } = await frappe.call({
				method: "auto_dealer.processes.api.start",
				args: { kind, deal: frm.doc.name, values: clean(values) },
				freeze: true,
			});
			dialog.hide();
			frappe.set_route("Form", message.doctype, message.name);
		},
	});
	dialog.show();
}

function clean(values) {
	const works = (values.works || []).map(({ work, cost }) => ({ work, cost })).filter(({ work }) => work);
	return values.works ? { ...values, works } : values;
}

function car_of(frm) {
	const wish = (frm.doc.vehicle_of_interest || [])[0] || {};
	return frm.doc.vehicle_title || [wish.make, wish.model].filter(Boolean).join(" ");
}

function diagnostics_fields(frm) {
	const context = "Diagnostics Request";
	return [
		{ fieldname: "vehicle_title", fieldtype: "Data", label: __("Car"), reqd: 1, default: car_of(frm) },
		{
			fieldname: "address",
			fieldtype: "Small Text",
			label: __("Address of the Visit", null, context),
			reqd: 1,
		},
		{ fieldname: "visit_at", fieldtype: "Datetime", label: __("Visit At", null, context) },
		{
			fieldname: "asked_price",
			fieldtype: "Currency",
			label: __("Price the Owner Asks", null, context),
			default: frm.doc.amount,
		},
		{ fieldname: "notes", fieldtype: "Small Text", label: __("Notes") },
	];
}

function detailing_fields(frm) {
	const context = "Detailing Request";
	const is_commission = frm.doc.pipeline === "Commission";
	return [
		{
			fieldname: "contract_kind",
			fieldtype: "Select",
			label: __("Contract", null, context),
			options: [
				{ value: "Buyout", label: __("Buyout", null, context) },
				{ value: "Commission", label: __("Commission", null, context) },
			],
			default: is_commission ? "Commission" : "Buyout",
			reqd: 1,
		},
		{ fieldname: "vehicle_title", fieldtype: "Data", label: __("Car"), reqd: 1, default: car_of(frm) },
		{
			fieldname: "price",
			fieldtype: "Currency",
			label: __("Price to Agree", null, context),
			default: frm.doc.amount,
			depends_on: "eval:doc.contract_kind=='Buyout'",
			mandatory_depends_on: "eval:doc.contract_kind=='Buyout'",
		},
		{
			fieldname: "works",
			fieldtype: "Table",
			label: __("Works", null, context),
			reqd: 1,
			in_place_edit: true,
			data: [{}],
			fields: [
				{
					fieldname: "work",
					fieldtype: "Data",
					label: __("Work", null, "Detailing Work"),
					in_list_view: 1,
					columns: 7,
				},
				{
					fieldname: "cost",
					fieldtype: "Currency",
					label: __("Cost", null, "Detailing Work"),
					in_list_view: 1,
					columns: 3,
				},
			],
		},
		{ fieldname: "notes", fieldtype: "Small Text", label: __("Notes") },
		{
			fieldname: "reply",
			fieldtype: "Small Text",
			label: __("Comment to the Leader"),
			depends_on: "eval:doc.contract_kind=='Buyout'",
		},
	];
}
