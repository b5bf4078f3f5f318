// The bar over the deal's form: stages to click on, the next step, time in the stage, the deadline.
import { move_deal } from "../gate";
import { call_server } from "../server";
import { color_class, esc, is_overdue, seconds_since, short_duration } from "../text";

/** Draws the bar of a saved deal over its tabs; a new one has none yet. */
export async function show_stage_bar(frm) {
	const $bar = bar_element(frm);
	if (frm.is_new()) {
		$bar.addClass("hidden");
		return;
	}
	const deal = frm.doc.name;
	const bar = await call_server("stage_bar", { deal });
	if (frm.doc.name !== deal) return;
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
	const stages = bar.stages.filter((stage) => stage.is_enabled !== 0 || stage.stage === doc.stage);
	const current = stages.findIndex((stage) => stage.stage === doc.stage);
	return `
		<nav class="dealer-stages" aria-label="${__("Stages")}">
			${stages.map((stage, index) => stage_html(stage, index, current)).join("")}
		</nav>
		<div class="dealer-stage-facts">
			<div class="dealer-stage-text">${facts_html(doc, bar)}</div>
			<div class="dealer-stage-buttons">${buttons_html(doc, bar)}</div>
		</div>`;
}

function stage_html(stage, index, current) {
	const is_current = index === current;
	const classes = [
		"dealer-stage",
		is_current ? "is-current" : "",
		index < current && stage.kind === "Open" ? "is-passed" : "",
		stage.kind === "Open" ? "" : "is-final",
	];
	return `
		<button type="button" class="${classes.join(" ")}" data-color="${color_class(stage.color)}"
			data-stage="${esc(stage.stage)}" ${is_current ? 'aria-current="step"' : ""}
			title="${esc(__(stage.stage))}"><span>${esc(__(stage.stage))}</span></button>`;
}

function facts_html(doc, bar) {
	const facts = [];
	if (bar.next_step && !doc.is_closed) {
		facts.push(`<span class="dealer-next-step"><b>${__("Next step")}:</b> ${esc(__(bar.next_step))}</span>`);
	}
	if (doc.stage_changed_at) {
		const spent = short_duration(seconds_since(doc.stage_changed_at));
		facts.push(`<span class="text-muted">${__("In this stage")}: ${esc(spent)}</span>`);
	}
	if (doc.stage_deadline && !doc.is_closed) facts.push(deadline_html(doc.stage_deadline));
	return facts.join("");
}

function deadline_html(deadline) {
	const when = esc(frappe.datetime.str_to_user(deadline));
	if (!is_overdue(deadline)) return `<span class="text-muted">${__("Until")}: ${when}</span>`;
	const late = esc(short_duration(seconds_since(deadline)));
	return `<span class="dealer-overdue" title="${when}">${__("Overdue by {0}", [late])}</span>`;
}

function buttons_html(doc, bar) {
	const buttons = [];
	if (may_write(doc) && is_to_be_taken(doc)) {
		buttons.push(`<button type="button" class="btn btn-primary btn-sm" data-action="take">${__("Take to Work")}</button>`);
	} else if (may_write(doc) && bar.next_stage && !doc.is_closed) {
		buttons.push(`
			<button type="button" class="btn btn-primary btn-sm" data-action="next">
				${__("Next")}: ${esc(__(bar.next_stage))}</button>`);
	}
	return buttons.join("");
}

function may_write(doc) {
	return frappe.model.can_write("Auto Deal") && !frappe.model.get_doc("Auto Deal", doc.name)?.__read_only;
}

export function is_to_be_taken(doc) {
	return Boolean(doc.is_unsorted || !doc.responsible) && !doc.is_closed;
}

function bind(frm, $bar, bar) {
	$bar.find(".dealer-stage").on("click", (event) => {
		const to_stage = event.currentTarget.dataset.stage;
		if (to_stage !== frm.doc.stage) move(frm, to_stage);
	});
	$bar.find("[data-action=next]").on("click", () => move(frm, bar.next_stage));
	$bar.find("[data-action=take]").on("click", () => take_to_work(frm));
}

/** What was typed is saved first; then the deal moves, asking at the gate if need be. */
async function move(frm, to_stage) {
	if (!(await saved(frm))) return;
	if (await move_deal(frm.doc.name, to_stage)) frm.reload_doc();
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
		primary_action: async (values) => {
			await call_server("change_pipeline", { deal: frm.doc.name, ...values }, { freeze: true });
			dialog.hide();
			frm.reload_doc();
		},
	});
	dialog.show();
}

async function offer_stages(dialog) {
	const pipeline = dialog.get_value("pipeline");
	if (!pipeline) return;
	const doc = await frappe.db.get_doc("Deal Pipeline", pipeline);
	const options = doc.stages
		.filter((stage) => stage.is_enabled)
		.map((stage) => ({ value: stage.stage_name, label: __(stage.stage_name) }));
	dialog.set_df_property("stage", "options", options);
	dialog.set_value("stage", options[0]?.value);
}
