"""The company of a fresh site: what ERPNext's setup wizard asks a person, answered for a car dealer."""

from __future__ import annotations

import frappe
from frappe.desk.page.setup_wizard.setup_wizard import setup_complete
from frappe.geo.country_info import get_country_info

DEFAULT_COMPANY = "Автосалон Демо"
DEFAULT_COUNTRY = "Russian Federation"
# frappe/geo lists no time zone for Russia, and its formats are not the ones used there.
RUSSIAN = {
	"language": "ru",
	"timezone": "Europe/Moscow",
	"number_format": "# ###,##",
	"date_format": "dd.mm.yyyy",
}
# Countries where the desk starts in Russian.
RUSSIAN_SPEAKING = {"Russian Federation", "Belarus", "Kazakhstan", "Kyrgyzstan"}


def create_company(company: str = DEFAULT_COMPANY, country: str = DEFAULT_COUNTRY) -> str:
	"""Completes the set-up of a site that has ERPNext: company, chart of accounts, warehouses, currency, time zone.

	`country` is a name ("Germany") or an ISO code ("DE"). Returns the company's name; when the site's set-up is
	already complete nothing is changed and the existing default company is returned. Master data (warehouses,
	territories, groups) is named in English, in whichever language the desk starts.
	"""
	if frappe.is_setup_complete():
		return frappe.db.get_single_value("Global Defaults", "default_company") or ""
	country = find_country(country)
	info = {**get_country_info(country), **(RUSSIAN if country == DEFAULT_COUNTRY else {})}
	year = frappe.utils.getdate().year
	frappe.local.lang = "en"
	setup_complete(
		{
			"language": "English",
			"country": country,
			"timezone": info.get("timezone") or (info.get("timezones") or ["UTC"])[0],
			"currency": info.get("currency") or "USD",
			"company_name": company,
			"company_abbr": make_abbreviation(company),
			"chart_of_accounts": choose_chart(country),
			"fy_start_date": f"{year}-01-01",
			"fy_end_date": f"{year}-12-31",
			"domain": "Services",
			"enable_telemetry": 0,
		}
	)
	set_regional_settings(country, info)
	frappe.clear_cache()
	return company


def find_country(country: str) -> str:
	"""The country's name in Frappe, from its name or ISO code in any case; throws when there is none."""
	name = frappe.db.get_value("Country", {"code": country.lower()}) or frappe.db.get_value(
		"Country", country
	)
	if not name:
		frappe.throw(frappe._("There is no country {0}: give an ISO code such as RU or DE").format(country))
	return name


def make_abbreviation(company: str) -> str:
	"""The first letters of the words, at most five; "Автосалон Демо" gives "АД"."""
	return "".join(word[0] for word in company.split() if word[0].isalnum())[:5].upper() or "AD"


def choose_chart(country: str) -> str:
	"""The country's own chart of accounts when ERPNext has exactly one or several, else the standard one."""
	from erpnext.accounts.doctype.account.chart_of_accounts.chart_of_accounts import get_charts_for_country

	return get_charts_for_country(country, with_standard=True)[0]


def set_regional_settings(country: str, info: dict) -> None:
	"""What the wizard leaves to the person: language of the desk, first day of the week, format of numbers."""
	settings = frappe.get_single("System Settings")
	settings.language = "ru" if country in RUSSIAN_SPEAKING else "en"
	settings.first_day_of_the_week = "Monday"
	settings.enable_onboarding = 0
	if country == DEFAULT_COUNTRY:
		settings.number_format = info["number_format"]
		settings.date_format = info["date_format"]
	settings.save()
