// The server's functions about money, by name.

const API = "auto_dealer.payments.api";

/** Resolves with the answer; rejects when the server refuses, which the desk has told already. */
export function ask(method, args, options = {}) {
	return frappe.call({ method: `${API}.${method}`, args, ...options }).then((r) => r.message);
}

export function read(method, args) {
	return frappe.call({ method: `${API}.${method}`, args, type: "GET" }).then((r) => r.message);
}

export function print_address(doctype, name) {
	const query = new URLSearchParams({ doctype, name });
	return `/api/method/${API}.get_print?${query}`;
}

export async function copy_link(doctype, name) {
	const url = await ask("get_link", { doctype, name });
	if (url) frappe.utils.copy_to_clipboard(url);
}
