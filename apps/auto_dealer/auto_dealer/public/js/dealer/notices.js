// Notices that wait for an answer: an alert when one comes, a banner on the document that it is about. One tap answers.
const API = "auto_dealer.notices.api";
const SECONDS = 60;
const answered = new Set();

frappe.provide("auto_dealer.notices");

$(document).on("app_ready", () => {
	frappe.realtime.on("dealer_notice", ({ notice, status }) => {
		// An answer of one's own has refreshed the form already: a second time what is being typed would be lost.
		if (status && !answered.has(notice)) refresh_form_of(notice);
		if (!status) show_new(notice);
	});
});

/** The notices that wait for the user. */
async function load_waiting() {
	const { message } = await frappe.call({ method: `${API}.get_waiting`, silent: true });
	return message || [];
}

async function show_new(name) {
	const notice = (await load_waiting()).find((one) => one.name === name);
	if (!notice) return;
	const actions = {
		open: () => frappe.set_route("Form", ...(notice.leads_to || ["Staff Notice", notice.name])),
	};
	for (const button of notice.buttons) actions[button.answer] = () => answer(notice, button);
	const link = `<a data-action="open"><b>${frappe.utils.escape_html(notice.subject)}</b></a>`;
	frappe.show_alert(
		{ message: `${link}<div class="mt-2">${buttons_html(notice)}</div>`, indicator: "blue" },
		SECONDS,
		actions
	);
}

function buttons_html(notice) {
	const one = ({ answer, label }, index) =>
		`<button class="btn btn-sm ${index ? "btn-default" : "btn-primary"} mr-2 mb-1" data-action="${answer}">${label}</button>`;
	return notice.buttons.map(one).join("");
}

/** Sends the answer, asking for what belongs to it; resolves with the notice as it is then, null when given up. */
async function answer(notice, button) {
	const values = await ask(notice, button);
	if (!values) return null;
	answered.add(notice.name);
	const { message } = await frappe.call({
		method: `${API}.react`,
		args: { notice: notice.name, answer: button.answer, ...values },
		freeze: true,
	});
	frappe.show_alert({ message: __("Answered: {0}", [button.label]), indicator: "green" });
	refresh_form_of(notice.name, notice.leads_to);
	return message;
}

function ask(notice, button) {
	const fields = [];
	if (button.needs_comment) {
		fields.push({
			fieldname: "comment",
			fieldtype: "Small Text",
			label: __("What is to be corrected"),
			reqd: 1,
		});
	}
	if (notice.asks_for_date && !button.needs_comment) {
		fields.push({
			fieldname: "date",
			fieldtype: "Datetime",
			label: notice.date_label || __("Date"),
			reqd: 1,
		});
	}
	if (!fields.length) return Promise.resolve({});
	return new Promise((resolve) => {
		const dialog = frappe.prompt(fields, (values) => resolve(values), notice.subject, button.label);
		dialog.onhide = () => setTimeout(() => resolve(null), 300);
	});
}

function refresh_form_of(name, leads_to) {
	const frm = window.cur_frm;
	if (!frm || frm.is_new() || frm.is_dirty()) return;
	const is_notice = frm.doctype === "Staff Notice" && frm.doc.name === name;
	const is_about = leads_to && frm.doctype === leads_to[0] && frm.doc.name === leads_to[1];
	if (is_notice || is_about) frm.reload_doc();
}

/** What waits for the user on this document, above the form; an approval that is looked at is thereby taken. */
async function show_on_form(frm) {
	if (frm.is_new()) return;
	const name = frm.doc.name;
	let waiting = (await load_waiting()).filter(
		(notice) => notice.leads_to && notice.leads_to[0] === frm.doctype && notice.leads_to[1] === name
	);
	waiting = await Promise.all(waiting.map(open_notice));
	if (frm.doc.name !== name) return;
	frm.set_intro("");
	for (const notice of waiting.filter((one) => one.buttons.length)) show_banner(frm, notice);
}

async function open_notice(notice) {
	if (notice.kind !== "Approval") return notice;
	return (await frappe.call({ method: `${API}.open_notice`, args: { notice: notice.name } })).message;
}

function show_banner(frm, notice) {
	frm.set_intro(
		`<div class="dealer-notice" data-notice="${notice.name}">
			<div><b>${frappe.utils.escape_html(notice.subject)}</b></div>
			<div class="mb-2">${frappe.utils.escape_html(notice.question)}</div>${buttons_html(notice)}
		</div>`,
		"blue"
	);
	bind(frm.layout.message, notice);
}

function bind($place, notice) {
	$place.find(`[data-notice="${notice.name}"] [data-action]`).on("click", (event) => {
		const button = notice.buttons.find((one) => one.answer === event.currentTarget.dataset.action);
		answer(notice, button);
	});
}

/** The form of a notice: its text, who has it, a button for each answer. */
async function show_notice(frm) {
	const { message: notice } = await frappe.call({
		method: `${API}.open_notice`,
		args: { notice: frm.doc.name },
	});
	if (frm.doc.name !== notice.name) return;
	const escape = frappe.utils.escape_html;
	const owner = notice.owner ? `<p>${__("Taken by {0}", [`<b>${escape(notice.owner_name)}</b>`])}</p>` : "";
	const link = notice.leads_to
		? `<p><a href="${frappe.utils.get_form_link(...notice.leads_to)}">${__("Open the document")}</a></p>`
		: "";
	const $place = $(frm.fields_dict.answer_view.wrapper).html(
		`<div class="dealer-notice" data-notice="${notice.name}">
			<h4>${escape(notice.subject)}</h4>
			<p style="white-space: pre-line">${escape(notice.text)}</p>
			${owner}<p class="text-muted">${escape(notice.question)}</p>${buttons_html(notice)}${link}
		</div>`
	);
	bind($place, notice);
}

Object.assign(auto_dealer.notices, { answer, load_waiting, show_on_form, show_notice });
