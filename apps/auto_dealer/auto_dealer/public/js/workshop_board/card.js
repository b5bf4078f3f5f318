// One booking or order on a board.

import { esc, full_money } from "../dealer/text";

const STATE_COLORS = { "In Work": "green", Paused: "orange", Done: "blue" };
const MOST_JOBS = 4;

export function card_html(card, may_move) {
	const route = `/app/${frappe.router.slug(card.doctype)}/${encodeURIComponent(card.name)}`;
	const head = card.plate ? `<span class="garage-plate">${esc(card.plate)}</span>` : "";
	const open = frappe.model.can_read(card.doctype) ? `href="${route}"` : "";
	return `<div class="workshop-card${card.is_late ? " is-late" : ""}" data-doctype="${esc(card.doctype)}"
			data-name="${esc(card.name)}" ${may_move ? 'draggable="true"' : ""}>
		<a class="workshop-card-head" ${open}>${head}<span>${esc(card.car || card.name)}</span></a>
		${card.client ? `<div class="ellipsis">${esc(card.client)}</div>` : ""}
		<div class="workshop-card-line text-muted"><span>${esc(card.name)}</span>${when_html(card)}</div>
		${jobs_html(card.jobs)}
		<div class="workshop-card-line">${marks_html(card)}${sum_html(card)}</div>
		${may_move ? `<button class="btn btn-xs btn-default workshop-move">${__("Move")}</button>` : ""}
	</div>`;
}

function when_html(card) {
	if (!card.promised_at) return "";
	const text = moment(card.promised_at).format("DD.MM HH:mm");
	const label = card.doctype === "Service Booking" ? text : __("by {0}", [text]);
	return `<span class="${card.is_late ? "dealer-overdue" : ""}">${label}</span>`;
}

function jobs_html(jobs) {
	const shown = jobs
		.slice(0, MOST_JOBS)
		.map(
			(job) =>
				`<li><span class="indicator ${STATE_COLORS[job.state] || "gray"}"></span>${esc(job.title)}${
					job.mechanic ? ` <span class="text-muted">· ${esc(job.mechanic)}</span>` : ""
				}</li>`
		);
	if (jobs.length > MOST_JOBS) shown.push(`<li class="text-muted">+${jobs.length - MOST_JOBS}</li>`);
	return shown.length ? `<ul>${shown.join("")}</ul>` : "";
}

function marks_html(card) {
	const mark = (color, text) => `<span class="indicator-pill ${color}">${text}</span>`;
	return [
		card.missing_parts ? mark("red", __("waits for parts")) : "",
		card.waits_for_client ? mark("orange", __("waits for the client")) : "",
	].join("");
}

function sum_html(card) {
	if (card.total === undefined) return "";
	const left = card.outstanding > 0 ? card.outstanding : 0;
	return `<span class="workshop-sum">${full_money(card.total, card.currency)}${
		left && left < card.total
			? ` <small class="text-muted">${__("left {0}", [full_money(left, card.currency)])}</small>`
			: ""
	}</span>`;
}
