// What a mechanic noted and the server has not confirmed yet, kept in the browser's database: a lost connection, a
// closed page or a flat battery lose none of it. Each event has a key made here; sent twice it counts once.

const NAME = "dealer-garage";
const STORE = "events";

export class Queue {
	constructor(user) {
		this.user = user;
		// Without a database (private mode) events live as long as the page.
		this.memory = new Map();
		this.database = this.open();
	}

	open() {
		return new Promise((resolve) => {
			try {
				const asked = indexedDB.open(NAME, 1);
				asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
				asked.onsuccess = () => resolve(asked.result);
				asked.onerror = () => resolve(null);
			} catch {
				resolve(null);
			}
		});
	}

	async run(mode, action) {
		const database = await this.database;
		if (!database) return null;
		return new Promise((resolve, reject) => {
			const transaction = database.transaction(STORE, mode);
			const asked = action(transaction.objectStore(STORE));
			transaction.oncomplete = () => resolve(asked.result);
			transaction.onerror = transaction.onabort = () => reject(transaction.error);
		});
	}

	/** Adds an event of this user; resolves with it when it is kept. */
	async add(values) {
		const event = { key: new_key(), user: this.user, at: Date.now(), ...values };
		try {
			if (await this.database) {
				await this.run("readwrite", (store) => store.put(event));
				return event;
			}
		} catch {
			// A full disk: kept in memory, better than nothing.
		}
		this.memory.set(event.key, event);
		return event;
	}

	/** This user's events in their order. */
	async all() {
		const kept = (await this.run("readonly", (store) => store.getAll())) || [];
		return [...kept, ...this.memory.values()]
			.filter((event) => event.user === this.user)
			.sort((one, other) => one.at - other.at);
	}

	async drop(keys) {
		for (const key of keys) {
			this.memory.delete(key);
			await this.run("readwrite", (store) => store.delete(key));
		}
	}
}

let last = 0;

/** Unique on every device, also where `randomUUID` is missing (a page without HTTPS). */
function new_key() {
	const random = crypto.getRandomValues(new Uint32Array(4));
	last += 1;
	return `${Date.now().toString(36)}-${last}-${[...random].map((part) => part.toString(36)).join("")}`;
}
