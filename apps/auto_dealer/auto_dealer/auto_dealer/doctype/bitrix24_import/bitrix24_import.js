frappe.ui.form.on("Bitrix24 Import", {
	setup(frm) {
		frm.set_query("default_enquiry_type", () => ({ filters: { is_secondary: 0, is_enabled: 1 } }));
		frm.set_query("default_pipeline", () => ({ filters: { is_enabled: 1 } }));
	},
	refresh(frm) {
		lock_files(frm);
		add_buttons(frm);
		show_preview(frm);
		show_progress(frm, frm.doc);
		follow(frm);
	},
	onload(frm) {
		frappe.realtime.on("bitrix24_import_progress", (progress) => {
			if (progress.name === frm.doc.name) take_progress(frm, progress);
		});
	},
});

const POLL_MS = 5000;
const COLORS = { created: "green", merged: "blue", skipped: "gray", refused: "red" };

// What the import has begun to read stays as it is.
function lock_files(frm) {
	const is_open = frm.is_new() || ["Draft", "Ready"].includes(frm.doc.status);
	["contacts_file", "leads_file", "deals_file"].forEach((field) => frm.toggle_enable(field, is_open));
	["pipeline", "enquiry_type", "responsible", "department"].forEach((name) =>
		frm.toggle_enable(`default_${name}`, is_open)
	);
}

function has_files(frm) {
	return frm.doc.contacts_file || frm.doc.leads_file || frm.doc.deals_file;
}

function add_buttons(frm) {
	if (frm.is_new() || !has_files(frm) || !frm.perm[0]?.write) return;
	if (["Draft", "Ready"].includes(frm.doc.status)) {
		frm.add_custom_button(__("Preview"), () => make_preview(frm));
		frm.page.set_primary_action(__("Start Import"), () => confirm_start(frm));
	} else if (frm.doc.status === "Failed") {
		frm.page.set_primary_action(__("Continue"), () => start(frm));
	}
}

async function save_first(frm) {
	if (frm.is_dirty()) await frm.save();
}

async function make_preview(frm) {
	await save_first(frm);
	const answer = await frm.call({
		method: "make_preview",
		doc: frm.doc,
		freeze: true,
		freeze_message: __("Reading the files…"),
	});
	if (!answer.exc) frm.reload_doc();
}

function confirm_start(frm) {
	frappe.confirm(__("Import into this site? Imported leads and deals cannot be deleted."), async () => {
		await save_first(frm);
		start(frm);
	});
}

async function start(frm) {
	const answer = await frm.call({ method: "start_import", doc: frm.doc, freeze: true });
	if (!answer.exc) frm.reload_doc();
}

// Progress comes by socket; without one (Redis restarting, a proxy in between) the form asks by itself.
function follow(frm) {
	clearTimeout(frm.bitrix24_timer);
	if (frm.doc.status !== "Running" || frm.is_new()) return;
	const name = frm.doc.name;
	frm.bitrix24_timer = setTimeout(async () => {
		if (cur_frm !== frm || frm.doc.name !== name) return;
		const answer = await frm.call({ method: "get_progress", doc: frm.doc }).catch(() => null);
		if (answer?.message) take_progress(frm, answer.message);
		follow(frm);
	}, POLL_MS);
}

function take_progress(frm, progress) {
	if (progress.status !== frm.doc.status) {
		frm.reload_doc();
		return;
	}
	show_progress(frm, progress);
	if (progress.is_stalled && !frm.bitrix24_offered) {
		frm.bitrix24_offered = true;
		frm.add_custom_button(__("Continue"), () => start(frm)).addClass("btn-primary");
	}
}

function show_progress(frm, progress) {
	if (frm.is_new() || !progress.total || ["Draft", "Ready"].includes(progress.status)) return;
	const percent = Math.min(100, Math.round((100 * progress.processed) / progress.total));
	if (progress.status === "Running") {
		frm.dashboard.show_progress(
			__("Import"),
			percent,
			__("{0} of {1} rows", [progress.processed, progress.total])
		);
	} else {
		frm.dashboard.hide_progress();
	}
	frm.dashboard.clear_headline();
	frm.dashboard.set_headline(counts_line(progress));
}

function counts_line(progress) {
	const labels = {
		created_count: [__("created"), COLORS.created],
		merged_count: [__("joined a known client or deal"), COLORS.merged],
		skipped_count: [__("here already"), COLORS.skipped],
		refused_count: [__("refused"), COLORS.refused],
	};
	return Object.entries(labels)
		.map(
			([field, [label, color]]) =>
				`<span class="indicator ${color}">${label}: ${cint(progress[field])}</span>`
		)
		.join(" &nbsp; ");
}

function show_preview(frm) {
	const wrapper = frm.get_field("preview").$wrapper.empty();
	let files = [];
	try {
		files = JSON.parse(frm.doc.preview_data || "[]");
	} catch {
		files = [];
	}
	if (!files.length) {
		const hint = has_files(frm)
			? __("Press Preview to see what the import would do.")
			: __(
					"Attach the CSV exports of Bitrix24: contacts, leads, deals. Any of the three may be left out."
				);
		wrapper.append($("<p class='text-muted'>").text(hint));
		return;
	}
	files.forEach((file) => wrapper.append(preview_file(file)));
}

function preview_file(file) {
	const kinds = { contact: __("Contacts"), lead: __("Leads"), deal: __("Deals") };
	const box = $("<div class='mb-4'>");
	box.append($("<h5>").text(kinds[file.kind]));
	box.append($("<p>").html(preview_counts(file)));
	const unknown = Object.entries(file.unknown_names).map(([name, count]) => `${name} (${count})`);
	if (unknown.length) box.append(note(__("Unknown names, kept in the comments"), unknown));
	if (file.unknown_headings.length)
		box.append(note(__("Columns that are left out"), file.unknown_headings));
	box.append(rows_table(file));
	if (file.refusals.length) box.append(refusals_table(file));
	return box;
}

function preview_counts(file) {
	const labels = {
		created: __("new"),
		merged: __("join a known client or deal"),
		skipped: __("here already"),
		refused: __("refused"),
	};
	return Object.entries(labels)
		.map(
			([key, label]) =>
				`<span class="indicator ${COLORS[key]}">${label}: ${cint(file.counts[key])}</span>`
		)
		.join(" &nbsp; ");
}

function note(title, names) {
	return $("<p class='text-muted small'>").text(`${title}: ${names.slice(0, 30).join(", ")}`);
}

function table(headings, rows) {
	const element = $("<table class='table table-bordered small'>");
	const head = $("<tr>").appendTo($("<thead>").appendTo(element));
	headings.forEach((heading) => head.append($("<th>").text(heading)));
	const body = $("<tbody>").appendTo(element);
	rows.forEach((cells) => {
		const line = $("<tr>").appendTo(body);
		cells.forEach((cell) => line.append($("<td>").text(cell ?? "")));
	});
	return $("<div style='overflow-x: auto'>").append(element);
}

function rows_table(file) {
	const outcomes = {
		created: __("new"),
		merged: __("joins"),
		skipped: __("here already"),
		refused: __("refused"),
	};
	const headings = [
		__("Line", null, "Bitrix24 Import"),
		"ID",
		__("Client"),
		__("Phone"),
		__("Title"),
		__("Stage"),
		__("Created On"),
		__("Outcome"),
	];
	const rows = file.rows.map((row) => [
		row.line,
		row.id,
		row.client,
		row.phone,
		row.title,
		__(row.stage),
		row.created && frappe.datetime.str_to_user(row.created),
		row.known_client ? `${outcomes[row.outcome]} (${row.known_client})` : outcomes[row.outcome],
	]);
	return table(headings, rows);
}

function refusals_table(file) {
	const rows = file.refusals.map((refusal) => [refusal.line, refusal.reason, refusal.text]);
	return $("<div>")
		.append($("<h6>").text(__("Refused rows")))
		.append(table([__("Line", null, "Bitrix24 Import"), __("Reason"), __("Row")], rows));
}
