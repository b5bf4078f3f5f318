// What all pages of the portal share: one way to ask the server, errors beside their fields, drafts on this phone.
// Plain scripts without a build: they speak through `window.portal`.
window.portal = (() => {
	const read = (id) => JSON.parse(document.getElementById(id)?.textContent || "{}");
	const texts = read("error-texts");
	const byId = (id) => document.getElementById(id);

	/** POSTs to one of our functions. {status, body}; status 0: no connection (body.message says so). */
	async function ask(method, values = {}) {
		const headers = { "Content-Type": "application/json", Accept: "application/json" };
		const token = document.querySelector("meta[name=csrf-token]")?.content;
		if (token) {
			headers["X-Frappe-CSRF-Token"] = token;
		}
		const options = {
			method: "POST",
			headers,
			body: JSON.stringify(values),
			credentials: "same-origin",
		};
		try {
			const answer = await fetch(`/api/method/auto_dealer.portal.${method}`, options);
			const json = await answer.json().catch(() => ({}));
			return { status: answer.status, body: json.message || { message: said(answer.status, json) } };
		} catch (error) {
			return { status: 0, body: { message: texts.offline } };
		}
	}

	/** What Frappe itself refused, in words. */
	function said(status, json) {
		if (status === 429) {
			return texts.too_many;
		}
		try {
			const first = JSON.parse(JSON.parse(json._server_messages)[0]).message;
			const plain = document.createElement("div");
			plain.innerHTML = first.replace(/<(?!\/?(b|br|strong)\b)[^>]*>/g, "");
			return plain.textContent || texts.failed;
		} catch (error) {
			return texts.failed;
		}
	}

	function showText(element, text) {
		if (element) {
			element.textContent = text || "";
			element.hidden = !text;
		}
	}

	/** Field → text beside the field; goes to the first of them. What was shown before is taken away. */
	function showErrors(form, errors) {
		let first = null;
		for (const field of form.querySelectorAll("[data-field]")) {
			const name = field.dataset.field;
			const text = errors[name] || "";
			field.classList.toggle("has-error", Boolean(text));
			showText(byId(`${name}-error`), text);
			for (const input of field.querySelectorAll("input, textarea, select")) {
				input.setAttribute("aria-invalid", text ? "true" : "false");
			}
			first = first || (text && field);
		}
		if (first) {
			first.scrollIntoView({ block: "center" });
			first.querySelector("input, textarea, select, button")?.focus({ preventScroll: true });
		}
	}

	/** The secret of a draft: 32 random bytes, as the server's own secrets look. */
	function makeSecret() {
		const bytes = crypto.getRandomValues(new Uint8Array(32));
		return btoa(String.fromCharCode(...bytes))
			.replace(/\+/g, "-")
			.replace(/\//g, "_")
			.replace(/=+$/, "");
	}

	/** JSON kept on this phone; without storage (private mode) it lives as long as the page. */
	function keptValue(key) {
		let memory = null;
		return {
			read() {
				try {
					return JSON.parse(localStorage.getItem(key)) || memory;
				} catch (error) {
					return memory;
				}
			},
			write(value) {
				memory = value;
				try {
					localStorage.setItem(key, JSON.stringify(value));
				} catch (error) {
					// full or forbidden: the page goes on without it
				}
			},
			forget() {
				memory = null;
				try {
					localStorage.removeItem(key);
				} catch (error) {
					// as above
				}
			},
		};
	}

	return {
		ask,
		byId,
		keptValue,
		makeSecret,
		pageData: () => read("page-data"),
		showErrors,
		showText,
		texts,
	};
})();
