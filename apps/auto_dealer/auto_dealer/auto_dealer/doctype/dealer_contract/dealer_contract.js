// A contract: what may be done with it in its state, and the links by which a client sees it.

const CONTRACT_API = "auto_dealer.documents.api";

frappe.ui.form.on("Dealer Contract", {
	setup(frm) {
		frm.set_query("kind", () => ({ filters: { is_enabled: 1 } }));
	},
	refresh(frm) {
		lock_content(frm);
		if (frm.is_new()) return;
		add_state_buttons(frm);
		add_document_buttons(frm);
	},
});

/** Once it is signed, what it says is not edited. */
function lock_content(frm) {
	const is_fixed = !frm.is_new() && frm.doc.status !== "Draft";
	for (const field of [
		...["contract_date", "contact", "customer", "client_name", "client_phone", "client_details"],
		...["vehicle", "amount", "currency", "text", "language"],
	])
		frm.set_df_property(field, "read_only", is_fixed ? 1 : 0);
	frm.set_df_property("company", "read_only", frm.is_new() ? 0 : 1);
	frm.set_df_property("termination_reason", "read_only", 1);
}

function add_state_buttons(frm) {
	if (!frm.perm[0]?.write) return;
	const { status } = frm.doc;
	if (status === "Draft") {
		frm.add_custom_button(__("Sign"), () => sign(frm)).addClass("btn-primary");
		frm.add_custom_button(__("Fill the Text Anew"), () => renew_text(frm), __("Actions"));
	}
	if (status === "Signed") {
		frm.add_custom_button(__("Mark as Executed"), () => call(frm, "execute_contract")).addClass(
			"btn-primary"
		);
	}
	if (["Draft", "Signed"].includes(status)) {
		frm.add_custom_button(__("Terminate"), () => terminate(frm), __("Actions"));
	}
}

function add_document_buttons(frm) {
	frm.add_custom_button(__("Hand-over Act"), () => print_act(frm), __("Actions"));
	frm.add_custom_button(__("Link for the Client"), () => make_link(frm), __("Actions"));
	frm.add_custom_button(__("Links Given"), () => show_links(frm), __("Actions"));
}

async function call(frm, method, values = {}) {
	if (frm.is_dirty()) await frm.save();
	const { message } = await frappe.call({
		method: `${CONTRACT_API}.${method}`,
		args: { contract: frm.doc.name, ...values },
		freeze: true,
	});
	await frm.reload_doc();
	return message;
}

function sign(frm) {
	frappe.prompt(
		[
			{
				fieldtype: "Date",
				fieldname: "signed_on",
				label: __("Signed On"),
				default: frappe.datetime.get_today(),
				reqd: 1,
			},
			{ fieldtype: "Attach", fieldname: "signed_file", label: __("Signed File") },
		],
		(values) => call(frm, "sign_contract", values),
		__("Sign Contract {0}", [frm.doc.number]),
		__("Sign")
	);
}

function terminate(frm) {
	frappe.prompt(
		[{ fieldtype: "Small Text", fieldname: "reason", label: __("Reason"), reqd: 1 }],
		({ reason }) => call(frm, "terminate_contract", { reason }),
		__("Terminate Contract {0}", [frm.doc.number]),
		__("Terminate")
	);
}

function renew_text(frm) {
	frappe.confirm(
		__("The text is made again from the template; your own changes in it are lost. Go on?"),
		() => call(frm, "renew_text")
	);
}

function print_act(frm) {
	const query = new URLSearchParams({
		doctype: frm.doctype,
		name: frm.doc.name,
		format: "Hand-over Act",
		_lang: frm.doc.language || frappe.boot.lang,
	});
	window.open(frappe.urllib.get_full_url(`/printview?${query}`));
}

function make_link(frm) {
	frappe.prompt(
		[{ fieldtype: "Int", fieldname: "days", label: __("Days the link is valid"), default: 14, reqd: 1 }],
		async ({ days }) => {
			const { message } = await frappe.call({
				method: `${CONTRACT_API}.create_public_link`,
				args: { doctype: frm.doctype, name: frm.doc.name, days },
			});
			frappe.utils.copy_to_clipboard(message.url);
			frappe.msgprint({
				title: __("Link for the Client"),
				message: `<p>${__("Copied. It is shown this once; a guest sees this document only.")}</p><code>${frappe.utils.escape_html(message.url)}</code>`,
			});
		},
		__("Link for the Client"),
		__("Make a Link")
	);
}

async function show_links(frm) {
	const { message: links } = await frappe.call({
		method: `${CONTRACT_API}.get_public_links`,
		args: { doctype: frm.doctype, name: frm.doc.name },
		type: "GET",
	});
	const dialog = new frappe.ui.Dialog({ title: __("Links Given") });
	const rows = links.map(
		(link) => `<tr><td>${frappe.datetime.str_to_user(link.expires_at)}</td><td>${link.view_count}</td>
			<td>${link.revoked_at ? __("Revoked") : `<button class="btn btn-xs btn-default" data-link="${link.name}">${__("Revoke")}</button>`}</td></tr>`
	);
	dialog.$body.html(
		links.length
			? `<table class="table"><thead><tr><th>${__("Expires")}</th><th>${__("Views")}</th><th></th></tr></thead><tbody>${rows.join("")}</tbody></table>`
			: `<p class="text-muted">${__("Nothing yet")}</p>`
	);
	dialog.$body.on("click", "[data-link]", async (event) => {
		await frappe.call({
			method: `${CONTRACT_API}.revoke_public_link`,
			args: { link: event.currentTarget.dataset.link },
		});
		dialog.hide();
		show_links(frm);
	});
	dialog.show();
}
