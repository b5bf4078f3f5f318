// When the car is due for its next maintenance, on the car's card.
frappe.ui.form.on("Auto Vehicle", {
	refresh: show_forecast,
});

async function show_forecast(frm) {
	if (frm.is_new() || !frappe.model.can_read("Maintenance Plan")) return;
	const name = frm.doc.name;
	const { message: plan } = await frappe.call({
		method: "auto_dealer.retention.api.get_forecast",
		args: { vehicle: name },
		type: "GET",
	});
	if (!plan || frm.doc.name !== name) return;
	frm.dashboard.clear_headline();
	if (plan.due_on) frm.dashboard.set_headline(forecast_html(plan, name));
}

function forecast_html(plan, vehicle) {
	const escape = frappe.utils.escape_html;
	const is_over = plan.due_on < frappe.datetime.get_today();
	const color = plan.status === "Stopped" ? "gray" : is_over ? "red" : "blue";
	const by = plan.due_by === "Mileage" ? __("by mileage") : __("by months");
	const date = escape(frappe.datetime.str_to_user(plan.due_on));
	const mileage = plan.due_mileage ? `, ${__("{0} km", [format_number(plan.due_mileage, null, 0)])}` : "";
	const deal = plan.deal
		? ` · <a href="/app/auto-deal/${encodeURIComponent(plan.deal)}">${escape(plan.deal)}</a>`
		: "";
	const status = __(plan.status, null, "Maintenance Plan");
	const link = plan.has_plan
		? `<a href="/app/maintenance-plan/${encodeURIComponent(vehicle)}">${status}</a>`
		: status;
	return `<span class="indicator ${color}"></span><span>${__("Next Maintenance")}: <b>${date}</b> (${by}${mileage}) · ${link}${deal}</span>`;
}
