// /my/<token>: answers line by line, a question, and a look now and then whether the order has changed.
{
	const { ask, byId, pageData, showErrors, showText } = window.portal;
	const { token, version, snapshot_hash, poll_seconds, language, money: pattern, texts } = pageData();
	const form = byId("answers");
	let isBusy = false;

	// -- answers ---------------------------------------------------------------------------------

	const lines = () => [...(form?.querySelectorAll("[data-line]") || [])];
	const answerOf = (line) => line.querySelector("input:checked")?.value;

	function money(amount) {
		const digits = amount % 1 ? 2 : 0;
		const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
		return pattern.replace("{0}", new Intl.NumberFormat(language, options).format(amount));
	}

	function showSum() {
		const answered = lines().filter((line) => answerOf(line));
		const approved = answered.filter((line) => answerOf(line) === "1");
		const sum = approved.reduce((total, line) => total + Number(line.dataset.amount), 0);
		byId("send-answers").textContent = answered.length
			? texts.approve_sum.replace("{0}", money(Math.round(sum * 100) / 100))
			: texts.send;
		for (const line of lines()) {
			line.classList.remove("is-missing");
		}
		showText(byId("answers-error"), "");
	}

	form?.addEventListener("change", showSum);

	byId("approve-all")?.addEventListener("click", () => {
		for (const line of lines()) {
			line.querySelector("input[value='1']").checked = true;
		}
		showSum();
	});

	form?.addEventListener("submit", async (event) => {
		event.preventDefault();
		const missing = lines().filter((line) => !answerOf(line));
		for (const line of lines()) {
			line.classList.toggle("is-missing", missing.includes(line));
		}
		const errors = missing.length
			? { answers: texts.answer_all }
			: byId("client_name").value.trim()
				? {}
				: { client_name: texts.name };
		showErrors(form, errors);
		if (Object.keys(errors).length) {
			missing[0]?.scrollIntoView({ block: "center" });
			return;
		}
		if (isBusy) {
			return;
		}
		isBusy = true;
		const button = byId("send-answers");
		const label = button.textContent;
		button.disabled = true;
		button.textContent = texts.sending;
		const { status, body } = await ask("order_api.answer_estimate", {
			token,
			answers: Object.fromEntries(lines().map((line) => [line.dataset.line, answerOf(line) === "1"])),
			client_name: byId("client_name").value,
			snapshot_hash,
		});
		isBusy = false;
		button.disabled = false;
		button.textContent = label;
		if (status === 200 && body.ok) {
			location.reload();
		} else if (body.error === "changed") {
			showText(byId("changed"), `${body.message} ${texts.changed}`);
			byId("changed").scrollIntoView({ block: "center" });
		} else {
			showText(byId("form-error"), body.message);
		}
	});

	// -- question --------------------------------------------------------------------------------

	byId("question").addEventListener("submit", async (event) => {
		event.preventDefault();
		const text = byId("text").value.trim();
		showErrors(byId("question"), text ? {} : { text: texts.empty });
		if (!text || isBusy) {
			return;
		}
		isBusy = true;
		byId("send-question").disabled = true;
		const { status, body } = await ask("order_api.ask_question", {
			token,
			text,
			website: byId("website").value,
		});
		isBusy = false;
		byId("send-question").disabled = false;
		if (status === 200 && body.ok) {
			byId("text").value = "";
			showText(byId("question-sent"), texts.asked);
		} else {
			showErrors(byId("question"), { text: body.message });
		}
	});

	// -- is it still so? -------------------------------------------------------------------------

	byId("changed").addEventListener("click", () => location.reload());

	function isInUse() {
		return lines().some(answerOf) || byId("text").value || byId("client_name")?.value;
	}

	setInterval(async () => {
		if (document.hidden || isBusy || !byId("changed").hidden) {
			return;
		}
		const { status, body } = await ask("order_api.get_order_version", { token });
		if (status === 200 && body.ok && body.version !== version) {
			if (isInUse()) {
				showText(byId("changed"), texts.changed);
			} else {
				location.reload();
			}
		}
	}, poll_seconds * 1000);
}
