// Days and times to choose from: /book and /booking/<token>.
window.portalSlots = (container, { load, texts, onChoose }) => {
	let days = [];
	let shown = null;
	let chosen = "";
	let asked = 0;

	function element(tag, className, text) {
		const made = document.createElement(tag);
		made.className = className;
		made.textContent = text || "";
		return made;
	}

	function say(text) {
		container.replaceChildren(element("p", "hint", text));
	}

	/** Looks for free times from that day on (today); an answer that was overtaken by a later question is dropped. */
	async function start(firstDay = "") {
		const number = ++asked;
		say(texts.loading);
		const { status, body } = await load(firstDay);
		if (number !== asked) {
			return;
		}
		if (status !== 200 || !body.ok) {
			days = [];
			say(body.message || "");
			return;
		}
		days = body.days;
		shown = days.find((day) => day.times.some((time) => time.start === chosen)) || days[0];
		show();
	}

	function show() {
		if (!days.length) {
			say(texts.no_times);
			return;
		}
		const row = element("div", "days");
		row.setAttribute("role", "group");
		for (const day of days) {
			const button = element("button", "day");
			button.type = "button";
			button.append(element("span", "day-name", day.weekday), element("span", "", day.label));
			button.setAttribute("aria-pressed", day === shown);
			button.addEventListener("click", () => {
				shown = day;
				const left = row.scrollLeft;
				show();
				const again = container.querySelector(".days");
				again.scrollLeft = left;
				again.querySelector("[aria-pressed=true]").focus({ preventScroll: true });
			});
			row.append(button);
		}
		const times = element("div", "times");
		times.setAttribute("role", "group");
		for (const time of shown.times) {
			const button = element("button", "time", time.label);
			button.type = "button";
			button.setAttribute("aria-pressed", time.start === chosen);
			button.addEventListener("click", () => {
				chosen = time.start;
				for (const other of times.children) {
					other.setAttribute("aria-pressed", other === button);
				}
				onChoose(time.start, `${shown.weekday}, ${shown.label}, ${time.label}`);
			});
			times.append(button);
		}
		container.replaceChildren(row, times);
	}

	/** A time that is no longer free, and what is free instead. */
	function offer(notice, message, slots) {
		notice.replaceChildren(element("p", "", message));
		notice.hidden = false;
		if (slots?.length) {
			notice.append(element("p", "", texts.next_free));
			for (const slot of slots) {
				const button = element("button", "button wide quiet", slot.label);
				button.type = "button";
				button.addEventListener("click", () => {
					chosen = slot.start;
					onChoose(slot.start, slot.label);
				});
				notice.append(button);
			}
		}
		notice.scrollIntoView({ block: "center" });
	}

	return { start, offer };
};
