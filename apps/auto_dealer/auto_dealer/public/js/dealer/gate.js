// The gate of a stage: asks for exactly what is missing and moves the deal when it is given.
import { settled_values } from "./dialog_values";
import { call_server, refusal_text, tell_refusal } from "./server";
import { esc } from "./text";

// Problems that a person can mend in the dialog; any other kind (role, strict, …) is only told.
const ASKABLE = new Set(["fields", "photo", "reason", "lost_reason"]);
const NOT_ASKED_HERE = new Set(["Table", "Table MultiSelect", "HTML", "Button"]);

/**
 * Shows what `stage_gate` (the body of a StageGateError) lacks. Resolves with true when the deal has been
 * moved, with false when the person gave up or the stage cannot be entered by filling something in.
 * `send({values, reason})` does the move; by default to the stage that was refused.
 */
export function open_gate(stage_gate, send) {
	if (!can_be_asked(stage_gate)) {
		tell(stage_gate);
		return Promise.resolve(false);
	}
	const { deal, to_stage } = stage_gate;
	const move = (answers) => call_server("move", { deal, to_stage, ...answers }, { silent: true });
	return new GateDialog(stage_gate, send || move).ask();
}

/**
 * Moves a deal, asking at the gate when the stage wants something; resolves with whether it has moved.
 * `from_stage` is where the person saw the deal: a colleague may have been faster.
 */
export function move_deal(deal, to_stage, from_stage) {
	return ask_when_refused({ deal, to_stage }, (answers) =>
		call_server("move", { deal, to_stage, from_stage, ...answers }, { silent: true })
	);
}

export function move_to_pipeline(deal, pipeline, to_stage, reason) {
	return ask_when_refused({ deal, to_stage }, (answers = {}) =>
		call_server(
			"change_pipeline",
			{ deal, pipeline, stage: to_stage, values: answers.values, reason: answers.reason || reason },
			{ silent: true }
		)
	);
}

async function ask_when_refused({ deal, to_stage }, send) {
	try {
		await send();
	} catch (refusal) {
		if (refusal.stage_gate) return open_gate(refusal.stage_gate, send);
		tell_refusal(refusal, __("Not Moved"));
		return false;
	}
	announce(deal, to_stage);
	return true;
}

function can_be_asked(gate) {
	const kinds = (gate.problems || []).map((problem) => problem.kind);
	if (kinds.some((kind) => !ASKABLE.has(kind) && kind !== "condition")) return false;
	return (
		kinds.some((kind) => ASKABLE.has(kind)) && askable_fields(gate).length === (gate.fields || []).length
	);
}

function askable_fields(gate) {
	return (gate.fields || []).filter((field) => !NOT_ASKED_HERE.has(field.fieldtype));
}

/** What is missing, in the user's language; HTML in which the server has escaped every name. */
function messages(gate, wanted = () => true) {
	return (gate.problems || [])
		.filter(wanted)
		.map((problem) => problem.message)
		.filter(Boolean);
}

function list_html(sentences) {
	return sentences.length
		? `<ul class="mb-0">${sentences.map((text) => `<li>${text}</li>`).join("")}</ul>`
		: "";
}

function tell(gate) {
	frappe.msgprint({
		title: __("Cannot Move to {0}", [esc(__(gate.to_stage))]),
		indicator: "orange",
		message: list_html(messages(gate)) || __("This stage cannot be entered now."),
		primary_action: on_form_of(gate.deal)
			? undefined
			: {
					label: __("Open the Deal"),
					action: () => {
						frappe.hide_msgprint();
						frappe.set_route("Form", "Auto Deal", gate.deal);
					},
				},
	});
}

function on_form_of(deal) {
	const [view, doctype, name] = frappe.get_route();
	return view === "Form" && doctype === "Auto Deal" && name === deal;
}

function announce(deal, to_stage) {
	frappe.show_alert({ message: __("Moved to {0}", [esc(__(to_stage))]), indicator: "green" });
	$(document).trigger("auto-dealer-moved", { deal, to_stage });
}

class GateDialog {
	constructor(gate, send) {
		this.gate = gate;
		this.send = send;
		this.moved = false;
		this.photos = 0;
	}

	ask() {
		return new Promise((resolve) => {
			this.dialog = new frappe.ui.Dialog({
				title: __("Move to {0}", [esc(__(this.gate.to_stage))]),
				fields: this.make_fields(),
				primary_action_label: __("Save and Move"),
				primary_action: () => this.submit(),
				secondary_action_label: __("Cancel"),
				secondary_action: () => this.dialog.hide(),
				on_hide: () => resolve(this.moved),
			});
			this.dialog.$wrapper.addClass("dealer-gate");
			this.dialog.show();
			if (this.gate.needs_photo) this.make_photo_area();
		});
	}

	make_fields() {
		const fields = [{ fieldtype: "HTML", fieldname: "gate_intro", options: this.intro() }];
		for (const field of askable_fields(this.gate)) fields.push(this.make_field(field));
		if (this.gate.needs_lost_reason) fields.push(...this.lost_fields(fields));
		if (this.gate.needs_photo) fields.push({ fieldtype: "HTML", fieldname: "gate_photo" });
		if (this.gate.needs_reason) {
			fields.push({ fieldtype: "Small Text", fieldname: "gate_reason", label: __("Reason"), reqd: 1 });
		}
		return fields;
	}

	make_field(field) {
		return {
			fieldname: field.fieldname,
			label: __(field.label),
			fieldtype: field.fieldtype,
			options: field.options,
			default: field.value ?? (field.fieldname === "responsible" ? frappe.session.user : undefined),
			reqd: field.fieldtype === "Check" ? 0 : 1,
			get_query: field.fieldname === "lost_reason" ? reasons_of_deals : undefined,
		};
	}

	lost_fields(present) {
		const names = new Set(present.map((field) => field.fieldname));
		return [
			{
				fieldname: "lost_reason",
				label: __("Lost Reason"),
				fieldtype: "Link",
				options: "Lost Reason",
				reqd: 1,
			},
			{ fieldname: "competitor", label: __("Competitor"), fieldtype: "Data" },
		]
			.filter((field) => !names.has(field.fieldname))
			.map((field) => ({
				...field,
				get_query: field.fieldname === "lost_reason" ? reasons_of_deals : undefined,
			}));
	}

	/** What the fields below do not say by themselves. */
	intro() {
		const told = messages(this.gate, (problem) => !ASKABLE.has(problem.kind));
		const list = list_html(told) || __("The stage asks for this before the deal may enter.");
		return `<div class="dealer-gate-intro text-muted">${list}</div>`;
	}

	make_photo_area() {
		const $area = this.dialog.fields_dict.gate_photo.$wrapper;
		$area.html(`
			<div class="form-group">
				<label class="control-label reqd">${__("Photo")}</label>
				<div class="dealer-gate-photos"></div>
				<button type="button" class="btn btn-default btn-sm" data-action="attach">
					${frappe.utils.icon("image", "sm")} ${__("Attach a Photo")}
				</button>
			</div>`);
		$area.find("[data-action=attach]").on("click", () => this.attach($area.find(".dealer-gate-photos")));
	}

	attach($photos) {
		new frappe.ui.FileUploader({
			doctype: "Auto Deal",
			docname: this.gate.deal,
			folder: "Home/Attachments",
			restrictions: { allowed_file_types: ["image/*"] },
			dialog_title: __("Attach a Photo"),
			on_success: (file) => {
				this.photos += 1;
				$photos.append(
					`<img class="dealer-photo" src="${encodeURI(file.file_url)}" alt="${esc(file.file_name)}">`
				);
			},
		});
	}

	async submit() {
		if (this.gate.needs_photo && !this.photos) {
			this.complain(__("Please attach a photo first."));
			return;
		}
		const values = await settled_values(this.dialog);
		if (!values) return;
		const { gate_reason: reason, ...rest } = values;
		this.dialog.disable_primary_action();
		try {
			await this.send({ values: rest, reason });
		} catch (refusal) {
			this.refuse(refusal);
			return;
		} finally {
			this.dialog.enable_primary_action();
		}
		this.moved = true;
		this.dialog.hide();
		announce(this.gate.deal, this.gate.to_stage);
	}

	refuse(refusal) {
		if (refusal.is_told) return;
		const told = refusal.stage_gate ? list_html(messages(refusal.stage_gate)) : "";
		this.complain(told || refusal_text(refusal));
	}

	complain(message) {
		const $intro = this.dialog.fields_dict.gate_intro.$wrapper;
		$intro.html(`<div class="alert alert-warning" role="alert">${message}</div>`);
	}
}

function reasons_of_deals() {
	return { filters: { is_enabled: 1, applies_to: ["in", ["Leads and Deals", "Deals"]] } };
}

auto_dealer.gate = { open: open_gate, move: move_deal };
