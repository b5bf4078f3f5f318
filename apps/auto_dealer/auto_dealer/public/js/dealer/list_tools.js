// What the lists of deals and leads share: stage colours, pipelines, filters remembered per pipeline.
import { color_class, esc, full_money } from "./text";

const SETTINGS_KEY = "DealsList";

let loading = null;
let stages = [];

/** Reads the stages of all pipelines once a page load; resolves with [{parent, stage_name, color, kind, …}]. */
export function load_stages() {
	if (!loading) {
		loading = frappe
			.xcall("frappe.client.get_list", {
				doctype: "Deal Stage",
				parent: "Deal Pipeline",
				fields: ["parent", "stage_name", "color", "kind", "is_enabled", "idx"],
				filters: { parenttype: "Deal Pipeline" },
				order_by: "parent asc, idx asc",
				limit_page_length: 0,
			})
			.then((rows) => {
				stages = rows || [];
				return stages;
			});
	}
	return loading;
}

export function stage_color(pipeline, stage) {
	const found = stages.find((row) => row.parent === pipeline && row.stage_name === stage);
	return color_class(found?.color);
}

let pipelines = null;

/** The enabled pipelines in their order: [{name, is_default, lead_required}]. */
export async function load_pipelines() {
	if (!pipelines) {
		pipelines = frappe.db.get_list("Deal Pipeline", {
			fields: ["name", "is_default", "lead_required"],
			filters: { is_enabled: 1 },
			order_by: "sort_order asc, name asc",
			limit: 100,
		});
	}
	return pipelines;
}

function pipeline_of(listview) {
	const found =
		listview.filter_area?.get().filter(([, field, is]) => field === "pipeline" && is === "=") || [];
	return found.length === 1 ? found[0][3] : null;
}

/** A choice of pipelines over the list; each one comes with the filters last used with it. */
export async function add_pipeline_choice(listview) {
	for (const { name } of await load_pipelines()) {
		listview.page.add_inner_button(__(name), () => choose_pipeline(listview, name), __("Pipeline"));
	}
}

async function choose_pipeline(listview, pipeline) {
	const remembered = frappe.get_user_settings(listview.doctype, SETTINGS_KEY)[pipeline] || [];
	await listview.filter_area.clear(false);
	await listview.filter_area.add([[listview.doctype, "pipeline", "=", pipeline], ...remembered]);
}

/** Called at each refresh of the list: keeps the filters that stand beside the pipeline. */
export function remember_filters(listview) {
	const pipeline = pipeline_of(listview);
	if (!pipeline) return;
	const beside = listview.filter_area
		.get()
		.filter(([, field]) => field !== "pipeline")
		.map((filter) => filter.slice(0, 4));
	const kept = frappe.get_user_settings(listview.doctype, SETTINGS_KEY)[pipeline] || [];
	if (JSON.stringify(kept) === JSON.stringify(beside)) return;
	frappe.model.user_settings.save(listview.doctype, SETTINGS_KEY, { [pipeline]: beside });
}

function money(value, currency) {
	return value ? `<span>${esc(full_money(value, currency))}</span>` : "";
}

function person(user) {
	return user ? `<span class="ellipsis">${esc(frappe.user.full_name(user))}</span>` : "";
}

auto_dealer.lists = {
	add_pipeline_choice,
	load_pipelines,
	load_stages,
	money,
	person,
	pipeline_of,
	remember_filters,
	stage_color,
};
