// Every car between buyout and sale, by step: days, money, what is late. Opening a card opens the deal.
frappe.pages["preparation-board"].on_page_load = function (wrapper) {
	wrapper.preparation_board = new PreparationBoard(wrapper);
};

frappe.pages["preparation-board"].on_page_show = function (wrapper) {
	wrapper.preparation_board.refresh();
};

class PreparationBoard {
	constructor(wrapper) {
		this.page = frappe.ui.make_app_page({
			parent: wrapper,
			title: __("Preparation Board"),
			single_column: true,
		});
		this.pipeline = this.page.add_field({
			fieldname: "pipeline",
			label: __("Pipeline"),
			fieldtype: "Select",
			options: [],
			change: () => this.refresh(),
		});
		this.only_late = this.page.add_field({
			fieldname: "only_late",
			label: __("Late only"),
			fieldtype: "Check",
			change: () => this.draw(),
		});
		this.page.add_menu_item(__("Refresh"), () => this.refresh());
		this.page.add_menu_item(__("As a Report"), () =>
			frappe.set_route("query-report", "Preparation Board")
		);
		this.$columns = $('<div class="preparation-columns"></div>').appendTo(this.page.main);
	}

	async refresh() {
		const asked = (this.asked = (this.asked || 0) + 1);
		const pipeline = this.pipeline.get_value() || "";
		const { message } = await frappe.call("auto_dealer.processes.api.get_board", { pipeline });
		if (asked !== this.asked) return;
		this.board = message;
		this.set_pipelines();
		this.draw();
	}

	set_pipelines() {
		if (this.pipeline.df.options.length) return;
		this.pipeline.df.options = [
			{ value: "", label: __("All Pipelines") },
			...this.board.pipelines.map((name) => ({ value: name, label: __(name) })),
		];
		this.pipeline.refresh();
	}

	draw() {
		if (!this.board) return;
		const only_late = this.only_late.get_value();
		const cars = this.board.cars.filter((car) => !only_late || car.late_step);
		const names_twice = new Set(this.board.steps.map((step) => step.pipeline)).size > 1;
		const columns = this.board.steps.map((step) => this.column_html(step, cars, names_twice));
		const empty = `<p class="preparation-empty text-muted">${__(
			"No car is between buyout and sale."
		)}</p>`;
		this.$columns.html(this.board.cars.length ? columns.join("") : empty);
	}

	column_html(step, all, names_twice) {
		const cars = all.filter((car) => car.pipeline === step.pipeline && car.stage === step.stage);
		const pipeline = names_twice
			? `<div class="text-muted small">${escape_html(__(step.pipeline))}</div>`
			: "";
		const money = this.board.shows_money && step.money ? ` · ${money_html(step.money)}` : "";
		return `<section class="preparation-column">
			<header><b>${escape_html(__(step.stage))}</b> <span class="text-muted">${cars.length}${money}</span>${pipeline}</header>
			${cars.map((car) => this.card_html(car)).join("")}
		</section>`;
	}

	card_html(car) {
		const late = car.late_step
			? `<div class="preparation-late ${car.is_late_now ? "is-now" : ""}">${__("Late: {0}, {1} d", [
					escape_html(__(car.late_step)),
					format_days(car.late_days),
				])}</div>`
			: "";
		const money = this.board.shows_money
			? `<div>${money_html(car.total_cost)} <span class="text-muted">${
					car.works_cost ? __("of it works {0}", [money_html(car.works_cost)]) : ""
				}</span></div>`
			: "";
		const plate = [car.vin, car.licence_plate]
			.filter((part) => part && !car.title?.includes(part))
			.map(escape_html)
			.join(" · ");
		return `<a class="preparation-card" href="/app/auto-deal/${encodeURIComponent(car.deal)}">
			<b>${escape_html(car.title || car.deal)}</b>
			<div class="text-muted small">${plate}</div>
			<div>${__("{0} d in this step, {1} d in all", [
				format_days(car.days_in_step),
				format_days(car.total_days),
			])}</div>
			${money}${late}
		</a>`;
	}
}

function escape_html(text) {
	return frappe.utils.escape_html(text || "");
}

function money_html(value) {
	return format_currency(value || 0, frappe.defaults.get_default("currency"), 0);
}

function format_days(value) {
	return format_number(value || 0, null, 1);
}
