// The mechanic's page: my jobs, start, pause, finish, photos, parts; works without a connection.

import { card_html, clock } from "./card";
import { shrink_photo } from "./photo";
import { apply_events, minutes_of } from "./state";
import { Sync } from "./sync";

frappe.provide("auto_dealer");

auto_dealer.Garage = class {
	constructor(wrapper) {
		this.page = frappe.ui.make_app_page({ parent: wrapper, title: __("My Jobs"), single_column: true });
		this.$body = $('<div class="garage-page"></div>').appendTo(this.page.main);
		this.server = { jobs: [], minutes_today: 0 };
		this.read_at = Date.now();
		this.remember(JSON.parse(localStorage.getItem(this.cache_key()) || "null"));
		this.sync = new Sync({
			show: (answer) => this.take(answer),
			tell: (refused) => this.tell(refused),
			change: () => this.render(),
		});
		this.$body.on("click", "[data-action]", (event) => this.act($(event.currentTarget)));
		setInterval(() => this.tick(), 10000);
	}

	cache_key() {
		return `dealer-garage:${frappe.session.user}`;
	}

	async show() {
		await this.render();
		await this.sync.flush();
		await this.sync.refresh();
	}

	/** The jobs as the server has them; kept, so that the page is not empty without a connection. */
	take(answer) {
		const { jobs, minutes_today, mechanic } = answer;
		this.remember({ server: { jobs, minutes_today, mechanic }, read_at: Date.now() });
		localStorage.setItem(
			this.cache_key(),
			JSON.stringify({ server: this.server, read_at: this.read_at })
		);
		this.render();
	}

	remember(kept) {
		if (kept) Object.assign(this, kept);
	}

	async render() {
		if (!this.sync) return;
		const waiting = await this.sync.queue.all();
		this.jobs = apply_events(this.server.jobs, waiting, this.read_at);
		const now = Date.now();
		const cards = this.jobs.map((job) => card_html(job, now)).join("");
		const empty = `<div class="garage-empty text-muted">${__("You have no jobs now.")}</div>`;
		this.$body.html(this.bar_html(waiting.length) + (cards || empty));
	}

	bar_html(waiting) {
		const today = this.server.minutes_today || 0;
		const state = this.sync.is_logged_out
			? `<a class="indicator-pill red" href="/login?redirect-to=/app/garage">${__("Log in again")}</a>`
			: this.sync.is_offline
				? `<span class="indicator-pill orange">${__("No connection")}</span>`
				: `<span class="indicator-pill green">${__("Connected")}</span>`;
		const unsent = waiting
			? `<span class="indicator-pill orange garage-unsent">${__("{0} not sent yet", [waiting])}</span>`
			: "";
		return `<div class="garage-bar">${state}${unsent}<span class="text-muted">${__("Today: {0}", [
			clock(today),
		])}</span></div>`;
	}

	tick() {
		const now = Date.now();
		for (const job of this.jobs || []) {
			if (job.since) {
				this.$body
					.find(`.garage-clock[data-row="${CSS.escape(job.row)}"]`)
					.text(clock(minutes_of(job, now)));
			}
		}
	}

	act($button) {
		const $job = $button.closest(".garage-job");
		const target = { order: $job.attr("data-order"), row: $job.attr("data-row") };
		const action = $button.attr("data-action");
		if (action === "photo") this.ask_photo(target);
		else if (action === "part") this.ask_part(target);
		else this.sync.note({ kind: action, ...target });
	}

	ask_photo(target) {
		const input = document.createElement("input");
		Object.assign(input, { type: "file", accept: "image/*", multiple: true });
		input.setAttribute("capture", "environment");
		input.className = "garage-file hidden";
		input.addEventListener("change", async () => {
			for (const file of input.files) {
				await this.sync.note({ kind: "photo", ...target, content: await shrink_photo(file) });
			}
			input.remove();
		});
		this.$body.parent().append(input);
		input.click();
	}

	ask_part(target) {
		frappe.prompt(
			[
				{ fieldname: "text", fieldtype: "Data", label: __("What Is Needed"), reqd: 1 },
				{ fieldname: "qty", fieldtype: "Float", label: __("Quantity"), default: 1 },
			],
			({ text, qty }) => this.sync.note({ kind: "part", ...target, text, qty: qty || 1 }),
			__("Ask for a Part"),
			__("Ask")
		);
	}

	tell(refused) {
		for (const result of refused) {
			frappe.show_alert({ message: frappe.utils.escape_html(result.message), indicator: "red" }, 10);
		}
	}
};
