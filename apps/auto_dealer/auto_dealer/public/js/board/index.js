// The Deals Board: one pipeline's deals by stage.
import { move_deal } from "../dealer/gate";
import { load_pipelines } from "../dealer/list_tools";
import { new_deal } from "../dealer/new_deal";
import { call_server, tell_refusal } from "../dealer/server";
import { esc } from "../dealer/text";
import { Column } from "./column";
import { make_draggable } from "./drag";
import { bind_keyboard } from "./keyboard";
import { load_memory, save_memory, server_filters } from "./state";
import { Toolbar } from "./toolbar";

const PAGE = "deals-board";
const QUIET_MS = 700;

auto_dealer.DealsBoard = class DealsBoard {
	constructor(wrapper) {
		this.wrapper = wrapper;
		this.page = frappe.ui.make_app_page({
			parent: wrapper,
			title: __("Deals Board"),
			single_column: true,
		});
		this.columns = [];
		this.changed = new Set();
		this.asked = 0;
		this.refresh_soon = frappe.utils.debounce(() => this.refresh(), QUIET_MS);
		this.on_list_update = (data) => this.colleague_changed(data);
		this.ready = this.start();
	}

	async start() {
		this.$columns = $('<div class="dealer-columns" tabindex="-1"></div>').appendTo(this.page.main);
		this.page.main.addClass("dealer-board");
		[this.memory, this.pipelines] = await Promise.all([load_memory(), load_pipelines()]);
		this.toolbar = new Toolbar(this);
		this.toolbar.set_pipelines(this.pipelines);
		bind_keyboard(this);
		this.bind_mouse();
	}

	bind_mouse() {
		this.$columns.on("click", ".dealer-card", (event) => {
			if ($(event.target).closest("button").length || $("body").hasClass("dealer-dragging")) return;
			if (event.ctrlKey || event.metaKey) return;
			event.preventDefault();
			this.open(event.currentTarget.dataset.name);
		});
		this.$columns.on("click", "[data-action=take]", (event) => {
			this.take($(event.currentTarget).closest(".dealer-card").data("name"));
		});
		$(document).on("auto-dealer-moved", () => this.is_shown() && this.refresh_soon());
	}

	// -- showing and hiding --------------------------------------------------------------------

	async show() {
		await this.ready;
		this.subscribe();
		const pipeline = this.wanted_pipeline();
		if (!pipeline) {
			this.$columns.html(
				`<div class="dealer-board-empty text-muted">${__("There is no pipeline yet.")}</div>`
			);
			return;
		}
		await this.choose(pipeline);
	}

	wanted_pipeline() {
		const names = this.pipelines.map((row) => row.name);
		const wishes = [
			frappe.get_route()[1],
			this.memory.pipeline,
			this.pipelines.find((row) => row.is_default)?.name,
		];
		return wishes.find((name) => names.includes(name)) || names[0];
	}

	is_shown() {
		return frappe.get_route()[0] === PAGE && $(this.wrapper).is(":visible");
	}

	/** A list view drops every listener of "list_update" when it opens, so this is done at each visit. */
	subscribe() {
		frappe.realtime.off("list_update", this.on_list_update);
		frappe.realtime.on("list_update", this.on_list_update);
		frappe.realtime.doctype_subscribe("Auto Deal");
	}

	colleague_changed(data) {
		if (data?.doctype !== "Auto Deal") return;
		this.changed.add(data.name);
		if (this.is_shown()) this.refresh_soon();
	}

	// -- loading -------------------------------------------------------------------------------

	async choose(pipeline) {
		const same = pipeline === this.pipeline;
		this.pipeline = pipeline;
		this.filters = this.memory.filters[pipeline] || {};
		this.remember({ pipeline });
		await this.toolbar.show(pipeline, this.filters, this.memory.hide_empty);
		await this.refresh({ anew: !same });
	}

	remember(part) {
		Object.assign(this.memory, part);
		save_memory(this.memory);
	}

	server_filters() {
		return server_filters(this.filters);
	}

	set_filters(filters, hide_empty) {
		const filters_same = JSON.stringify(filters) === JSON.stringify(this.filters);
		if (filters_same && hide_empty === Boolean(this.memory.hide_empty)) return;
		this.filters = filters;
		this.remember({ hide_empty, filters: { ...this.memory.filters, [this.pipeline]: filters } });
		this.hide_empty();
		if (!filters_same) this.refresh({ anew: true });
	}

	/** Asks the server for the first pages; an answer that comes after a newer question is thrown away. */
	async refresh({ anew = false } = {}) {
		if (this.is_busy()) {
			this.refresh_soon();
			return;
		}
		const question = ++this.asked;
		const changed = new Set(this.changed);
		this.changed.clear();
		const board = await call_server("board", { pipeline: this.pipeline, filters: this.server_filters() });
		if (question !== this.asked) return;
		if (this.is_busy()) {
			changed.forEach((name) => this.changed.add(name));
			this.refresh_soon();
			return;
		}
		this.currency = board.currency;
		if (anew || !this.same_stages(board.stages)) this.build(board.stages);
		else this.update(board.stages, changed);
		this.hide_empty();
	}

	/** A card in the hand, or a gate that is open, must not be drawn over. */
	is_busy() {
		return $("body").is(".dealer-dragging, .dealer-pressed") || Boolean(this.moving);
	}

	same_stages(stages) {
		const key = (stage) => [stage.stage, stage.color].join();
		return stages.map(key).join("|") === this.columns.map((column) => key(column.stage)).join("|");
	}

	build(stages) {
		this.columns = stages.map((stage) => new Column(this, stage));
		this.$columns.empty().append(this.columns.map((column) => column.$column));
		if (!frappe.model.can_write("Auto Deal")) return;
		for (const column of this.columns) make_draggable(column, (name, stage) => this.move(name, stage));
	}

	update(stages, changed) {
		const focused = document.activeElement?.dataset?.name;
		stages.forEach((stage, index) => this.columns[index].refresh(stage, changed));
		if (focused) this.focus(focused);
	}

	hide_empty() {
		this.$columns.toggleClass("hides-empty", Boolean(this.memory.hide_empty));
	}

	// -- deals ---------------------------------------------------------------------------------

	column_of(name) {
		return this.columns.find((column) => column.card(name));
	}

	$card(name) {
		return this.$columns.find(".dealer-card").filter((_index, card) => card.dataset.name === name);
	}

	focus(name) {
		this.$card(name).get(0)?.focus({ preventScroll: true });
	}

	open(name) {
		frappe.set_route("Form", "Auto Deal", name);
	}

	open_list() {
		frappe.route_options = { pipeline: this.pipeline };
		frappe.set_route("List", "Auto Deal", "List");
	}

	async add_deal() {
		const deal = await new_deal({ pipeline: this.pipeline });
		if (!deal) return;
		frappe.show_alert({ message: __("Deal {0} is created", [esc(deal)]), indicator: "green" });
		await this.refresh();
		this.focus(deal);
	}

	async take(name) {
		try {
			await call_server("take_to_work", { deal: name }, { silent: true });
			frappe.show_alert({ message: __("The deal is yours now"), indicator: "green" });
		} catch (refusal) {
			tell_refusal(refusal, __("Not Taken"), "orange");
		}
		await this.refresh();
		this.focus(name);
	}

	/** Moves a deal, with the gate's questions; resolves with whether it has moved. */
	async move(name, to_stage) {
		this.moving = name;
		let moved = false;
		try {
			moved = await move_deal(name, to_stage, this.column_of(name)?.stage.stage);
		} finally {
			this.moving = null;
		}
		this.changed.add(name);
		if (moved) await this.refresh();
		else this.refresh_soon();
		this.focus(name);
		return moved;
	}

	move_card_by(name, step) {
		const visible = this.columns.filter((column) => column.$column.is(":visible"));
		const target = visible[visible.indexOf(this.column_of(name)) + step];
		if (target) this.move(name, target.stage.stage);
	}
};
