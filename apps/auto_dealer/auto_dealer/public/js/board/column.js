// One column: its head (name, count, sum), its cards, more of them on scroll.
import { call_server } from "../dealer/server";
import { color_class, esc, short_money } from "../dealer/text";
import { card_html } from "./card";

const NEAR_THE_END = 240;

export class Column {
	constructor(board, stage) {
		this.board = board;
		this.stage = stage;
		this.cards = stage.cards;
		this.has_more = stage.cards.length < stage.count;
		this.loading = null;
		this.make();
	}

	make() {
		const name = esc(__(this.stage.stage));
		this.$column = $(`
			<section class="dealer-column" data-color="${color_class(this.stage.color)}"
				data-stage="${esc(this.stage.stage)}" aria-label="${name}">
				<header class="dealer-column-head">
					<div class="dealer-column-title">
						<span class="ellipsis" title="${name}">${name}</span>
						<span class="dealer-column-count"></span>
					</div>
					<div class="dealer-column-sum"></div>
				</header>
				<div class="dealer-cards" role="list"></div>
			</section>`);
		this.$cards = this.$column.find(".dealer-cards");
		this.$cards.on("scroll", () => this.on_scroll());
		this.draw();
	}

	/** Nothing is touched when the cards look as they did: a press or a selection in them goes on. */
	draw() {
		this.draw_head();
		const html = this.cards.map((card) => card_html(card, this.stage)).join("");
		if (html === this.html && this.$cards.children().length === this.cards.length) return;
		this.html = html;
		const top = this.$cards.scrollTop();
		this.$cards.html(html).scrollTop(top);
		this.$cards.find(".dealer-card").first().attr("tabindex", 0);
	}

	draw_head() {
		this.$column
			.find(".dealer-column-count")
			.text(this.stage.is_capped ? `${this.stage.count}+` : this.stage.count);
		this.$column
			.find(".dealer-column-sum")
			.text(this.stage.sum ? short_money(this.stage.sum, this.board.currency) : "");
		this.$column.toggleClass("is-empty", !this.stage.count);
	}

	on_scroll() {
		const area = this.$cards.get(0);
		if (area.scrollHeight - area.scrollTop - area.clientHeight < NEAR_THE_END) this.load_more();
	}

	/** The next page; several calls at once ask the server once. */
	load_more() {
		if (this.loading) return this.loading;
		if (!this.has_more) return Promise.resolve();
		this.loading = call_server("column", {
			pipeline: this.board.pipeline,
			stage: this.stage.stage,
			start: this.cards.length,
			filters: this.board.server_filters(),
		})
			.then((page) => this.append(page))
			.finally(() => {
				this.loading = null;
			});
		return this.loading;
	}

	append({ cards, has_more }) {
		const known = new Set(this.cards.map((card) => card.name));
		const fresh = cards.filter((card) => !known.has(card.name));
		this.has_more = has_more;
		this.cards = this.cards.concat(fresh);
		const html = fresh.map((card) => card_html(card, this.stage)).join("");
		this.html += html;
		this.$cards.append(html);
	}

	/**
	 * Takes what the server knows now. Cards beyond the first page stay unless `changed` names them: a colleague
	 * may have moved them away, and then the first pages say where they are.
	 */
	refresh(stage, changed) {
		const first_page = new Set(stage.cards.map((card) => card.name));
		const beyond = this.cards
			.slice(stage.cards.length)
			.filter((card) => !first_page.has(card.name) && !changed.has(card.name));
		const cards = stage.cards.concat(stage.cards.length < stage.count ? beyond : []);
		this.stage = stage;
		this.cards = cards;
		this.has_more = cards.length < stage.count;
		this.draw();
	}

	card(name) {
		return this.cards.find((card) => card.name === name);
	}
}
