// /book: services → car → time → who. What is typed stays on this phone until the booking is made.
{
	const { ask, byId, keptValue, makeSecret, pageData, showErrors, showText } = window.portal;
	const { texts, vehicle } = pageData();
	const form = byId("book");
	const sections = [...form.querySelectorAll("[data-step]")];
	const kept = keptValue("portal.book");
	const FIELDS = ["other_car", "plate_or_vin", "client_name", "phone", "email", "comment"];
	const state = { key: makeSecret(), offerings: [], fields: {}, make: "", model: "", ...kept.read() };
	const STEP_OF = { offerings: "services", make: "car", other_car: "car", start: "time" };
	let chosen = { start: "", label: "" };
	let current = "services";
	let isSending = false;

	const keep = () => kept.write(state);

	// -- steps -----------------------------------------------------------------------------------

	const boxes = () => [...form.querySelectorAll("input[name=offerings]")];
	const picked = () => boxes().filter((box) => box.checked);
	// An invitation's link names the car: nothing needs to be asked.
	const needsCar = () => !vehicle && picked().some((box) => box.dataset.car === "1");

	function stepNames() {
		return sections.map((section) => section.dataset.step).filter((step) => step !== "car" || needsCar());
	}

	function go(step, { back = false } = {}) {
		current = step;
		for (const section of sections) {
			section.hidden = section.dataset.step !== step;
		}
		const names = stepNames();
		byId("steps").textContent = texts.steps
			.replace("{0}", names.indexOf(step) + 1)
			.replace("{1}", names.length);
		if (step === "time") {
			slots.start();
		}
		if (step === "contact") {
			summarise();
		}
		if (!back && history.state?.step !== step) {
			history.pushState({ step }, "");
		}
		window.scrollTo(0, 0);
		sections.find((section) => section.dataset.step === step).focus({ preventScroll: true });
	}

	function problem(step) {
		if (step === "services" && !picked().length) {
			return { offerings: texts.choose_service };
		}
		if (
			step === "car" &&
			(!byId("make").value || (byId("make").value === "-" && !byId("other_car").value.trim()))
		) {
			return byId("make").value ? { other_car: texts.choose_car } : { make: texts.choose_car };
		}
		return step === "time" && !chosen.start ? { start: texts.choose_time } : {};
	}

	form.addEventListener("click", (event) => {
		const names = stepNames();
		if (event.target.closest("[data-back]")) {
			go(names[names.indexOf(current) - 1]);
		} else if (event.target.closest("[data-next]")) {
			const errors = problem(current);
			showErrors(form, errors);
			if (!Object.keys(errors).length) {
				go(names[names.indexOf(current) + 1]);
			}
		}
	});

	window.addEventListener("popstate", (event) => go(event.state?.step || "services", { back: true }));

	// -- services and car ------------------------------------------------------------------------

	form.addEventListener("input", (event) => {
		const { name, value } = event.target;
		if (name === "offerings") {
			state.offerings = picked().map((box) => box.value);
			chosen = { start: "", label: "" };
		} else if (FIELDS.includes(name)) {
			state.fields[name] = value;
		}
		const field = event.target.closest("[data-field]");
		if (field) {
			field.classList.remove("has-error");
			showText(byId(`${field.dataset.field}-error`), "");
		}
		keep();
	});

	byId("make").addEventListener("change", () => {
		state.make = byId("make").value;
		state.model = "";
		chosen = { start: "", label: "" };
		keep();
		showModels();
	});
	byId("model").addEventListener("change", () => {
		state.model = byId("model").value;
		chosen = { start: "", label: "" };
		keep();
	});

	async function showModels() {
		const make = byId("make").value;
		byId("other-part").hidden = make !== "-";
		byId("model-part").hidden = !make || make === "-";
		if (!make || make === "-") {
			return;
		}
		const select = byId("model");
		select.replaceChildren(new Option(texts.any_model, ""));
		const { body } = await ask("booking_api.get_models", { make });
		if (byId("make").value !== make) {
			return;
		}
		for (const model of body.models || []) {
			select.add(new Option(model.title, model.name));
		}
		select.value = state.model;
		if (select.selectedIndex < 0) {
			select.selectedIndex = 0;
		}
	}

	// -- time ------------------------------------------------------------------------------------

	function car() {
		if (vehicle) {
			return { vehicle };
		}
		return needsCar() && state.make !== "-" ? { make: state.make, model: state.model } : {};
	}

	const slots = window.portalSlots(byId("slots"), {
		texts,
		load: (first_day) =>
			ask("booking_api.get_free_times", { offerings: state.offerings, first_day, ...car() }),
		onChoose(start, label) {
			chosen = { start, label };
			const wasTaken = !byId("taken").hidden;
			showText(byId("start-error"), "");
			byId("taken").hidden = true;
			if (wasTaken) {
				go("contact");
			}
		},
	});

	// -- who -------------------------------------------------------------------------------------

	function summarise() {
		const make = byId("make");
		const model = byId("model");
		const known = [make.value, model.value ? model.selectedOptions[0].textContent : ""]
			.filter(Boolean)
			.join(" ");
		const values = {
			services: picked()
				.map((box) => box.dataset.title)
				.join(", "),
			when: chosen.label,
			car: needsCar()
				? [make.value === "-" ? byId("other_car").value : known, byId("plate_or_vin").value]
						.filter(Boolean)
						.join(", ")
				: "",
		};
		for (const [name, text] of Object.entries(values)) {
			const place = form.querySelector(`[data-summary=${name}]`);
			place.textContent = text;
			place.hidden = place.previousElementSibling.hidden = !text;
		}
	}

	form.addEventListener("submit", async (event) => {
		event.preventDefault();
		if (isSending || current !== "contact") {
			return;
		}
		isSending = true;
		byId("send").disabled = true;
		byId("send").textContent = texts.booking;
		showText(byId("form-error"), "");
		const { status, body } = await ask("booking_api.book_visit", {
			offerings: state.offerings,
			start: chosen.start,
			...Object.fromEntries(FIELDS.map((name) => [name, byId(name).value])),
			...car(),
			consent: byId("consent").checked ? 1 : 0,
			website: byId("website").value,
			request_key: state.key,
		});
		isSending = false;
		byId("send").disabled = false;
		byId("send").textContent = texts.book;
		if (status === 200 && body.ok) {
			kept.forget();
			location.assign(body.page);
		} else if (body.errors) {
			const first = Object.keys(body.errors).find((name) => STEP_OF[name]);
			if (first) {
				go(STEP_OF[first]);
			}
			showErrors(form, body.errors);
		} else if (body.error === "taken") {
			chosen = { start: "", label: "" };
			go("time");
			slots.offer(byId("taken"), body.message, body.next_slots);
		} else {
			showText(byId("form-error"), status === 0 ? texts.no_connection : body.message);
		}
	});

	// -- beginning -------------------------------------------------------------------------------

	for (const box of boxes()) {
		box.checked = state.offerings.includes(box.value);
	}
	state.offerings = picked().map((box) => box.value);
	for (const name of FIELDS) {
		byId(name).value = state.fields[name] || "";
	}
	byId("make").value = state.make;
	if (byId("make").selectedIndex < 0) {
		byId("make").value = state.make = "";
	}
	showModels();
	history.replaceState({ step: "services" }, "");
	byId("steps").textContent = texts.steps.replace("{0}", 1).replace("{1}", stepNames().length);
}
