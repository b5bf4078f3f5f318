// A robot's form: choices for fields and stages, a builder of conditions, a live preview, the replay.

const NUMBERS = ["Int", "Float", "Currency", "Percent", "Check"];
const OPERATORS = [
	{ value: "==", label: __("is") },
	{ value: "!=", label: __("is not") },
	{ value: ">", label: __("is more than") },
	{ value: "<", label: __("is less than") },
	{ value: "contains", label: __("contains") },
	{ value: "filled", label: __("is filled in") },
	{ value: "empty", label: __("is empty") },
];

frappe.ui.form.on("Stage Robot", {
	setup(frm) {
		frm.set_query("document_type", () => ({
			filters: { name: ["in", frm.dealer_doctypes || ["Auto Deal"]] },
		}));
		frm.set_query("server_script", () => ({ filters: { script_type: "API", disabled: 0 } }));
	},

	async refresh(frm) {
		await load_choices(frm);
		show_condition_tools(frm);
		warn_of_scripts(frm);
		frm.add_custom_button(__("Preview"), () => open_preview(frm));
		frm.add_custom_button(__("Replay on the Last Days"), () => open_replay(frm));
		if (!frm.is_new()) {
			frm.add_custom_button(__("Log"), () =>
				frappe.set_route("List", "Robot Run", { robot: frm.doc.name })
			);
		}
	},

	document_type: load_choices,
	pipeline: load_choices,
	action: warn_of_scripts,
});

/** Where server scripts are off, this one action does nothing; every other robot works. */
function warn_of_scripts(frm) {
	const is_idle = frm.doc.action === "Run Server Script" && frm.dealer_builder?.scripts_are_on === false;
	frm.set_intro(
		is_idle ? __("Server scripts are switched off on this bench: the robot cannot run its script.") : "",
		"orange"
	);
}

async function load_choices(frm) {
	if (!frm.doc.document_type) return;
	const { message } = await frappe.call("auto_dealer.robots.api.get_builder", {
		document_type: frm.doc.document_type,
		pipeline: frm.doc.pipeline,
	});
	frm.dealer_builder = message;
	frm.dealer_doctypes = message.doctypes;
	const stages = message.stages.map((stage) => ({ value: stage, label: __(stage) }));
	const fields = message.fields.map(({ value, label }) => ({ value, label }));
	for (const name of ["stage", "target_stage"]) frm.fields_dict[name].set_data(stages);
	for (const name of ["watched_field", "target_field", "recipient_field"]) {
		frm.fields_dict[name].set_data(fields);
	}
}

// -- the builder -----------------------------------------------------------------------------------

function show_condition_tools(frm) {
	const $wrapper = $(frm.fields_dict.condition_tools.wrapper).empty();
	for (const [fieldname, label] of [
		["condition", __("Build the Condition")],
		["until_condition", __("Build “Until”")],
	]) {
		$(`<button type="button" class="btn btn-xs btn-default mr-2"></button>`)
			.text(label)
			.on("click", () => open_builder(frm, fieldname))
			.appendTo($wrapper);
	}
}

/** Rows of field, operator and value; what they say replaces the condition. */
function open_builder(frm, target) {
	const dialog = new frappe.ui.Dialog({
		title: __("Build the Condition"),
		size: "large",
		fields: [
			{
				fieldname: "join",
				fieldtype: "Select",
				label: __("Fires When"),
				options: [
					{ value: "and", label: __("all of these hold") },
					{ value: "or", label: __("one of these holds") },
				],
				default: "and",
				onchange: () => show(),
			},
			{ fieldname: "rows", fieldtype: "HTML" },
			{ fieldname: "result", fieldtype: "Code", label: __("Condition"), read_only: 1 },
		],
		primary_action_label: __("Use"),
		primary_action() {
			frm.set_value(target, read());
			dialog.hide();
		},
	});
	const $rows = $(`<div class="robot-conditions"></div>`).appendTo(dialog.fields_dict.rows.wrapper);
	const read = () => read_rows(frm, $rows, dialog.get_value("join") || "and");
	const show = () => dialog.set_value("result", read());
	$rows.on("change input", "select, input", show);
	$rows.on("click", ".remove-row", (event) => {
		$(event.currentTarget).closest(".robot-condition").remove();
		show();
	});
	$(`<button type="button" class="btn btn-xs btn-default mt-2"></button>`)
		.text(__("Add a Row"))
		.on("click", () => add_row(frm, $rows))
		.appendTo(dialog.fields_dict.rows.wrapper);
	add_row(frm, $rows);
	dialog.show();
}

function add_row(frm, $rows) {
	const option = ({ value, label }) => $("<option>").val(value).text(label);
	const $row = $(`<div class="robot-condition flex mb-2" style="gap: 8px">
		<select class="field form-control input-xs"></select>
		<select class="operator form-control input-xs"></select>
		<input class="value form-control input-xs" type="text">
		<button type="button" class="remove-row btn btn-xs btn-default">×</button>
	</div>`);
	$row.find(".field").append(frm.dealer_builder.fields.map(option)).attr("aria-label", __("Field"));
	$row.find(".operator").append(OPERATORS.map(option)).attr("aria-label", __("Operator"));
	$row.find(".value").attr("aria-label", __("Value"));
	$row.find(".remove-row").attr("aria-label", __("Remove"));
	$row.appendTo($rows);
}

function read_rows(frm, $rows, join) {
	const parts = $rows
		.find(".robot-condition")
		.toArray()
		.map((row) => {
			const field = frm.dealer_builder.fields.find(
				({ value }) => value === $(row).find(".field").val()
			);
			return field ? say(field, $(row).find(".operator").val(), $(row).find(".value").val()) : "";
		});
	return parts.filter(Boolean).join(` ${join} `);
}

/** One row as Python: `amount > 0`, `client_kind == "Fleet"`, `not has_photo`. */
function say(field, operator, value) {
	if (operator === "filled") return field.value;
	if (operator === "empty") return `not ${field.value}`;
	if (field.fieldtype === "Check") {
		const is_yes = !["0", "", "no", "нет"].includes(value.trim().toLowerCase());
		return is_yes === (operator !== "!=") ? field.value : `not ${field.value}`;
	}
	if (operator === "contains") return `${JSON.stringify(value.toLowerCase())} in ${field.value}.lower()`;
	if (NUMBERS.includes(field.fieldtype)) return `${field.value} ${operator} ${flt(value)}`;
	if (["Date", "Datetime"].includes(field.fieldtype)) {
		return `${field.value} and str(${field.value}) ${operator} ${JSON.stringify(value)}`;
	}
	return `${field.value} ${operator} ${JSON.stringify(value)}`;
}

// -- preview and replay ----------------------------------------------------------------------------

function open_preview(frm) {
	const dialog = new frappe.ui.Dialog({
		title: __("Preview on a Document"),
		size: "large",
		fields: [
			{
				fieldname: "name",
				fieldtype: "Link",
				label: __(frm.doc.document_type),
				options: frm.doc.document_type,
				reqd: 1,
				onchange: () => show_preview(frm, dialog),
			},
			{ fieldname: "answer", fieldtype: "HTML" },
		],
	});
	dialog.show();
}

async function show_preview(frm, dialog) {
	const name = dialog.get_value("name");
	if (!name) return;
	const { message } = await frappe.call("auto_dealer.robots.api.preview", { robot: frm.doc, name });
	const escape = frappe.utils.escape_html;
	const seen = Object.entries(message.seen || {}).map(
		([path, value]) => `<li><code>${escape(path)}</code> = ${escape(String(value))}</li>`
	);
	$(dialog.fields_dict.answer.wrapper).html(`
		<p class="${message.is_met ? "text-success" : "text-danger"}">
			${message.is_met ? __("The robot would run.") : __("The robot would not run.")}
			${escape(message.reason || "")}
		</p>
		<ul>${seen.join("")}</ul>
		<p><b>${escape(message.subject || "")}</b></p>
		<p style="white-space: pre-wrap">${escape(message.message || "")}</p>`);
}

function open_replay(frm) {
	const dialog = new frappe.ui.Dialog({
		title: __("Replay on the Last Days"),
		size: "large",
		fields: [
			{
				fieldname: "days",
				fieldtype: "Select",
				label: __("Days"),
				options: ["30", "90"],
				default: "30",
			},
			{ fieldname: "answer", fieldtype: "HTML" },
		],
		primary_action_label: __("Replay"),
		async primary_action({ days }) {
			const { message } = await frappe.call({
				method: "auto_dealer.robots.api.replay_robot",
				args: { robot: frm.doc, days },
				freeze: true,
			});
			$(dialog.fields_dict.answer.wrapper).html(replay_html(frm, message));
		},
	});
	dialog.show();
}

function replay_html(frm, answer) {
	const escape = frappe.utils.escape_html;
	const rows = answer.examples.map(
		(row) => `<tr>
			<td>${frappe.datetime.str_to_user(row.at)}</td>
			<td>${frappe.utils.get_form_link(frm.doc.document_type, row.name, true, escape(row.title || row.name))}</td>
			<td>${escape(row.subject || "")}<br><span class="text-muted">${escape(row.message || "")}</span></td>
		</tr>`
	);
	const refused = answer.refused.map((row) => `<li>${escape(row.reason)}: ${row.count}</li>`);
	return `<p>${__("{0} events, the robot would have run {1} times on {2} documents.", [
		answer.considered,
		answer.fired,
		answer.documents,
	])}</p>
		${refused.length ? `<ul>${refused.join("")}</ul>` : ""}
		<table class="table table-bordered table-condensed">${rows.join("")}</table>
		<p class="text-muted">${escape(answer.note)}</p>
		<p class="text-muted">${__("Nothing was sent or changed.")}</p>`;
}
