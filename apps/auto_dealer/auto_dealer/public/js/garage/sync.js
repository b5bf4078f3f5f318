// Brings the queue to the server, again and again until everything is there.

import { Queue } from "./queue";

const METHODS = "/api/method/auto_dealer.orders.mechanic_api";
const AGAIN_MS = 15000;
const REFRESH_MS = 60000;
const MOST_EVENTS = 20;
const MOST_LETTERS = 4000000;

export class Sync {
	/** `show(page)`: the server's answer; `tell(refusals)`: what it did not take; `change()`: the state below changed. */
	constructor({ show, tell, change }) {
		Object.assign(this, { show, tell, change });
		this.queue = new Queue(frappe.session.user);
		this.is_offline = false;
		this.is_logged_out = false;
		window.addEventListener("online", () => this.flush());
		window.addEventListener("offline", () => this.set_offline(true));
		setInterval(() => this.flush(), AGAIN_MS);
		setInterval(() => document.hidden || this.refresh(), REFRESH_MS);
	}

	async note(values) {
		await this.queue.add(values);
		this.change();
		this.flush();
	}

	/** One at a time: two batches on the way could pass each other. */
	flush() {
		this.running = (this.running || Promise.resolve()).then(() => this.send_all()).catch(() => {});
		return this.running;
	}

	async send_all() {
		let batch = first_batch(await this.queue.all());
		if (!batch.length && this.is_offline) return this.refresh();
		while (batch.length) {
			const answer = await this.post("sync", { events: batch, sent: Date.now() });
			if (!answer) return;
			await this.queue.drop(answer.results.map((result) => result.key));
			this.tell(answer.results.filter((result) => result.status === "refused"));
			this.show(answer);
			batch = first_batch(await this.queue.all());
		}
	}

	async refresh() {
		const answer = await this.post("get_my_jobs");
		if (answer) this.show(answer);
	}

	/** The answer; null when there is no connection, or the server cannot take it now. */
	async post(method, body) {
		let response;
		try {
			response = await fetch(`${METHODS}.${method}`, {
				method: body ? "POST" : "GET",
				headers: {
					Accept: "application/json",
					"Content-Type": "application/json",
					"X-Frappe-CSRF-Token": frappe.csrf_token,
				},
				body: body && JSON.stringify(body),
			});
		} catch {
			this.set_offline(true);
			return null;
		}
		this.is_logged_out = [401, 403].includes(response.status);
		this.set_offline(false);
		return response.ok ? (await response.json()).message : null;
	}

	set_offline(is_offline) {
		this.is_offline = is_offline;
		this.change();
	}
}

function first_batch(events) {
	const batch = [];
	let letters = 0;
	for (const event of events) {
		letters += (event.content || "").length;
		if (batch.length && (batch.length === MOST_EVENTS || letters > MOST_LETTERS)) break;
		batch.push(event);
	}
	return batch;
}
