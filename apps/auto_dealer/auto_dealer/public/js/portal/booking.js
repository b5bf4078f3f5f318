// /booking/<token>: confirm, move or cancel one booking.
{
	const { ask, byId, pageData, showText } = window.portal;
	const { token, texts } = pageData();
	let start = "";

	/** One press: the button rests until the answer; a refusal stands beside it. */
	async function press(button, error, method, values = {}) {
		button.disabled = true;
		showText(error, "");
		const { status, body } = await ask(`booking_api.${method}`, { token, ...values });
		if (status === 200 && body.ok) {
			location.replace(body.page.split("?")[0]);
			return null;
		}
		button.disabled = false;
		return body;
	}

	byId("confirm")?.addEventListener("click", async (event) => {
		const refused = await press(event.target, byId("confirm-error"), "confirm_visit");
		showText(byId("confirm-error"), refused?.message);
	});

	byId("cancel-button")?.addEventListener("click", async (event) => {
		const refused = await press(event.target, byId("cancel-error"), "cancel_visit", {
			reason: byId("reason").value,
		});
		showText(byId("cancel-error"), refused?.message);
	});

	if (byId("move")) {
		const button = byId("move-button");
		const slots = window.portalSlots(byId("slots"), {
			texts,
			load: (first_day) => ask("booking_api.get_times_to_move", { token, first_day }),
			onChoose(chosen, label) {
				start = chosen;
				button.disabled = false;
				byId("taken").hidden = true;
				showText(byId("move-error"), "");
				button.textContent = texts.chosen.replace("{0}", label);
			},
		});
		let wasOpened = false;
		byId("move").addEventListener("toggle", () => {
			if (byId("move").open && !wasOpened) {
				wasOpened = true;
				slots.start();
			}
		});
		button.addEventListener("click", async () => {
			const refused = await press(button, byId("move-error"), "move_visit", { start });
			if (refused?.error === "taken") {
				slots.start();
				slots.offer(byId("taken"), refused.message, refused.next_slots);
			} else {
				showText(byId("move-error"), refused?.message);
			}
		});
	}
}
