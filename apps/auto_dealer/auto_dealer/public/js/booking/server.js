// What the calendar asks the server. A refused time comes back as {next_slots}; the desk has told the reason by then.
const API = "auto_dealer.booking.api";

export function ask(method, args, { freeze = false } = {}) {
	return new Promise((resolve, reject) => {
		frappe.call({
			method: `${API}.${method}`,
			type: method.startsWith("get_") || method.startsWith("find_") ? "GET" : "POST",
			args,
			freeze,
			callback: (answer) => resolve(answer.message),
			error: (answer) => reject({ next_slots: answer?.next_slots || [], answer }),
		});
	});
}
