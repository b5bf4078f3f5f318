// The board's top bar: pipeline, filters, list, add, help.
import { show_help } from "./keyboard";
import { period_options } from "./state";

const FILTERS = ["responsible", "ad_channel", "period", "text"];

export class Toolbar {
	constructor(board) {
		this.board = board;
		this.page = board.page;
		this.quiet = false;
		this.fields = {};
		this.add_buttons();
		this.add_fields();
	}

	add_buttons() {
		const { page, board } = this;
		if (frappe.model.can_create("Auto Deal")) {
			page.set_primary_action(__("Add"), () => board.add_deal(), "add");
			page.add_inner_button(__("Create Deal"), () => board.add_deal(), __("Add Process"));
		}
		if (frappe.model.can_create("Auto Lead")) {
			page.add_inner_button(__("Create Lead"), () => frappe.new_doc("Auto Lead"), __("Add Process"));
		}
		page.set_secondary_action(__("List"), () => board.open_list(), "list");
		page.btn_secondary.attr("title", __("Show as a list")).addClass("dealer-switch");
		page.add_menu_item(
			__("Find a Client, Deal or Car"),
			() => auto_dealer.quick_search(),
			false,
			"Alt+Q"
		);
		page.add_menu_item(__("Refresh"), () => board.refresh());
		page.add_menu_item(__("Keyboard"), () => show_help());
		if (frappe.model.can_write("Deal Pipeline")) {
			page.add_menu_item(__("Set Up This Pipeline"), () =>
				frappe.set_route("Form", "Deal Pipeline", board.pipeline)
			);
		}
	}

	add_fields() {
		const field = (df) => {
			this.fields[df.fieldname] = this.page.add_field({
				...df,
				change: () => this.changed(df.fieldname),
			});
			$(this.fields[df.fieldname].wrapper).addClass(`dealer-filter dealer-filter-${df.fieldname}`);
		};
		field({ fieldtype: "Select", fieldname: "pipeline", label: __("Pipeline"), options: [] });
		field({ fieldtype: "Data", fieldname: "text", label: __("Client, phone, car") });
		field({ fieldtype: "Link", fieldname: "responsible", label: __("Responsible"), options: "User" });
		field({ fieldtype: "Link", fieldname: "ad_channel", label: __("Channel"), options: "Ad Channel" });
		field({ fieldtype: "Select", fieldname: "period", label: __("Created"), options: period_options() });
		field({ fieldtype: "Check", fieldname: "hide_empty", label: __("Hide empty stages") });
		const look = frappe.utils.debounce(() => this.changed("text"), 400);
		this.fields.text.$input.on("input", look).attr("type", "search");
		this.add_toggle();
	}

	/** On a phone only the pipeline is shown until the filters are asked for. */
	add_toggle() {
		const $toggle = $(`
			<button type="button" class="btn btn-default btn-sm dealer-filter-toggle" aria-expanded="false">
				${frappe.utils.icon("filter", "sm")} ${__("Filters")}
			</button>`);
		$toggle.on("click", () => {
			const open = !this.page.page_form.hasClass("dealer-filters-open");
			this.page.page_form.toggleClass("dealer-filters-open", open);
			$toggle.attr("aria-expanded", String(open));
		});
		this.page.page_form.addClass("dealer-filters").append($toggle);
	}

	set_pipelines(pipelines) {
		const options = pipelines.map(({ name }) => ({ value: name, label: __(name) }));
		this.fields.pipeline.df.options = options;
		this.fields.pipeline.set_options?.();
	}

	/** Shows what is in force without calling it a change. */
	async show(pipeline, filters, hide_empty) {
		this.quiet = true;
		this.shown = JSON.stringify([pipeline, filters, hide_empty]);
		const set = (name, value) => this.fields[name].set_value(value ?? "");
		await Promise.all([
			set("pipeline", pipeline),
			...FILTERS.map((name) => set(name, filters[name])),
			set("hide_empty", hide_empty ? 1 : 0),
		]);
		this.quiet = false;
	}

	changed(fieldname) {
		if (this.quiet) return;
		if (fieldname === "pipeline") {
			const pipeline = this.fields.pipeline.get_value();
			if (pipeline && pipeline !== this.board.pipeline) frappe.set_route("deals-board", pipeline);
			return;
		}
		this.board.set_filters(this.filters(), Boolean(this.fields.hide_empty.get_value()));
	}

	filters() {
		const values = FILTERS.map((name) => [
			name,
			name === "text" ? this.fields.text.$input.val() : this.fields[name].get_value(),
		]);
		return Object.fromEntries(values.filter(([, value]) => value));
	}

	focus_text() {
		this.page.page_form.addClass("dealer-filters-open");
		this.fields.text.$input.focus();
	}
}
