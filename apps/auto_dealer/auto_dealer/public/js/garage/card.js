// One job as the mechanic sees it.

import { minutes_of } from "./state";

const esc = (value) => frappe.utils.escape_html(value === null || value === undefined ? "" : String(value));
const COLORS = { "In Work": "green", Paused: "orange", Waiting: "gray", Done: "blue" };
const PART_COLORS = { Issued: "green", Reserved: "blue", Ordered: "orange", Missing: "red" };

export function clock(minutes) {
	const whole = Math.floor(minutes);
	return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export function card_html(job, now) {
	return `<article class="garage-job is-${frappe.scrub(job.state)}" data-order="${esc(job.order)}" data-row="${esc(
		job.row
	)}">
		<header>
			<div class="garage-plate">${esc(job.plate || job.vin || "")}</div>
			<div class="garage-car">${esc(job.car)}<small>${esc(job.order)}</small></div>
			<span class="indicator-pill ${COLORS[job.state]}">${state_label(job.state)}</span>
		</header>
		<h3>${esc(job.title)}</h3>
		<div class="garage-time">
			<span class="garage-clock" data-row="${esc(job.row)}">${clock(minutes_of(job, now))}</span>
			<span class="text-muted">${job.hours ? __("norm {0} h", [esc(job.hours)]) : ""}</span>
			${job.promised_at ? `<span class="text-muted">${__("by {0}", [esc(promised(job))])}</span>` : ""}
		</div>
		${buttons(job)}
		${details(job)}
	</article>`;
}

function state_label(state) {
	return {
		"In Work": __("In Work"),
		Paused: __("Paused"),
		Waiting: __("Waiting"),
		Done: __("Done"),
	}[state];
}

function promised(job) {
	return moment(job.promised_at).format("DD.MM HH:mm");
}

function buttons(job) {
	const button = (kind, label, style) =>
		`<button class="btn btn-lg ${style}" data-action="${kind}">${label}</button>`;
	const shown = [];
	if (job.state === "In Work") {
		shown.push(
			button("pause", __("Pause"), "btn-default"),
			button("finish", __("Finish"), "btn-success")
		);
	} else if (job.state !== "Done") {
		shown.push(button("start", job.state === "Paused" ? __("Continue") : __("Start"), "btn-primary"));
		if (job.state === "Paused") shown.push(button("finish", __("Finish"), "btn-default"));
	} else {
		shown.push(button("start", __("Start Again"), "btn-default"));
	}
	return `<div class="garage-buttons">${shown.join("")}</div>
		<div class="garage-buttons garage-small">
			${button("photo", `${frappe.utils.icon("camera", "sm")} ${__("Photo")}${counted(job.photos)}`, "btn-default")}
			${button("part", __("Ask for a Part"), "btn-default")}
		</div>`;
}

const counted = (number) => (number ? ` (${number})` : "");

function details(job) {
	const parts = job.parts.map(
		(part) =>
			`<li>${esc(part.title)} × ${esc(part.qty)} <span class="indicator-pill ${
				PART_COLORS[part.state] || "gray"
			}">${part.state ? __(part.state, null, "Work Order Part") : __("not yet")}</span></li>`
	);
	const requests = job.requests.map(
		(request) => `<li>${esc(request.text)} × ${esc(request.qty)} ${request.is_done ? "✓" : ""}</li>`
	);
	const findings = job.findings.map(
		(point) =>
			`<li><span class="indicator ${point.severity === "Red" ? "red" : "orange"}"></span> ${esc(
				point.point
			)}${point.finding ? `: ${esc(point.finding)}` : ""}</li>`
	);
	return [
		block(__("Complaint"), job.complaint ? [`<li>${esc(job.complaint)}</li>`] : []),
		block(__("Comment"), job.comment ? [`<li>${esc(job.comment)}</li>`] : []),
		block(__("Parts"), parts),
		block(__("Asked For"), requests),
		block(__("Inspection"), findings),
	].join("");
}

function block(title, items) {
	return items.length ? `<section><h4>${title}</h4><ul>${items.join("")}</ul></section>` : "";
}
