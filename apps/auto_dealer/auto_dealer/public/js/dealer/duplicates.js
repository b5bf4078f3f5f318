// Clients who may be the same person, listed before anything is saved.
import { call_server } from "./server";
import { esc, form_link } from "./text";

const WATCHED = ["client_name", "phone", "email", "messenger"];

/**
 * Keeps `$place` filled with the possible duplicates of what `read()` returns ({client_name, phone, …}).
 * Returns the function to call after each change. `on_pick(row)` adds a button "This client" to contacts; rows for which
 * `is_same(row)` holds are no duplicates and left out.
 */
export function watch_duplicates($place, read, { on_pick, is_same } = {}) {
	let asked = "";
	const look = frappe.utils.debounce(async () => {
		const { client_name, phone, email, messenger, doctype, name } = read();
		const values = { client_name, phone, email, messenger, doctype, name };
		const question = JSON.stringify(WATCHED.map((field) => values[field] || ""));
		if (question === asked) return;
		asked = question;
		if (!WATCHED.some((field) => (values[field] || "").trim().length > 3)) {
			$place.empty();
			return;
		}
		const found = await call_server("duplicates", values, { silent: true }).catch(() => []);
		const others = (found || []).filter((row) => !is_same?.(row));
		if (question === asked) render($place, others, on_pick);
	}, 400);
	return look;
}

function render($place, found, on_pick) {
	if (!found.length) {
		$place.empty();
		return;
	}
	$place.html(`
		<div class="dealer-duplicates" role="status">
			<div class="dealer-duplicates-title">
				${frappe.utils.icon("solid-warning", "sm")} ${__("Perhaps known already")}
			</div>
			${found.map((row, index) => line(row, index, Boolean(on_pick))).join("")}
		</div>`);
	$place.find("[data-pick]").on("click", (event) => on_pick(found[event.currentTarget.dataset.pick]));
}

function line(row, index, can_pick) {
	const facts = [
		__(row.doctype),
		row.reason,
		row.phone,
		row.description,
		row.stage && __(row.stage),
	].filter(Boolean);
	const title = row.can_open ? form_link(row.doctype, row.name, row.title) : esc(row.title);
	const pick =
		can_pick && row.doctype === "Contact" && row.can_open
			? `<button type="button" class="btn btn-xs btn-default" data-pick="${index}">${__("This Client")}</button>`
			: "";
	return `
		<div class="dealer-duplicate">
			<span>${title} <span class="small">${facts.map(esc).join(" · ")}</span></span>
			${pick}
		</div>`;
}

auto_dealer.watch_duplicates = watch_duplicates;
