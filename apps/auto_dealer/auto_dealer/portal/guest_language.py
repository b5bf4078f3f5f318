"""The language of a guest: by the address, by what he chose before, by his browser, by the dealer's setting."""

from __future__ import annotations

import frappe

from auto_dealer.portal.rules.language import pick_language

COOKIE = "preferred_language"
YEAR = 365 * 24 * 3600


def use_language() -> str:
	"""Sets the language of this request and remembers a choice made by `?_lang=`."""
	chosen = frappe.form_dict.get("_lang")
	asked = [chosen if isinstance(chosen, str) else None]
	if frappe.session.user == "Guest":
		asked += [frappe.request.cookies.get(COOKIE), *frappe.request.accept_languages.values()]
	else:
		asked.append(frappe.local.lang)
	default = frappe.get_cached_doc("Client Portal Settings").default_language or "ru"
	language = pick_language(asked, default)
	if chosen:
		frappe.local.cookie_manager.set_cookie(COOKIE, language, max_age=YEAR)
	frappe.local.lang = language
	return language
