// Photos that have not reached the server yet, kept in the browser's database: a closed page loses none of them.
window.keptPhotos = (() => {
	const NAME = "portal";
	const STORE = "photos";

	function open() {
		return new Promise((resolve) => {
			try {
				const asked = indexedDB.open(NAME, 1);
				asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
				asked.onsuccess = () => resolve(asked.result);
				asked.onerror = () => resolve(null);
			} catch (error) {
				resolve(null); // private mode: photos live as long as the page
			}
		});
	}

	async function run(mode, action) {
		const database = await open();
		if (!database) {
			return null;
		}
		return new Promise((resolve) => {
			const transaction = database.transaction(STORE, mode);
			const asked = action(transaction.objectStore(STORE));
			transaction.oncomplete = () => resolve(asked.result ?? null);
			transaction.onerror = transaction.onabort = () => resolve(null);
		});
	}

	return {
		put: (key, blob) => run("readwrite", (store) => store.put(blob, key)),
		get: (key) => run("readonly", (store) => store.get(key)),
		drop: (key) => run("readwrite", (store) => store.delete(key)),
		clear: () => run("readwrite", (store) => store.clear()),
	};
})();
