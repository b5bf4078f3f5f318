// Quick search over clients, deals, leads and cars: a dialog, a shortcut, and lines in the awesomebar.
import { call_server } from "./server";
import { esc, form_path } from "./text";

const SHORTCUT = "alt+q";
const LEAST = 3;

/** Fills `$results` with what matches the text; used by the dialog and by the Search page. */
export async function search_into($results, text) {
	const query = (text || "").trim();
	if (query.length < LEAST) {
		$results.html(hint());
		return;
	}
	$results.attr("data-query", query).attr("aria-busy", "true");
	// A refusal is told by the desk; the place of the results then stays empty.
	const found = await call_server("search", { text: query }).catch(() => []);
	if ($results.attr("data-query") !== query) return;
	$results.attr("aria-busy", "false").html(found?.length ? found.map(result).join("") : nothing(query));
}

function hint() {
	return `<div class="text-muted dealer-search-hint">
		${__("Part of a name, the last digits of a phone, of a VIN or of a licence plate, or an e-mail.")}</div>`;
}

function nothing(query) {
	return `<div class="text-muted dealer-search-hint">${__("Nothing found for {0}", [esc(query)])}</div>`;
}

function result(row) {
	const facts = [row.description, row.phone, row.stage && __(row.stage), row.responsible_name].filter(
		Boolean
	);
	const inside = `
		<span class="indicator-pill no-indicator-dot ${kind_color(row.doctype)}">${esc(__(row.doctype))}</span>
		<span class="dealer-search-title">${esc(row.title)}</span>
		<span class="text-muted small">${facts.map(esc).join(" · ")}</span>`;
	// Of a colleague's client only this line is known; there is no card to open.
	if (!row.can_open) return `<div class="dealer-search-result is-closed" tabindex="-1">${inside}</div>`;
	return `<a class="dealer-search-result" href="${form_path(row.doctype, row.name)}">${inside}</a>`;
}

function kind_color(doctype) {
	return (
		{ "Auto Deal": "blue", "Auto Lead": "orange", Contact: "green", "Auto Vehicle": "purple" }[doctype] ||
		"gray"
	);
}

/** Arrow keys walk from the input through the results and back. */
export function walk_with_arrows($area) {
	$area.on("keydown", (event) => {
		if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
		const stops = $area.find("input, .dealer-search-result").toArray();
		const next = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
		if (next < 0 || next >= stops.length) return;
		event.preventDefault();
		stops[next].focus();
	});
}

let dialog = null;

export function open_quick_search(text = "") {
	if (!dialog) dialog = make_dialog();
	dialog.show();
	const input = dialog.get_field("text");
	input.$input.val(text);
	search_into(dialog.get_field("results").$wrapper, text);
	setTimeout(() => input.$input.focus().select(), 200);
}

function make_dialog() {
	const made = new frappe.ui.Dialog({
		title: __("Find a Client, Deal or Car"),
		size: "large",
		fields: [
			{ fieldtype: "Data", fieldname: "text", placeholder: __("Name, phone, VIN, plate or e-mail") },
			{ fieldtype: "HTML", fieldname: "results" },
		],
	});
	const $results = made.get_field("results").$wrapper;
	const look = frappe.utils.debounce((text) => search_into($results, text), 250);
	made.get_field("text").$input.on("input", (event) => look(event.target.value));
	made.$wrapper.addClass("dealer-quick-search");
	$results.on("click", "a", () => made.hide());
	walk_with_arrows(made.$wrapper);
	return made;
}

function may_search() {
	return frappe.model.can_read("Auto Deal") || frappe.model.can_read("Auto Lead");
}

function add_navbar_button() {
	if (!may_search() || $(".dealer-search-button").length) return;
	const label = __("Find a Client ({0})", [frappe.utils.is_mac() ? "⌥ + Q" : "Alt + Q"]);
	$(`<li class="nav-item dropdown-mobile">
		<button class="btn-reset nav-link text-muted dealer-search-button" title="${label}" aria-label="${label}">
			${frappe.utils.icon("users", "sm")}
		</button>
	</li>`)
		.prependTo("header.navbar .navbar-collapse > .navbar-nav")
		.on("click", () => open_quick_search());
}

/** The awesomebar shows its own lines at once; ours are added when the server has answered. */
function extend_awesomebar() {
	const bar = frappe.search?.AwesomeBar?.prototype;
	if (!bar || bar.dealer_search) return;
	bar.dealer_search = frappe.utils.debounce(async function (text) {
		const found = await call_server("search", { text }, { silent: true }).catch(() => []);
		const openable = (found || []).filter((row) => row.can_open).slice(0, 8);
		const input = document.getElementById("navbar-search");
		if (!openable.length || input?.value.trim().replace(/\s\s+/g, " ") !== text) return;
		this.awesomplete.list = this.deduplicate(this.options.concat(openable.map(awesomebar_line)));
	}, 250);
	const add_defaults = bar.add_defaults;
	bar.add_defaults = function (text) {
		add_defaults.call(this, text);
		if (text.length >= LEAST && may_search()) this.dealer_search(text);
	};
}

function awesomebar_line(row) {
	const title = esc(row.title || row.name);
	return {
		label: `${esc(__(row.doctype))} <b>${title}</b>`,
		value: `${__(row.doctype)} ${row.title || ""} ${row.name}`,
		description: esc([row.description, row.phone].filter(Boolean).join(" · ")),
		route: ["Form", row.doctype, row.name],
		index: 95,
	};
}

extend_awesomebar();
$(document).on("toolbar_setup", () => {
	extend_awesomebar();
	add_navbar_button();
	if (!may_search()) return;
	frappe.ui.keys.add_shortcut({
		shortcut: SHORTCUT,
		action: () => open_quick_search(),
		description: __("Find a client, deal or car"),
		ignore_inputs: true,
	});
});

auto_dealer.quick_search = open_quick_search;
auto_dealer.search_into = search_into;
auto_dealer.walk_with_arrows = walk_with_arrows;
