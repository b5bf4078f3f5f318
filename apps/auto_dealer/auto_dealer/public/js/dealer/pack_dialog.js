// Packs of pipelines: saved as a file, compared before they are applied, rolled back (`auto_dealer.packs`).
import { changes_html, held_html, read_targets } from "./pack_changes";

const API = "auto_dealer.packs.api";

frappe.provide("auto_dealer.packs");
Object.assign(auto_dealer.packs, { may, save_file, open_import, open_roll_back, changes_html });

/** The log is never typed into, so Frappe does not count it among what a user creates. */
function may() {
	return frappe.model.can_write("Pipeline Pack");
}

async function save_file(pipeline) {
	const { message } = await frappe.call(`${API}.get_pack`, { pipeline });
	const link = document.createElement("a");
	link.href = URL.createObjectURL(new Blob([message.content], { type: "application/json" }));
	link.download = message.filename;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// -- import ----------------------------------------------------------------------------------------

/** `pipeline`: the pack is for this one, whatever it calls itself. `on_applied(pipeline)` is called after it. */
async function open_import({ pipeline = null, on_applied } = {}) {
	const shipped = (await frappe.call(`${API}.get_shipped_packs`)).message;
	const state = { source: null, seen: null };
	const dialog = new frappe.ui.Dialog({
		title: pipeline ? __("Pack for {0}", [__(pipeline)]) : __("Import a Pack"),
		size: "large",
		fields: [
			{ fieldname: "file", fieldtype: "HTML" },
			{ fieldname: "column", fieldtype: "Column Break" },
			{
				fieldname: "shipped",
				fieldtype: "Select",
				label: __("Or a Pack That Comes with the App"),
				options: [{ value: "", label: "" }, ...shipped],
				onchange: () => choose({ shipped: dialog.get_value("shipped") }),
			},
			{ fieldname: "section", fieldtype: "Section Break" },
			{
				fieldname: "pipeline",
				fieldtype: "Data",
				label: __("Pipeline"),
				description: __("Another name makes a new pipeline."),
				hidden: 1,
				onchange: () => look(),
			},
			{ fieldname: "answer", fieldtype: "HTML" },
		],
		primary_action_label: __("Apply"),
		primary_action: () => apply(),
	});
	const $answer = $(dialog.fields_dict.answer.wrapper);
	const $file = $(`<div class="form-group"><label class="control-label"></label>
		<input type="file" class="form-control" style="height: auto" accept=".json,application/json"></div>`);
	$file.find("label").text(__("Pack File")).attr("for", "dealer-pack-file");
	$file.find("input").attr("id", "dealer-pack-file").on("change", read_file);
	$file.appendTo(dialog.fields_dict.file.wrapper);
	dialog.get_primary_btn().prop("disabled", true);
	dialog.show();

	async function read_file(event) {
		const [file] = event.target.files;
		if (!file) return;
		dialog.fields_dict.shipped.set_input("");
		choose({ content: await file.text() });
	}

	function choose(source) {
		if (!source.content && !source.shipped) return;
		if (source.shipped) $file.find("input").val("");
		state.source = source;
		dialog.fields_dict.pipeline.set_input("");
		look();
	}

	async function look() {
		if (!state.source) return;
		const name = pipeline || dialog.fields_dict.pipeline.get_input_value() || null;
		dialog.get_primary_btn().prop("disabled", true);
		$answer.html(`<p class="text-muted">${__("Comparing…")}</p>`);
		try {
			const { message } = await frappe.call(`${API}.preview_pack`, { ...state.source, pipeline: name });
			state.seen = message;
		} catch {
			$answer.empty();
			return;
		}
		show();
	}

	function show() {
		const { seen } = state;
		if (!pipeline) {
			dialog.set_df_property("pipeline", "hidden", 0);
			dialog.fields_dict.pipeline.set_input(seen.pipeline);
		}
		$answer.html(`<h5>${heading(seen)}</h5>${list(seen.obstacles, "text-danger")}
			${list(seen.notes, "text-warning")}${changes_html(seen.changes)}${held_html(seen.held)}`);
		const is_ready = !seen.obstacles.length && (seen.changes.length || seen.is_new);
		dialog.get_primary_btn().prop("disabled", !is_ready);
	}

	async function apply() {
		const { seen, source } = state;
		const { message } = await frappe.call({
			method: `${API}.apply_pack`,
			args: { ...source, pipeline: seen.pipeline, token: seen.token, targets: read_targets($answer) },
			freeze: true,
			error: (body) => body?.exc_type === "PackIsStale" && look(),
		});
		dialog.hide();
		tell_applied(message, seen.pipeline);
		on_applied?.(seen.pipeline);
	}
}

function heading(seen) {
	const name = frappe.utils.escape_html(__(seen.pipeline));
	if (seen.is_new) return __("{0}: a new pipeline", [name]);
	if (!seen.changes.length) return __("{0} is as the pack says already.", [name]);
	return `${name}: ${frappe.utils.escape_html(seen.summary)}`;
}

/** The sentences come from the server as HTML. */
function list(sentences, style) {
	if (!sentences.length) return "";
	return `<ul class="${style}">${sentences.map((sentence) => `<li>${sentence}</li>`).join("")}</ul>`;
}

function tell_applied(pack, pipeline) {
	const link = frappe.utils.get_form_link("Pipeline Pack", pack, true, __("Roll back"));
	frappe.show_alert(
		{
			message: `${__("The pack is applied to {0}.", [frappe.utils.escape_html(__(pipeline))])} ${link}`,
			indicator: "green",
		},
		15
	);
}

// -- roll-back -------------------------------------------------------------------------------------

async function open_roll_back(pack, on_done) {
	const { message: seen } = await frappe.call(`${API}.preview_roll_back`, { pack });
	const is_losing = seen.later_edits.length > 0;
	const dialog = new frappe.ui.Dialog({
		title: __("Roll Back"),
		size: "large",
		fields: [{ fieldname: "answer", fieldtype: "HTML" }],
		primary_action_label: is_losing ? __("Roll Back and Lose Later Edits") : __("Roll Back"),
		async primary_action() {
			await frappe.call({
				method: `${API}.roll_back`,
				args: { pack, targets: read_targets($answer), lose_later_edits: is_losing },
				freeze: true,
			});
			dialog.hide();
			frappe.show_alert({ message: __("The pack is rolled back."), indicator: "green" });
			on_done?.();
		},
	});
	const $answer = $(dialog.fields_dict.answer.wrapper);
	const name = frappe.utils.escape_html(__(seen.pipeline));
	const later = is_losing
		? `<h5 class="text-danger">${__("Edits made after the pack, which would be lost")}</h5>
			${changes_html(seen.later_edits)}`
		: "";
	const what = seen.deletes_pipeline
		? `<p>${__("The pack made the pipeline {0}: it is deleted with its robots.", [name])}</p>`
		: `<h5>${name}: ${frappe.utils.escape_html(seen.summary)}</h5>${changes_html(seen.changes)}`;
	$answer.html(later + what + held_html(seen.held));
	if (is_losing) dialog.get_primary_btn().removeClass("btn-primary").addClass("btn-danger");
	dialog.show();
}
