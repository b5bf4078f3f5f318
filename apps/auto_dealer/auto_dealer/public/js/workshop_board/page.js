// Two boards: managers see bookings and orders with sums, the garage sees cars and works.

import { card_html } from "./card";

const API = "auto_dealer.orders";
const ORDER = "Service Work Order";
const REFRESH_MS = 60000;
const DIALOG_FIELDS = ["cancel_reason", "quality_note"];

frappe.provide("auto_dealer");

auto_dealer.WorkshopBoard = class {
	constructor(wrapper) {
		this.page = frappe.ui.make_app_page({
			parent: wrapper,
			title: __("Workshop Board"),
			single_column: true,
		});
		this.sides = this.allowed_sides();
		this.side = localStorage.getItem("dealer-workshop-side");
		if (!this.sides.includes(this.side)) this.side = this.sides[0];
		this.make_toolbar();
		this.$columns = $('<div class="workshop-columns"></div>').appendTo(this.page.main);
		this.bind();
		setInterval(() => this.is_shown() && this.load(), REFRESH_MS);
		frappe.realtime.doctype_subscribe?.(ORDER);
		frappe.realtime.on("list_update", ({ doctype }) => {
			if (doctype === ORDER && this.is_shown()) this.load_soon();
		});
		this.load_soon = frappe.utils.debounce(() => this.load(), 1000);
	}

	allowed_sides() {
		return frappe.model.can_read(ORDER) ? ["managers", "garage"] : ["garage"];
	}

	is_shown() {
		return !document.hidden && frappe.get_route()[0] === "workshop-board";
	}

	make_toolbar() {
		const labels = { managers: __("Managers"), garage: __("Garage") };
		const $bar = $('<div class="workshop-toolbar"></div>').appendTo(this.page.main);
		if (this.sides.length > 1) {
			const buttons = this.sides.map(
				(side) =>
					`<button class="btn btn-sm btn-default" data-side="${side}">${labels[side]}</button>`
			);
			$bar.append(`<div class="btn-group" role="group">${buttons.join("")}</div>`);
		}
		$bar.append(
			`<input type="search" class="form-control input-sm workshop-search" placeholder="${__(
				"Client, car, plate, number"
			)}" aria-label="${__("Search")}">`
		);
		$bar.on("click", "[data-side]", (event) => this.set_side($(event.currentTarget).attr("data-side")));
		$bar.on(
			"input",
			".workshop-search",
			frappe.utils.debounce(() => this.load(), 300)
		);
		this.$bar = $bar;
		if (frappe.model.can_create(ORDER)) {
			this.page.set_primary_action(__("New Work Order"), () => frappe.new_doc(ORDER), "add");
		}
	}

	set_side(side) {
		this.side = side;
		localStorage.setItem("dealer-workshop-side", side);
		this.load();
	}

	show() {
		return this.load();
	}

	async load() {
		const asked = (this.asked = {});
		const { message: board } = await frappe.call(`${API}.boards.get_board`, {
			side: this.side,
			text: this.$bar.find(".workshop-search").val() || "",
		});
		if (asked !== this.asked) return;
		this.board = board;
		this.render();
	}

	render() {
		this.$bar.find("[data-side]").each((_index, button) => {
			const is_active = $(button).attr("data-side") === this.side;
			$(button).toggleClass("btn-primary", is_active).toggleClass("btn-default", !is_active);
		});
		const { columns, may_move } = this.board;
		const html = columns.map(
			(
				column
			) => `<section class="workshop-column" data-stage="${frappe.utils.escape_html(column.stage)}">
				<h4>${frappe.utils.escape_html(column.label)} <span class="text-muted">${column.count}</span></h4>
				<div class="workshop-cards">${column.cards.map((card) => card_html(card, may_move)).join("")}</div>
			</section>`
		);
		this.$columns.html(html.join(""));
	}

	// -- moving -------------------------------------------------------------------------------------

	bind() {
		this.$columns
			.on("dragstart", ".workshop-card", (event) => {
				this.dragged = this.card_of(event.currentTarget);
			})
			.on("dragend", () => {
				this.dragged = null;
				this.$columns.find(".is-over").removeClass("is-over");
			})
			.on("dragover", ".workshop-column", (event) => {
				if (!this.dragged) return;
				event.preventDefault();
				this.$columns.find(".is-over").removeClass("is-over");
				$(event.currentTarget).addClass("is-over");
			})
			.on("drop", ".workshop-column", (event) => {
				event.preventDefault();
				if (this.dragged) this.drop(this.dragged, $(event.currentTarget).attr("data-stage"));
			})
			.on("click", ".workshop-move", (event) => this.ask_stage(this.card_of(event.currentTarget)));
	}

	card_of(element) {
		const $card = $(element).closest(".workshop-card");
		return {
			doctype: $card.attr("data-doctype"),
			name: $card.attr("data-name"),
			stage: $card.closest(".workshop-column").attr("data-stage"),
		};
	}

	async drop(card, stage) {
		if (card.stage === stage) return;
		if (card.doctype !== ORDER) return this.open_order(card);
		const moves = await this.moves_of(card);
		const move = moves.find((one) => one.stage === stage);
		if (move && move.problems.some((problem) => DIALOG_FIELDS.includes(problem.code))) {
			frappe.set_route("Form", ORDER, card.name);
			return frappe.show_alert({
				message: __("Move it in the order: it asks for a reason."),
				indicator: "orange",
			});
		}
		// Without such a way the server says so, in words.
		await this.move(card, stage);
	}

	async moves_of(card) {
		return (await frappe.call(`${API}.api.get_next_stages`, { order: card.name })).message;
	}

	async ask_stage(card) {
		if (card.doctype !== ORDER) return this.open_order(card);
		const moves = await this.moves_of(card);
		const dialog = new frappe.ui.Dialog({ title: `${card.name}: ${__("Move")}`, fields: [] });
		for (const move of moves) {
			const problems = move.problems
				.map((problem) => `<div class="text-muted small">${problem.text}</div>`)
				.join("");
			$(
				`<div class="workshop-way"><button class="btn btn-default btn-block">${__(
					move.stage,
					null,
					ORDER
				)}</button>${problems}</div>`
			)
				.appendTo(dialog.body)
				.on("click", "button", () => {
					dialog.hide();
					this.drop(card, move.stage);
				});
		}
		dialog.show();
	}

	async move(card, stage) {
		try {
			await frappe.call({
				method: `${API}.api.move`,
				type: "POST",
				args: { order: card.name, stage },
				freeze: true,
			});
		} finally {
			this.load();
		}
	}

	async open_order(card) {
		if (!frappe.model.can_create(ORDER)) return;
		const { message } = await frappe.call({
			method: `${API}.api.open_from_booking`,
			type: "POST",
			args: { booking: card.name },
			freeze: true,
		});
		frappe.set_route("Form", ORDER, message);
	}
};
