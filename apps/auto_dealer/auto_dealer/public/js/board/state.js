// What the board remembers of a user between visits: the pipeline, and per pipeline the filters.

const DOCTYPE = "Auto Deal";
const KEY = "DealsBoard";

export async function load_memory() {
	await new Promise((resolve) => frappe.model.with_doctype(DOCTYPE, resolve));
	return { filters: {}, ...frappe.get_user_settings(DOCTYPE, KEY) };
}

/** Writes behind the user's back: a failure costs only the memory. */
export const save_memory = frappe.utils.debounce((memory) => {
	frappe.model.user_settings.save(DOCTYPE, KEY, memory);
}, 800);

/** [from, to] of a named period as dates, both inclusive; nulls for "all". */
export function period_dates(period) {
	const today = moment(frappe.datetime.system_datetime());
	const units = { today: "day", week: "isoWeek", month: "month", quarter: "quarter", year: "year" };
	if (!units[period]) return { from_date: null, to_date: null };
	return {
		from_date: today.clone().startOf(units[period]).format("YYYY-MM-DD"),
		to_date: today.format("YYYY-MM-DD"),
	};
}

export function period_options() {
	return [
		{ value: "", label: __("All time") },
		{ value: "today", label: __("Today") },
		{ value: "week", label: __("This week") },
		{ value: "month", label: __("This month") },
		{ value: "quarter", label: __("This quarter") },
		{ value: "year", label: __("This year") },
	];
}

/** The filters as the server takes them; empty ones are left out. */
export function server_filters(filters) {
	const { from_date, to_date } = period_dates(filters.period);
	const all = {
		responsible: filters.responsible,
		ad_channel: filters.ad_channel,
		text: (filters.text || "").trim(),
		from_date,
		to_date,
	};
	return Object.fromEntries(Object.entries(all).filter(([, value]) => value));
}
