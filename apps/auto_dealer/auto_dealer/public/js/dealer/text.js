// What values look like on cards, bars and dialogs.

export function esc(value) {
	return frappe.utils.escape_html(value === null || value === undefined ? "" : String(value));
}

/** "Light Blue" -> "light-blue": the name that the desk's CSS variables use. */
export function color_class(color) {
	return (color || "Gray").toLowerCase().replace(/[\s_]+/g, "-");
}

function language() {
	return (frappe.boot.lang || "en").replace("_", "-");
}

/** 12500000 -> "12.5M ₽"; for sums over a column. */
export function short_money(value, currency) {
	return money(value, currency, { notation: "compact", maximumFractionDigits: 1 });
}

/** 2350000 -> "2,350,000 ₽"; without the pennies. */
export function full_money(value, currency) {
	return money(value, currency, { maximumFractionDigits: 0 });
}

function money(value, currency, options) {
	const name = currency || frappe.boot.sysdefaults.currency;
	const style = {
		style: "currency",
		currency: name,
		currencyDisplay: "narrowSymbol",
		minimumFractionDigits: 0,
	};
	try {
		return new Intl.NumberFormat(language(), { ...style, ...options }).format(value || 0);
	} catch {
		// A currency of the dealer's own making is no ISO code.
		return `${new Intl.NumberFormat(language(), options).format(value || 0)} ${name || ""}`.trim();
	}
}

function unit(count, name) {
	return new Intl.NumberFormat(language(), { style: "unit", unit: name, unitDisplay: "short" }).format(
		count
	);
}

/** Seconds as the largest fitting unit: "3 days", "5 hr", "12 min". */
export function short_duration(seconds) {
	const total = Math.max(0, Math.floor(seconds || 0));
	if (total >= 86400) return unit(Math.floor(total / 86400), "day");
	if (total >= 3600) return unit(Math.floor(total / 3600), "hour");
	return unit(Math.floor(total / 60), "minute");
}

/** Seconds from a server's datetime till now; negative when it lies ahead. */
export function seconds_since(datetime) {
	if (!datetime) return 0;
	return moment(frappe.datetime.system_datetime()).diff(moment(datetime), "seconds");
}

export function is_overdue(deadline) {
	return Boolean(deadline) && seconds_since(deadline) > 0;
}

/** The HTML of a person's round picture; empty for nobody. */
export function avatar(user, full_name, css_class = "avatar-small") {
	if (!user) return "";
	if (full_name && !frappe.boot.user_info[user]) {
		frappe.boot.user_info[user] = { fullname: full_name, name: user };
	}
	return frappe.avatar(user, css_class, esc(full_name || user));
}

export function form_path(doctype, name) {
	return `/app/${frappe.router.slug(doctype)}/${encodeURIComponent(name)}`;
}

export function form_link(doctype, name, label) {
	return `<a href="${form_path(doctype, name)}">${esc(label || name)}</a>`;
}

export function deal_link(name, label) {
	return form_link("Auto Deal", name, label);
}
