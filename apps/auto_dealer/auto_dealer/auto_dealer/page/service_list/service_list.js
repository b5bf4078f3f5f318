frappe.pages["service-list"].on_page_load = function (wrapper) {
	const page = frappe.ui.make_app_page({ parent: wrapper, title: __("Service List"), single_column: true });
	wrapper.service_list = new ServiceList(page);
};

frappe.pages["service-list"].on_page_show = function (wrapper) {
	wrapper.service_list?.load();
};

const API = "auto_dealer.workshop.api";

// All services on one screen: found by any word, narrowed to a group, chosen by a tap; the plan of the chosen below.
class ServiceList {
	constructor(page) {
		this.page = page;
		this.group = "";
		this.chosen = new Set();
		this.make_area();
		this.make_vehicle_field();
		this.add_buttons();
	}

	make_area() {
		this.$area = $(`
			<div class="service-list">
				<div class="service-list-tools">
					<input type="search" class="form-control" autocomplete="off"
						placeholder="${__("Oil, brakes, tyres…")}" aria-label="${__("Find a Service")}">
					<div class="service-list-vehicle"></div>
				</div>
				<div class="service-list-groups" role="group" aria-label="${__("Groups")}"></div>
				<div class="service-list-rows" aria-live="polite"></div>
				<div class="service-list-plan" hidden></div>
			</div>`).appendTo(this.page.main);
		this.$input = this.$area.find("input[type=search]");
		this.$input.on(
			"input",
			frappe.utils.debounce(() => this.load(), 200)
		);
		this.$area.on("click", "[data-group]", (event) => {
			this.group = $(event.currentTarget).attr("data-group");
			this.load();
		});
		this.$area.on("click", "[data-service]", (event) =>
			this.toggle($(event.currentTarget).attr("data-service"))
		);
	}

	make_vehicle_field() {
		if (!frappe.model.can_read("Auto Vehicle")) return;
		this.vehicle = frappe.ui.form.make_control({
			parent: this.$area.find(".service-list-vehicle"),
			df: {
				fieldtype: "Link",
				fieldname: "vehicle",
				options: "Auto Vehicle",
				placeholder: __("Car, for prices by the norms"),
				change: () => this.show_plan(),
			},
			render_input: true,
			only_input: true,
		});
	}

	add_buttons() {
		if (frappe.model.can_create("Service Offering")) {
			this.page.add_inner_button(__("New Service"), () => frappe.new_doc("Service Offering"));
		}
		this.page.add_menu_item(__("Services"), () => frappe.set_route("List", "Service Offering"));
		if (frappe.model.can_read("Labour Norm")) {
			this.page.add_menu_item(__("Norms"), () => frappe.set_route("List", "Labour Norm"));
		}
	}

	async load() {
		this.asked = (this.asked || 0) + 1;
		const asked = this.asked;
		const { message } = await frappe.call({
			method: `${API}.get_service_list`,
			type: "GET",
			args: { search: this.$input.val() || "", group: this.group },
		});
		if (!message || asked !== this.asked) return;
		this.show_groups(message.groups);
		this.show_rows(message.services);
	}

	show_groups(groups) {
		const total = groups.reduce((sum, group) => sum + group.count, 0);
		const chips = [{ name: "", label: __("All"), count: total }, ...groups].map(
			(group) => `
			<button type="button" class="btn btn-xs service-list-group" data-group="${escape_attribute(group.name)}"
				aria-pressed="${group.name === this.group}">
				${frappe.utils.escape_html(group.label)} <span>${group.count}</span>
			</button>`
		);
		this.$area.find(".service-list-groups").html(chips.join(""));
	}

	show_rows(services) {
		this.services = services;
		const rows = services.map((service) => this.row_html(service)).join("");
		const empty = `<p class="text-muted service-list-empty">${__("No service is called so.")}</p>`;
		this.$area.find(".service-list-rows").html(rows || empty);
	}

	row_html(service) {
		const notes = [service.group_label];
		if (service.is_bookable_online) notes.push(__("clients book it"));
		const name = frappe.utils.escape_html(service.name);
		return `
			<button type="button" class="service-list-row" data-service="${escape_attribute(service.name)}"
				aria-pressed="${this.chosen.has(service.name)}">
				<span class="service-list-name">${service.is_popular ? `<b>${name}</b>` : name}
					<small>${notes.map(frappe.utils.escape_html).join(" · ")}</small></span>
				<span class="service-list-price">${price_text(service)}<small>${time_text(service.minutes)}</small></span>
			</button>`;
	}

	toggle(service) {
		if (!this.chosen.delete(service)) this.chosen.add(service);
		this.$area
			.find("[data-service]")
			.each((_index, row) => $(row).attr("aria-pressed", this.chosen.has($(row).attr("data-service"))));
		this.show_plan();
	}

	async show_plan() {
		const $plan = this.$area.find(".service-list-plan");
		if (!this.chosen.size) {
			$plan.attr("hidden", true).empty();
			return;
		}
		const { message } = await frappe.call({
			method: `${API}.get_plan`,
			type: "GET",
			args: { offerings: JSON.stringify([...this.chosen]), vehicle: this.vehicle?.get_value() || "" },
		});
		if (!message || !this.chosen.size) return;
		$plan.html(this.plan_html(message)).removeAttr("hidden");
		$plan.find("[data-act=book]").on("click", () => this.book());
		$plan.find("[data-act=clear]").on("click", () => {
			this.chosen.clear();
			this.load();
			this.show_plan();
		});
	}

	plan_html(plan) {
		const needs = plan.needs.map((need) => {
			const skill = need.skill ? ` (${__(need.skill)})` : "";
			return `${__(need.kind)}${skill}${need.count > 1 ? ` × ${need.count}` : ""}`;
		});
		const lines = plan.explanations.map((line) => `<li>${frappe.utils.escape_html(line)}</li>`).join("");
		const may_book = frappe.model.can_create("Service Booking");
		return `
			<div class="service-list-total">
				<span><b>${money(plan.price)}</b> · ${time_text(plan.minutes) || __("time not known")}</span>
				<span class="service-list-actions">
					<button type="button" class="btn btn-default btn-sm" data-act="clear">${__("Clear")}</button>
					${may_book ? `<button type="button" class="btn btn-primary btn-sm" data-act="book">${__("Book a Visit")}</button>` : ""}
				</span>
			</div>
			<div class="text-muted">${[...this.chosen].map(frappe.utils.escape_html).join(", ")}</div>
			<div class="text-muted">${__("Takes: {0}", [frappe.utils.escape_html(needs.join(", "))])}</div>
			<details><summary>${__("How it is counted")}</summary><ul>${lines}</ul></details>`;
	}

	async book() {
		await frappe.model.with_doctype("Service Booking");
		const booking = frappe.model.get_new_doc("Service Booking");
		for (const offering of this.chosen) {
			const row = frappe.model.add_child(booking, "Service Booking Offering", "offerings");
			row.offering = offering;
		}
		booking.vehicle = this.vehicle?.get_value() || null;
		frappe.set_route("Form", "Service Booking", booking.name);
	}
}

function price_text(service) {
	if (!service.is_fixed) return frappe.utils.escape_html(__("by norms"));
	return service.price ? money(service.price) : frappe.utils.escape_html(__("free of charge"));
}

function money(amount) {
	return frappe.utils.escape_html(format_currency(amount, frappe.boot.sysdefaults.currency));
}

function time_text(minutes) {
	if (!minutes) return "";
	const hours = Math.floor(minutes / 60);
	const rest = minutes % 60;
	const parts = [hours && __("{0} h", [hours]), rest && __("{0} min", [rest])];
	return frappe.utils.escape_html(parts.filter(Boolean).join(" "));
}

function escape_attribute(text) {
	return frappe.utils.escape_html(text).replace(/"/g, "&quot;");
}
