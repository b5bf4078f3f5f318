frappe.ui.form.on("Service Offering", {
	setup(frm) {
		frm.set_query("group", () => ({ filters: { is_enabled: 1 } }));
		frm.set_query("operation", "operations", () => ({ filters: { is_active: 1 } }));
		frm.set_query("skill", "needs", () => ({ filters: { is_enabled: 1 } }));
	},
	async refresh(frm) {
		if (frm.is_new() || frm.is_dirty()) return;
		const { message } = await frappe.call({
			method: "auto_dealer.workshop.api.get_plan",
			type: "GET",
			args: { offerings: JSON.stringify([frm.doc.name]) },
		});
		if (message) show_plan(frm, message);
	},
});

// What it costs and takes for a car that is not named: a mistake in the set-up is seen at once.
function show_plan(frm, plan) {
	const price = format_currency(plan.price, frappe.boot.sysdefaults.currency);
	frm.dashboard.clear_headline();
	if (!plan.minutes) {
		frm.dashboard.set_headline(__("The time is not known: it cannot be booked."), "orange");
		return;
	}
	frm.dashboard.set_headline(
		__("{0}, {1} min for a car without a norm of its own", [price, plan.minutes]),
		"blue"
	);
}
