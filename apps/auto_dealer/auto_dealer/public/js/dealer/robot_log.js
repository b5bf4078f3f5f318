// "Why did nothing happen?": what robots did with a document, and what they wait for.

frappe.provide("auto_dealer.robots");

const COLORS = { Ran: "green", Waiting: "blue", "Did Not Run": "gray", Cancelled: "gray", Failed: "red" };

/** Opens the log of the form's document; for any document type that robots look at. */
auto_dealer.robots.explain = async function (frm) {
	const { message } = await frappe.call("auto_dealer.robots.api.get_explanations", {
		doctype: frm.doc.doctype,
		name: frm.doc.name,
	});
	const dialog = new frappe.ui.Dialog({ title: __("Why did nothing happen?"), size: "large" });
	$(dialog.body).html(runs_html(message.runs) + idle_html(message.idle));
	dialog.show();
};

function runs_html(runs) {
	const escape = frappe.utils.escape_html;
	if (!runs.length) return `<p class="text-muted">${__("No robot has looked at this document yet.")}</p>`;
	const rows = runs.map(
		(run) => `<tr>
			<td class="text-nowrap">${frappe.datetime.str_to_user(run.at)}</td>
			<td>${escape(__(run.robot_title || ""))}<br>
				<span class="text-muted">${escape(__(run.event || ""))} · ${escape(__(run.stage || ""))}</span></td>
			<td><span class="indicator-pill ${COLORS[run.outcome] || "gray"}">${escape(__(run.outcome))}</span></td>
			<td>${escape(run.sentence || "")}
				<br><span class="text-muted">${escape(run.values_seen || "")}</span></td>
			<td class="text-muted">${escape(run.run_as || "")}</td>
		</tr>`
	);
	return `<table class="table table-condensed"><thead><tr>
		<th>${__("At")}</th><th>${__("Robot")}</th><th>${__("Outcome")}</th><th>${__("What came of it")}</th>
		<th>${__("Run As")}</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

function idle_html(idle) {
	const escape = frappe.utils.escape_html;
	if (!idle.length) return "";
	const rows = idle.map((row) => `<li>${escape(row.title)}: ${escape(row.sentence)}</li>`);
	return `<h5>${__("Not asked yet in this stage")}</h5><ul>${rows.join("")}</ul>`;
}
