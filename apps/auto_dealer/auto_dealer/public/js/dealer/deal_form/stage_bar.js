// The bar over the deal's form: stages to click on, the next step, time in the stage, the deadline.
import { move_deal, move_to_pipeline } from "../gate";
import { call_server } from "../server";
import { color_class, esc, seconds_since, short_duration } from "../text";

/** Draws the bar of a saved deal over its tabs; a new one has none yet. */
export async function show_stage_bar(frm) {
	const $bar = bar_element(frm);
	if (frm.is_new()) {
		$bar.addClass("hidden");
		return;
	}
	const deal = frm.doc.name;
	const bar = await call_server("stage_bar", { deal }).catch(() => null);
	if (!bar || frm.doc.name !== deal) return;
	frm.dealer_stage_bar = bar;
	$bar.removeClass("hidden").html(bar_html(frm.doc, bar));
	bind(frm, $bar, bar);
	$bar.find("[aria-current]").get(0)?.scrollIntoView({ block: "nearest", inline: "center" });
}

function bar_element(frm) {
	let $bar = frm.layout.wrapper.children(".dealer-stage-bar");
	if (!$bar.length) $bar = $('<div class="dealer-stage-bar hidden"></div>').prependTo(frm.layout.wrapper);
	return $bar;
}

function bar_html(doc, bar) {
	return `
		<nav class="dealer-stages" aria-label="${__("Stages")}">${bar.stages.map(stage_html).join("")}</nav>
		<div class="dealer-stage-facts">
			<div class="dealer-stage-text">${facts_html(bar)}</div>
			<div class="dealer-stage-buttons">${may_write(doc) ? button_html(doc, bar) : ""}</div>
		</div>`;
}

function stage_html(stage) {
	const classes = ["dealer-stage", `is-${stage.kind.toLowerCase()}`];
	if (stage.current) classes.push("is-current");
	if (stage.done) classes.push("is-passed");
	return `
		<button type="button" class="${classes.join(" ")}" data-color="${color_class(stage.color)}"
			data-stage="${esc(stage.name)}" title="${esc(stage.label)}"
			${stage.current ? 'aria-current="step"' : ""} ${stage.current || stage.can_enter ? "" : "disabled"}
			><span>${esc(stage.label)}</span></button>`;
}

function facts_html(bar) {
	const facts = [];
	if (bar.next_step && !bar.is_closed) {
		facts.push(`<span class="dealer-next-step"><b>${__("Next step")}:</b> ${esc(bar.next_step)}</span>`);
	}
	const spent = esc(short_duration(bar.seconds));
	facts.push(`<span class="text-muted">${__("In this stage")}: ${spent}</span>`);
	if (bar.deadline && !bar.is_closed) facts.push(deadline_html(bar));
	return facts.join("");
}

function deadline_html(bar) {
	const when = esc(frappe.datetime.str_to_user(bar.deadline));
	if (!bar.overdue) return `<span class="text-muted">${__("Until")}: ${when}</span>`;
	const late = esc(short_duration(seconds_since(bar.deadline)));
	return `<span class="dealer-overdue" title="${when}">${__("Overdue by {0}", [late])}</span>`;
}

function button_html(doc, bar) {
	if (is_to_be_taken(doc)) {
		return `<button type="button" class="btn btn-primary btn-sm" data-action="take">${__("Take to Work")}</button>`;
	}
	const next = next_stage(bar);
	if (!next) return "";
	return `
		<button type="button" class="btn btn-primary btn-sm" data-action="next" data-stage="${esc(next.name)}">
			${__("Next")}: ${esc(next.label)}</button>`;
}

/** The following open stage, after the last one Won. */
function next_stage(bar) {
	if (bar.is_closed) return null;
	const at = bar.stages.findIndex((stage) => stage.current);
	const after = bar.stages.slice(at + 1).filter((stage) => stage.can_enter);
	return after.find((stage) => stage.kind === "Open") || after.find((stage) => stage.kind === "Won");
}

function may_write(doc) {
	return frappe.perm.has_perm("Auto Deal", 0, "write", doc);
}

export function is_to_be_taken(doc) {
	return Boolean(doc.is_unsorted || !doc.responsible) && !doc.is_closed;
}

function bind(frm, $bar, bar) {
	$bar.find("[data-stage]").on("click", (event) => {
		const to_stage = event.currentTarget.dataset.stage;
		if (to_stage !== bar.stage) move(frm, to_stage, bar.stage);
	});
	$bar.find("[data-action=take]").on("click", () => take_to_work(frm));
}

/** What was typed is saved first; then the deal moves, asking at the gate if need be. */
async function move(frm, to_stage, from_stage) {
	if (!(await saved(frm))) return;
	if (await move_deal(frm.doc.name, to_stage, from_stage)) frm.reload_doc();
}

export async function take_to_work(frm) {
	if (!(await saved(frm))) return;
	await call_server("take_to_work", { deal: frm.doc.name }, { freeze: true });
	frappe.show_alert({ message: __("The deal is yours now"), indicator: "green" });
	frm.reload_doc();
}

async function saved(frm) {
	if (!frm.is_dirty()) return true;
	await frm.save();
	return !frm.is_dirty();
}

/** The pipeline changes by its own action, which names the stage to land in. */
export function change_pipeline(frm) {
	const dialog = new frappe.ui.Dialog({
		title: __("Change Pipeline"),
		fields: [
			{
				fieldtype: "Link",
				fieldname: "pipeline",
				label: __("Pipeline"),
				options: "Deal Pipeline",
				reqd: 1,
				get_query: () => ({ filters: { is_enabled: 1, name: ["!=", frm.doc.pipeline] } }),
				change: () => offer_stages(dialog),
			},
			{ fieldtype: "Select", fieldname: "stage", label: __("Stage"), reqd: 1, options: [] },
			{ fieldtype: "Small Text", fieldname: "reason", label: __("Reason") },
		],
		primary_action_label: __("Change Pipeline"),
		primary_action: async ({ pipeline, stage, reason }) => {
			dialog.hide();
			if (await move_to_pipeline(frm.doc.name, pipeline, stage, reason)) frm.reload_doc();
		},
	});
	dialog.show();
}

async function offer_stages(dialog) {
	const pipeline = dialog.get_value("pipeline");
	if (!pipeline) return;
	const stages = await call_server("stages", { pipeline });
	const options = stages
		.filter((stage) => stage.kind === "Open")
		.map((stage) => ({ value: stage.name, label: stage.label }));
	dialog.set_df_property("stage", "options", options);
	dialog.set_value("stage", options[0]?.value);
}
