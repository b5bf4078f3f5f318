// The checklist of an inspection as it is used beside the car, on a phone: a tap for each line, a note and a photo.
frappe.ui.form.on("Vehicle Appraisal", {
	refresh: show_checklist,
	after_save: show_checklist,
});

frappe.ui.form.on("Appraisal Check", {
	result: show_checklist,
	note: show_checklist,
	photo: show_checklist,
	checks_remove: show_checklist,
});

const RESULTS = { Good: "success", "With Remarks": "warning", Bad: "danger", "Not Checked": "secondary" };
const NOTED = ["With Remarks", "Bad"];

function show_checklist(frm) {
	const field = frm.fields_dict.checklist_view;
	if (!field) return;
	const may_write = Boolean(frm.perm[0]?.write) && !["Agreed", "Declined"].includes(frm.doc.stage);
	const zones = {};
	for (const row of frm.doc.checks || []) (zones[row.zone] ||= []).push(row);
	const parts = Object.entries(zones).map(([zone, rows]) => zone_html(zone, rows, may_write));
	const $place = $(field.wrapper).html(`<div class="dealer-checklist">${parts.join("")}</div>`);
	if (may_write) listen(frm, $place);
}

function zone_html(zone, rows, may_write) {
	const done = rows.filter((row) => row.result).length;
	return `<div class="mb-4"><h5>${__(zone, null, "Appraisal Check")}
		<span class="text-muted small">${__("{0} of {1}", [done, rows.length])}</span></h5>
		${rows.map((row) => row_html(row, may_write)).join("")}</div>`;
}

function row_html(row, may_write) {
	const escape = frappe.utils.escape_html;
	const photo = row.photo
		? `<a href="${encodeURI(row.photo)}" target="_blank" rel="noopener">
			<img src="${encodeURI(row.photo)}" alt="${__("Photo", null, "Appraisal Check")}" style="max-height: 72px; border-radius: 6px"></a>`
		: "";
	return `<div class="py-2 border-bottom" data-row="${escape(row.name)}">
		<div class="mb-2">${escape(row.check || "")}</div>
		${may_write ? buttons_html(row) : result_html(row)}
		${may_write && NOTED.includes(row.result) ? note_html(row) : ""}
		${!may_write && row.note ? `<div class="text-muted">${escape(row.note)}</div>` : ""}
		${photo ? `<div class="mt-2">${photo}</div>` : ""}</div>`;
}

function result_html(row) {
	return row.result
		? `<span class="badge badge-${RESULTS[row.result]}">${__(row.result, null, "Appraisal Check")}</span>`
		: "";
}

function buttons_html(row) {
	const buttons = Object.entries(RESULTS).map(([result, color]) => {
		const is_chosen = row.result === result;
		return `<button type="button" class="btn btn-sm ${is_chosen ? `btn-${color}` : "btn-default"}"
			aria-pressed="${is_chosen}" data-result="${result}">${__(result, null, "Appraisal Check")}</button>`;
	});
	return `<div class="d-flex flex-wrap" style="gap: 6px">${buttons.join("")}
		<button type="button" class="btn btn-sm btn-default" data-action="photo" aria-label="${__("Photo", null, "Appraisal Check")}">
			${frappe.utils.icon("image", "sm")} ${__("Photo", null, "Appraisal Check")}</button></div>`;
}

function note_html(row) {
	return `<input type="text" class="form-control mt-2" data-action="note" maxlength="140"
		placeholder="${__("Note", null, "Appraisal Check")}" value="${frappe.utils.escape_html(row.note || "")}">`;
}

function listen(frm, $place) {
	const row_of = (element) => $(element).closest("[data-row]").attr("data-row");
	const set = (name, field, value) => frappe.model.set_value("Appraisal Check", name, field, value);
	$place.off(".checklist");
	$place.on("click.checklist", "[data-result]", (event) => {
		const { result } = event.currentTarget.dataset;
		const name = row_of(event.currentTarget);
		set(name, "result", locals["Appraisal Check"][name].result === result ? "" : result);
	});
	$place.on("change.checklist", "[data-action=note]", (event) =>
		set(row_of(event.currentTarget), "note", event.currentTarget.value)
	);
	$place.on("click.checklist", "[data-action=photo]", (event) =>
		add_photo(frm, row_of(event.currentTarget), set)
	);
}

function add_photo(frm, name, set) {
	new frappe.ui.FileUploader({
		doctype: frm.doctype,
		docname: frm.docname,
		frm,
		folder: "Home/Attachments",
		allow_multiple: false,
		restrictions: { allowed_file_types: ["image/*"] },
		on_success: ({ file_url }) => set(name, "photo", file_url),
	});
}
