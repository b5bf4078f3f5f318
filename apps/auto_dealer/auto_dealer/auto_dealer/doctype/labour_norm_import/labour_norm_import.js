frappe.ui.form.on("Labour Norm Import", {
	refresh(frm) {
		frm.toggle_enable(["file", "source"], frm.doc.status !== "Imported");
		show_result(frm);
		if (frm.is_new() || !frm.doc.file || frm.doc.status === "Imported" || !frm.perm[0]?.write) return;
		frm.add_custom_button(__("Check the File"), () => check(frm));
		if (frm.doc.status === "Checked") {
			frm.page.set_primary_action(__("Write the Norms"), () => confirm_import(frm));
		}
	},
	file: save_when_named,
});

const COLORS = { new: "green", changed: "blue", same: "gray", wrong: "red" };

function save_when_named(frm) {
	if (frm.doc.file && !frm.is_new()) frm.save();
}

async function check(frm) {
	if (frm.is_dirty()) await frm.save();
	await call(frm, "check_norm_file", __("Reading the file…"));
}

function confirm_import(frm) {
	const count = frm.doc.rows_new + frm.doc.rows_changed;
	let text = __("Write {0} norms ({1} new, {2} changed)?", [count, frm.doc.rows_new, frm.doc.rows_changed]);
	if (frm.doc.rows_wrong) {
		text += " " + __("{0} rows with errors are left out.", [frm.doc.rows_wrong]);
	}
	frappe.confirm(text, () => call(frm, "import_norm_file", __("Importing…")));
}

async function call(frm, method, freeze_message) {
	await frappe.call({
		method: `auto_dealer.workshop.api.${method}`,
		args: { name: frm.doc.name },
		freeze: true,
		freeze_message,
	});
	frm.reload_doc();
}

function show_result(frm) {
	const rows = JSON.parse(frm.doc.result || "[]");
	const $area = frm.fields_dict.preview.$wrapper.empty();
	if (!rows.length) {
		$area.html(`<p class="text-muted">${__("Attach a CSV file and check it. Nothing is written before you confirm.")}</p>
			<p class="text-muted">${__("Columns: {0}.", ["operation; code; group; make; model; year from; year to; engine; body; hours; source"])}
			${__("Only the operation and the hours are needed.")}</p>`);
		return;
	}
	const head = [
		__("Row"),
		__("Result"),
		__("Operation"),
		__("Car"),
		__("Norm Hours"),
		__("Source"),
		__("Errors"),
	];
	const body = rows.map(row_html).join("");
	$area.html(`<div style="overflow-x: auto"><table class="table table-bordered table-sm">
		<thead><tr>${head.map((text) => `<th>${text}</th>`).join("")}</tr></thead><tbody>${body}</tbody></table></div>`);
	if (rows.length < frm.doc.rows_total) {
		$area.append(
			`<p class="text-muted">${__("{0} of {1} rows are shown.", [rows.length, frm.doc.rows_total])}</p>`
		);
	}
}

function row_html(row) {
	const escape = frappe.utils.escape_html;
	const labels = {
		new: __("New norm"),
		changed: __("New hours"),
		same: __("Unchanged"),
		wrong: __("Error"),
	};
	const operation =
		escape(row.operation) + (row.is_new_operation ? ` <i>(${__("new operation")})</i>` : "");
	const hours =
		row.hours_before && row.kind === "changed" ? `${row.hours_before} → ${row.hours}` : row.hours;
	// Errors may hold the emphasis of our own messages.
	const errors = row.errors.map((text) => escape(text.replace(/<[^>]+>/g, ""))).join("<br>");
	return `<tr><td>${row.line}</td>
		<td><span class="indicator-pill ${COLORS[row.kind]}">${labels[row.kind]}</span></td>
		<td>${operation}</td><td>${escape(row.car)}</td><td>${hours}</td><td>${escape(row.source)}</td><td>${errors}</td></tr>`;
}
