// Moments as the server writes them: "2026-11-23 10:15:00", in the time of the dealer. No time zones here.

export const DAY = 24 * 60;

export function day_of(moment) {
	return moment.slice(0, 10);
}

export function time_of(moment) {
	return moment.slice(11, 16);
}

/** Minutes from the midnight of `day` to the moment; more than a day for later days. */
export function minutes_from(day, moment) {
	return (
		days_between(day, day_of(moment)) * DAY +
		Number(moment.slice(11, 13)) * 60 +
		Number(moment.slice(14, 16))
	);
}

export function moment_at(day, minutes) {
	const extra = Math.floor(minutes / DAY);
	const rest = minutes - extra * DAY;
	const text = `${String(Math.floor(rest / 60)).padStart(2, "0")}:${String(rest % 60).padStart(2, "0")}:00`;
	return `${add_days(day, extra)} ${text}`;
}

export function add_days(day, count) {
	const date = new Date(`${day}T12:00:00Z`);
	date.setUTCDate(date.getUTCDate() + count);
	return date.toISOString().slice(0, 10);
}

export function days_between(first, second) {
	return Math.round((new Date(`${second}T12:00:00Z`) - new Date(`${first}T12:00:00Z`)) / 86400000);
}

export function monday_of(day) {
	return add_days(day, -((new Date(`${day}T12:00:00Z`).getUTCDay() + 6) % 7));
}

const lang = () => frappe.boot.lang || "en";

export function day_title(day, style = "long") {
	const options = {
		weekday: style,
		day: "numeric",
		month: style === "long" ? "long" : "short",
		timeZone: "UTC",
	};
	return new Intl.DateTimeFormat(lang(), options).format(new Date(`${day}T12:00:00Z`));
}

export function moment_title(moment) {
	return `${day_title(day_of(moment), "short")}, ${time_of(moment)}`;
}

export function length_title(minutes) {
	const hours = Math.floor(minutes / 60);
	const rest = minutes % 60;
	return (
		[hours && __("{0} h", [hours]), rest && __("{0} min", [rest])].filter(Boolean).join(" ") ||
		__("{0} min", [0])
	);
}
