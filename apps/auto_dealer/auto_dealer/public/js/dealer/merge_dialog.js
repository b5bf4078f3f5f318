// Merge of two contacts or leads: preview first, a document to undo it by afterwards.
import { call_server } from "./server";
import { esc, form_link } from "./text";

/** `frm` is the document that stays; the other one is chosen in the dialog. */
export function open_merge(frm) {
	const doctype = frm.doctype;
	const dialog = new frappe.ui.Dialog({
		title: __("Merge with a Duplicate"),
		size: "large",
		fields: [
			{
				fieldtype: "Link",
				fieldname: "removed",
				label: __("Duplicate That Goes Away"),
				options: doctype,
				reqd: 1,
				get_query: () => ({ filters: { name: ["!=", frm.doc.name] } }),
				change: () => preview(dialog, frm),
			},
			{ fieldtype: "HTML", fieldname: "preview" },
		],
		primary_action_label: __("Merge"),
		primary_action: ({ removed }) => merge(dialog, frm, removed),
	});
	dialog.show();
}

async function preview(dialog, frm) {
	const removed = dialog.get_value("removed");
	const $place = dialog.get_field("preview").$wrapper;
	if (!removed) {
		$place.empty();
		return;
	}
	const plan = await call_server("merge_preview", { doctype: frm.doctype, kept: frm.doc.name, removed });
	$place.html(preview_html(plan));
}

function preview_html(plan) {
	const fields = plan.fields || plan.values || [];
	const links = plan.links || plan.moved || [];
	return `
		<table class="table table-bordered dealer-merge">
			<thead><tr><th>${__("Field")}</th><th>${__("Stays")}</th><th>${__("Duplicate", null, "Client Merge")}</th><th>${__("After the Merge")}</th></tr></thead>
			<tbody>${fields.map(field_row).join("")}</tbody>
		</table>
		<p>${__("These documents will belong to the client who stays:")}</p>
		<ul>${links.map(link_row).join("") || `<li class="text-muted">${__("None")}</li>`}</ul>
		<p class="text-muted">${__("The merge can be undone later from its document.")}</p>`;
}

function field_row(row) {
	const cells = [__(row.label || row.fieldname), row.kept, row.removed, row.result ?? row.after];
	return `<tr>${cells.map((cell) => `<td>${esc(cell)}</td>`).join("")}</tr>`;
}

function link_row(row) {
	const count = row.count ?? (row.names || []).length;
	return `<li>${esc(__(row.doctype))}: ${esc(count)}</li>`;
}

async function merge(dialog, frm, removed) {
	const answer = await call_server(
		"merge",
		{ doctype: frm.doctype, kept: frm.doc.name, removed },
		{ freeze: true }
	);
	dialog.hide();
	const name = answer?.name || answer;
	frappe.msgprint({
		title: __("Merged"),
		indicator: "green",
		message: __("The merge is kept in {0}; it can be undone there.", [form_link("Client Merge", name)]),
	});
	frm.reload_doc();
}

/** Undo from the form of a Client Merge. */
export function undo_merge(frm) {
	frappe.confirm(__("Bring the duplicate back and give it its documents again?"), async () => {
		await call_server("undo_merge", { merge: frm.doc.name }, { freeze: true });
		frm.reload_doc();
	});
}

auto_dealer.merge = open_merge;
auto_dealer.undo_merge = undo_merge;
