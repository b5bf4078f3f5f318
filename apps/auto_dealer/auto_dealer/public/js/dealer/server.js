// The server's functions that the desk calls, by name; one place to change when they move.

const METHODS = {
	stage_bar: "auto_dealer.pipelines.api.get_stage_bar",
	move: "auto_dealer.pipelines.api.move",
	change_pipeline: "auto_dealer.pipelines.api.change_pipeline",
	take_to_work: "auto_dealer.sales.api.take_to_work",
	convert_lead: "auto_dealer.sales.api.convert_lead",
	take_lead_to_work: "auto_dealer.sales.api.take_lead_to_work",
	stages: "auto_dealer.pipelines.api.get_stages",
	invite: "auto_dealer.sales.api.invite",
	attach_lead: "auto_dealer.sales.api.attach_lead",
	create_lead_and_deal: "auto_dealer.sales.api.create_lead_and_deal",
	board: "auto_dealer.sales.board.get_board",
	column: "auto_dealer.sales.board.get_column",
	search: "auto_dealer.clients.api.quick_search",
	duplicates: "auto_dealer.clients.api.possible_duplicates",
	merge_preview: "auto_dealer.clients.api.merge_preview",
	merge: "auto_dealer.clients.api.merge",
	undo_merge: "auto_dealer.clients.api.undo_merge",
	client_card: "auto_dealer.clients.client_card.get_card",
};

// Calls that deal with a refusal themselves; the desk-wide handlers (errors.js) leave those alone.
let silent_calls = 0;

export function is_refusal_claimed() {
	return silent_calls > 0;
}

/**
 * Calls one of METHODS; resolves with its answer, rejects with the whole body of a refusal (`exc_type`,
 * `stage_gate`, …). `silent` keeps the desk from showing the refusal by itself.
 */
export function call_server(name, args, { silent = false, freeze = false } = {}) {
	if (silent) silent_calls += 1;
	return new Promise((resolve, reject) => {
		frappe.call({
			method: METHODS[name],
			args,
			freeze,
			silent,
			callback: (r) => resolve(r.message),
			// Without a body (403, 500, …) the desk has told it already.
			error: (r) => reject(r || { is_told: true }),
			always: () => {
				if (silent) silent_calls -= 1;
			},
		});
	});
}

/** Tells a refusal that nobody has told yet. */
export function tell_refusal(body, title, indicator = "red") {
	if (!body.is_told) frappe.msgprint({ title, indicator, message: refusal_text(body) });
}

/** The text of a refusal as the server wrote it; HTML in which every name is escaped. */
export function refusal_text(body) {
	try {
		return JSON.parse(body._server_messages)
			.map((message) => JSON.parse(message).message)
			.join("<br>");
	} catch {
		return __("The server refused this. Please reload the page and try again.");
	}
}
