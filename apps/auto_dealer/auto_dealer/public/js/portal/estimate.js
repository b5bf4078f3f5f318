// /estimate: photos go up one by one and are tried again until they are there; the form is sent when all have arrived.
{
	const {
		ask,
		byId,
		keptValue,
		makeSecret,
		pageData,
		showErrors,
		showText,
		texts: errorTexts,
	} = window.portal;
	const keptPhotos = window.keptPhotos;
	const {
		most_photos: mostPhotos,
		largest_photo: largestPhoto,
		accepts_heic: acceptsHeic,
		texts,
	} = pageData();
	const FIELDS = ["description", "car", "plate_or_vin", "client_name", "phone"];
	const AT_ONCE = 2;
	const LONGEST_WAIT = 20000;

	const form = byId("estimate");
	const kept = keptValue("portal.estimate");
	let draft = kept.read() || newDraft();
	const blobs = new Map();
	const previews = new Map();
	let wantsToSend = false;
	let isSending = false;

	function newDraft() {
		return { secret: makeSecret(), fields: {}, photos: [] };
	}

	function keep() {
		kept.write({
			...draft,
			photos: draft.photos.filter((photo) => photo.state !== "refused"),
		});
	}

	// -- fields ----------------------------------------------------------------------------------

	function fillFields() {
		for (const name of FIELDS) {
			byId(name).value = draft.fields[name] || "";
		}
	}

	form.addEventListener("input", (event) => {
		if (FIELDS.includes(event.target.name)) {
			draft.fields[event.target.name] = event.target.value;
			keep();
		}
		const field = event.target.closest("[data-field]");
		if (field?.classList.contains("has-error") && event.target.type !== "file") {
			field.classList.remove("has-error");
			showText(byId(`${field.dataset.field}-error`), "");
		}
	});

	// -- photos ----------------------------------------------------------------------------------

	function newKey() {
		const bytes = crypto.getRandomValues(new Uint8Array(8));
		return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
	}

	function refusal(file) {
		const isHeic = /\.hei[cf]$/i.test(file.name) || /hei[cf]/.test(file.type);
		if (isHeic && !acceptsHeic) {
			return texts.heic;
		}
		if (!isHeic && file.type && !file.type.startsWith("image/")) {
			return texts.type;
		}
		return file.size > largestPhoto ? texts.too_large : "";
	}

	byId("files").addEventListener("change", async (event) => {
		const files = [...event.target.files];
		event.target.value = "";
		const room = mostPhotos - draft.photos.filter((photo) => photo.state !== "refused").length;
		showText(byId("photos-error"), files.length > room ? texts.too_many : "");
		for (const file of files.slice(0, Math.max(room, 0))) {
			const photo = { key: newKey(), state: "waiting", tries: 0 };
			const problem = refusal(file);
			if (problem) {
				Object.assign(photo, { state: "refused", error: problem });
			} else {
				blobs.set(photo.key, file);
				await keptPhotos.put(photo.key, file);
			}
			previews.set(photo.key, URL.createObjectURL(file));
			draft.photos.push(photo);
		}
		keep();
		show();
		upload();
	});

	function find(key) {
		return draft.photos.find((photo) => photo.key === key);
	}

	/** Starts what waits; called again after each upload, by the clock and when the connection is back. */
	function upload() {
		const running = draft.photos.filter((photo) => photo.state === "sending").length;
		const ready = draft.photos.filter((photo) => photo.state === "waiting");
		for (const photo of ready.slice(0, Math.max(AT_ONCE - running, 0))) {
			send(photo);
		}
		if (wantsToSend) {
			sendForm();
		}
	}

	async function send(photo) {
		photo.state = "sending";
		photo.share = 0;
		show();
		const blob = blobs.get(photo.key) || (await keptPhotos.get(photo.key));
		if (!blob) {
			// The browser has thrown it away: only its sender can give it again.
			draft.photos = draft.photos.filter((other) => other !== photo);
			keep();
			show();
			return;
		}
		const { status, body } = await post(photo, blob);
		if (!find(photo.key)) {
			return; // removed meanwhile
		}
		if (status === 200 && body.ok) {
			Object.assign(photo, { state: "done", thumbnail: body.thumbnail, tries: 0 });
			keptPhotos.drop(photo.key);
			blobs.delete(photo.key);
		} else if ([400, 413, 415, 422].includes(status)) {
			Object.assign(photo, { state: "refused", error: body.message || texts.type });
			keptPhotos.drop(photo.key);
		} else {
			waitAndTry(photo, status);
		}
		keep();
		show();
		upload();
	}

	/** No connection, a server that restarts or asks for patience: later again. */
	function waitAndTry(photo, status) {
		photo.state = "stopped";
		photo.tries += 1;
		const wait = status === 429 ? LONGEST_WAIT : Math.min(1000 * 2 ** photo.tries, LONGEST_WAIT);
		setTimeout(() => {
			if (photo.state === "stopped") {
				photo.state = "waiting";
				upload();
			}
		}, wait);
	}

	function post(photo, blob) {
		return new Promise((resolve) => {
			const data = new FormData();
			data.append("secret", draft.secret);
			data.append("key", photo.key);
			data.append("photo", blob, "photo");
			const request = new XMLHttpRequest();
			request.open("POST", "/api/method/auto_dealer.portal.api.put_estimate_photo");
			request.setRequestHeader("Accept", "application/json");
			const token = document.querySelector("meta[name=csrf-token]")?.content;
			if (token) {
				request.setRequestHeader("X-Frappe-CSRF-Token", token);
			}
			request.timeout = 120000;
			request.upload.onprogress = (event) => {
				photo.share = event.total ? event.loaded / event.total : 0;
				const bar = document.querySelector(`[data-photo="${photo.key}"] .photo-bar`);
				if (bar) {
					bar.style.width = `${Math.round(photo.share * 100)}%`;
				}
			};
			request.onload = () => {
				let body = {};
				try {
					body = JSON.parse(request.responseText).message || {};
				} catch (error) {
					// a proxy's own page
				}
				resolve({ status: request.status, body });
			};
			request.onerror = request.ontimeout = request.onabort = () => resolve({ status: 0, body: {} });
			request.send(data);
		});
	}

	function remove(photo) {
		draft.photos = draft.photos.filter((other) => other !== photo);
		blobs.delete(photo.key);
		keptPhotos.drop(photo.key);
		if (photo.state !== "refused") {
			ask("api.drop_estimate_photo", { secret: draft.secret, key: photo.key });
		}
		keep();
		show();
		byId("files").focus();
	}

	// -- what is seen ----------------------------------------------------------------------------

	function show() {
		const list = byId("photos");
		list.replaceChildren(...draft.photos.map(photoElement));
		byId("add-photos").hidden = draft.photos.length >= mostPhotos;
		const isStopped = draft.photos.some((photo) => photo.state === "stopped");
		showText(byId("connection"), isStopped ? errorTexts.offline : "");
		const isWaiting = draft.photos.some((photo) => !["done", "refused"].includes(photo.state));
		const button = byId("send");
		button.disabled = isSending;
		button.textContent = isSending
			? texts.send_sending
			: wantsToSend && isWaiting
				? texts.send_waiting
				: texts.send;
		byId("form-hint").textContent =
			wantsToSend && isWaiting ? texts.will_send : draft.photos.length ? texts.kept : "";
	}

	function photoElement(photo, index) {
		const item = document.createElement("li");
		item.className = `photo ${photo.state}`;
		item.dataset.photo = photo.key;
		const picture = photo.thumbnail || previews.get(photo.key);
		const name = `${texts.photo} ${index + 1}`;
		if (picture) {
			const image = document.createElement("img");
			image.src = picture;
			image.alt = name;
			item.append(image);
		}
		const state = document.createElement("span");
		state.className = "photo-state";
		state.textContent =
			{ waiting: texts.waiting, sending: texts.sending, done: texts.done, stopped: texts.retry }[
				photo.state
			] || photo.error;
		item.append(state);
		if (photo.state === "sending") {
			const bar = document.createElement("span");
			bar.className = "photo-bar";
			bar.style.width = `${Math.round((photo.share || 0) * 100)}%`;
			item.append(bar);
		}
		const button = document.createElement("button");
		button.type = "button";
		button.className = "photo-remove";
		button.setAttribute("aria-label", `${texts.remove} ${index + 1}`);
		button.addEventListener("click", () => remove(photo));
		item.append(button);
		return item;
	}

	// -- sending ---------------------------------------------------------------------------------

	form.addEventListener("submit", (event) => {
		event.preventDefault();
		wantsToSend = true;
		showText(byId("form-error"), "");
		for (const photo of draft.photos) {
			if (photo.state === "stopped") {
				photo.state = "waiting";
			}
		}
		upload();
	});

	async function sendForm() {
		if (draft.photos.some((photo) => photo.state === "refused")) {
			wantsToSend = false;
			show();
			showErrors(form, { photos: texts.remove_refused });
			return;
		}
		if (isSending || draft.photos.some((photo) => photo.state !== "done")) {
			show();
			return;
		}
		isSending = true;
		show();
		const { status, body } = await ask("api.send_estimate", {
			secret: draft.secret,
			...Object.fromEntries(FIELDS.map((name) => [name, byId(name).value])),
			consent: byId("consent").checked ? 1 : 0,
			website: byId("website").value,
		});
		isSending = false;
		if (status === 200 && body.ok) {
			showSent();
		} else if (status === 0 || status >= 500) {
			showText(byId("form-error"), body.message || errorTexts.offline);
			setTimeout(() => wantsToSend && sendForm(), 5000);
		} else {
			wantsToSend = false;
			show();
			showErrors(form, body.errors || {});
			showText(byId("form-error"), body.errors ? "" : body.message || errorTexts.failed);
			if (body.error === "sent") {
				showSent();
			}
		}
	}

	function showSent() {
		wantsToSend = false;
		kept.forget();
		keptPhotos.clear();
		byId("form-part").hidden = true;
		byId("sent-part").hidden = false;
		byId("sent-part").focus();
		window.scrollTo(0, 0);
	}

	byId("again").addEventListener("click", () => location.reload());

	window.addEventListener("online", () => {
		for (const photo of draft.photos) {
			if (photo.state === "stopped") {
				photo.state = "waiting";
			}
		}
		upload();
	});

	/** After a reload: the server says what it has; what it lacks is sent from this phone. */
	async function takeUp() {
		fillFields();
		for (const photo of draft.photos) {
			if (photo.state !== "done") {
				Object.assign(photo, { state: "waiting", tries: 0 });
				const blob = await keptPhotos.get(photo.key);
				if (blob) {
					blobs.set(photo.key, blob);
					previews.set(photo.key, URL.createObjectURL(blob));
				}
			}
		}
		show();
		if (!draft.photos.length) {
			return;
		}
		const { status, body } = await ask("api.get_estimate_state", { secret: draft.secret });
		if (status === 200 && body.ok && body.is_sent) {
			draft = newDraft();
			kept.forget();
			keptPhotos.clear();
			fillFields();
		} else if (status === 200 && body.ok) {
			draft.photos = draft.photos.filter(
				(photo) => photo.state !== "done" || body.photos.includes(photo.key)
			);
		}
		show();
		upload();
	}

	takeUp();
}
