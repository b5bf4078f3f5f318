// How the differences of a pack look: sections, what is added, changed and removed, line by line.

const INDICATORS = { added: "green", changed: "orange", removed: "red" };

/** Sections as the server describes them; all of it plain text that is escaped here. */
export function changes_html(sections) {
	const words = {
		added: __("added", null, "Pipeline Pack"),
		changed: __("changed", null, "Pipeline Pack"),
		removed: __("removed", null, "Pipeline Pack"),
	};
	const escape = frappe.utils.escape_html;
	const line = ({ label, before, after }) =>
		before || after
			? `<tr><td class="text-muted">${escape(label)}</td>
				<td><del>${escape(before)}</del></td><td>${escape(after)}</td></tr>`
			: `<tr><td class="text-muted" colspan="3">${escape(label)}</td></tr>`;
	const item = ({ kind, title, lines }) => `<li class="dealer-pack-item">
			<span class="indicator-pill ${INDICATORS[kind]}">${words[kind]}</span> <b>${escape(title)}</b>
			${lines.length ? `<table class="dealer-pack-lines">${lines.map(line).join("")}</table>` : ""}
		</li>`;
	return sections
		.map(
			({ label, items }) =>
				`<div class="dealer-pack-section"><h6>${escape(label)}</h6><ul>${items
					.map(item)
					.join("")}</ul></div>`
		)
		.join("");
}

/** A choice for each stage that goes while deals stand in it. */
export function held_html(held) {
	if (!held.length) return "";
	const escape = frappe.utils.escape_html;
	const option = (stage) => `<option value="${escape(stage)}">${escape(__(stage))}</option>`;
	const rows = held.map(
		({ stage, count, choices }) => `<div class="form-group">
			<label class="control-label">${__("{0} (deals: {1}) go on in", [escape(__(stage)), count])}</label>
			<select class="form-control" data-stage="${escape(stage)}">${choices.map(option).join("")}</select>
		</div>`
	);
	return `<h6>${__("Where do the deals go?")}</h6>${rows.join("")}`;
}

/** Stage that goes → stage chosen for its deals. */
export function read_targets($wrapper) {
	const chosen = $wrapper
		.find("select[data-stage]")
		.toArray()
		.map((select) => [select.dataset.stage, select.value]);
	return Object.fromEntries(chosen);
}
