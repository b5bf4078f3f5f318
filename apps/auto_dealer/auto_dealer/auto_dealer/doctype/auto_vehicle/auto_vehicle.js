// The car's card: the VIN is judged while it is typed, models follow the make.

frappe.ui.form.on("Auto Vehicle", {
	setup(frm) {
		frm.set_query("model", () => ({
			filters: { is_enabled: 1, ...(frm.doc.make && { make: frm.doc.make }) },
		}));
		frm.set_query("make", () => ({ filters: { is_enabled: 1 } }));
	},
	refresh(frm) {
		show_vin_warning(frm, null);
		frm.set_intro("");
		show_registration(frm);
		show_timeline(frm);
	},
	vin(frm) {
		judge_vin(frm);
	},
	make(frm) {
		clear_model_of_other_make(frm);
	},
	model(frm) {
		set_make_of_model(frm);
	},
});

frappe.ui.form.on("Vehicle Mileage", {
	mileage(frm, cdt, cdn) {
		ask_reason_of_fall(frm, locals[cdt][cdn]);
	},
});

async function judge_vin(frm) {
	const typed = frm.doc.vin;
	if (!typed) {
		show_vin_warning(frm, null);
		return;
	}
	const { message: answer } = await frappe.call({
		method: "auto_dealer.vehicles.api.check_vin",
		args: { vin: typed, vehicle: frm.is_new() ? null : frm.doc.name },
	});
	if (frm.doc.vin !== typed) return;
	if (answer.vin !== typed) await frm.set_value("vin", answer.vin);
	show_vin_warning(frm, answer);
}

function show_vin_warning(frm, answer) {
	const field = frm.get_field("vin");
	const text = answer?.error || (answer?.other && taken_by(answer.other)) || answer?.warning || "";
	field.set_description(text || __(field.df.description));
	const color = answer?.error || answer?.other ? "text-danger" : "text-warning";
	field.$wrapper
		.find(".help-box")
		.removeClass("text-danger text-warning")
		.toggleClass(color, Boolean(text));
}

function taken_by(car) {
	return __("This VIN already belongs to the car {0}.", [
		frappe.utils.get_form_link("Auto Vehicle", car.name, true, car.title),
	]);
}

async function set_make_of_model(frm) {
	if (!frm.doc.model) return;
	const { message } = await frappe.db.get_value("Vehicle Model", frm.doc.model, "make");
	if (message?.make && message.make !== frm.doc.make) await frm.set_value("make", message.make);
}

async function clear_model_of_other_make(frm) {
	if (!frm.doc.model || !frm.doc.make) return;
	const { message } = await frappe.db.get_value("Vehicle Model", frm.doc.model, "make");
	if (message?.make && message.make !== frm.doc.make) await frm.set_value("model", null);
}

function ask_reason_of_fall(frm, row) {
	const before = (frm.doc.mileage_log || [])
		.filter((other) => other.name !== row.name && other.reading_date <= row.reading_date)
		.reduce((most, other) => Math.max(most, other.mileage || 0), 0);
	if (row.mileage && row.mileage < before && !row.reason) {
		frappe.show_alert({
			message: __("{0} km is less than {1} km before: please write the reason of the fall.", [
				row.mileage,
				before,
			]),
			indicator: "orange",
		});
	}
}

/** A car that could not be registered in stock says so, with the way to try again. */
function show_registration(frm) {
	if (frm.doc.registration_status !== "Failed") return;
	frm.set_intro(
		__("Not registered in stock: {0}", [frappe.utils.escape_html(frm.doc.registration_error || "")]),
		"orange"
	);
	if (!frm.perm[0]?.write) return;
	frm.add_custom_button(__("Register in Stock Again"), async () => {
		await frappe.call({
			method: "auto_dealer.vehicles.api.retry_registration",
			args: { vehicle: frm.doc.name },
		});
		frappe.show_alert({ message: __("It will be tried again in a moment"), indicator: "blue" });
	});
}

/** Leads, deals, contracts, owners, mileage: what happened to this car, the newest first. */
async function show_timeline(frm) {
	const $area = $(frm.fields_dict.timeline_view.wrapper).empty();
	if (frm.is_new()) return;
	const { name } = frm.doc;
	const { message: events } = await frappe.call({
		method: "auto_dealer.vehicles.api.get_timeline",
		args: { vehicle: name },
		type: "GET",
	});
	if (frm.doc.name !== name) return;
	const rows = (events || []).map(timeline_row).join("");
	$area.html(
		rows
			? `<div class="table-responsive"><table class="table table-sm dealer-table"><thead><tr>
				<th>${__("When")}</th><th>${__("Kind")}</th><th>${__("Event")}</th><th>${__("Status")}</th><th>${__("Amount")}</th>
				</tr></thead><tbody>${rows}</tbody></table></div>`
			: `<p class="text-muted">${__("Nothing yet")}</p>`
	);
}

function timeline_row(event) {
	const escape = (text) => frappe.utils.escape_html(String(text ?? ""));
	const title = event.name
		? `<a href="${frappe.utils.get_form_link(event.doctype, event.name)}">${escape(event.title)}</a>`
		: escape(event.title);
	const amount = event.amount ? escape(format_currency(event.amount, event.currency)) : "";
	const cells = [
		escape(frappe.datetime.str_to_user(event.when.slice(0, 10))),
		escape(event.label),
		title,
		escape(event.status),
		amount,
	];
	return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
}
