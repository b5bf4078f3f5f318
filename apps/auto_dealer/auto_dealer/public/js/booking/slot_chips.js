// Free times as buttons, by day.
import { day_of, day_title, time_of } from "./times";

export function slots_html(slots) {
	if (!slots?.length)
		return `<p class="text-muted">${__("There is no free time in the days that can be booked.")}</p>`;
	const days = {};
	for (const slot of slots) (days[day_of(slot.start)] ||= []).push(slot);
	return `<div class="slot-chips">${Object.entries(days)
		.map(
			([day, found]) =>
				`<div><span class="text-muted">${day_title(day, "short")}</span> ${found
					.map(
						(slot) =>
							`<button type="button" class="btn btn-default btn-xs" data-slot="${slot.start}">${time_of(slot.start)}</button>`
					)
					.join(" ")}</div>`
		)
		.join("")}</div>`;
}
