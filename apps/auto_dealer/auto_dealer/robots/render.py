"""Texts of robots: Jinja with the document's values and nothing that reads or writes the database by itself."""

from __future__ import annotations

import functools

from jinja2 import ChainableUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

import frappe
from frappe import _
from frappe.utils import fmt_money, format_date, format_datetime, get_url_to_form

from auto_dealer.pipelines.load_pipeline import load
from auto_dealer.robots.conditions import DocumentValues, contact_of
from auto_dealer.robots.stage_of import stage_of


class BadTemplate(frappe.ValidationError):
	"""A text that Jinja cannot read."""


@functools.cache
def _environment(is_html: bool) -> ImmutableSandboxedEnvironment:
	environment = ImmutableSandboxedEnvironment(autoescape=is_html, undefined=ChainableUndefined)
	environment.filters["money"] = lambda value, currency=None: fmt_money(value or 0, currency=currency)
	environment.filters["date"] = lambda value: format_date(value) if value else ""
	environment.filters["datetime"] = lambda value: format_datetime(value) if value else ""
	environment.filters["t"] = lambda value: _(value or "")
	return environment


@functools.lru_cache(maxsize=500)
def _compile(text: str, is_html: bool):
	"""A robot's texts are the same at each of its runs."""
	return _environment(is_html).from_string(text)


def render(template: str | None, doc, is_html: bool = False, language: str | None = None) -> str:
	"""The text for this document, in the reader's language: shipped texts are translated, typed ones stay.

	`is_html`: values are escaped, for what a browser shows.
	"""
	if not template:
		return ""
	before = frappe.local.lang
	frappe.local.lang = language or before
	try:
		return _compile(_(template), is_html).render(**context(doc)).strip()
	except (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
		raise BadTemplate(str(error)) from error
	finally:
		frappe.local.lang = before


def language_of(user: str | None = None) -> str:
	"""The user's language, else the site's: clients are written to in that one."""
	own = frappe.get_cached_value("User", user, "language") if user else None
	return own or frappe.db.get_default("lang") or frappe.local.lang


def context(doc) -> dict:
	"""`doc`, `contact`, `link`, `responsible`, `stage`, `next_step`, `company`, `address`; hook `dealer_robot_values`."""
	values = _Lazy(
		doc=lambda: DocumentValues(doc),
		contact=lambda: contact_of(doc),
		link=lambda: get_url_to_form(doc.doctype, doc.name),
		responsible=lambda: (
			frappe.get_cached_value("User", doc.responsible, "full_name") if doc.get("responsible") else ""
		),
		company=lambda: frappe.get_cached_doc("Dealer Settings").company or "",
		address=lambda: frappe.get_cached_doc("Dealer Settings").get("client_address") or "",
		stage=lambda: _(stage_of(doc)),
		next_step=lambda: _(next_step(doc)),
	)
	for name, paths in (frappe.get_hooks("dealer_robot_values", default={}) or {}).items():
		values.add(name, lambda path=paths[-1]: frappe.get_attr(path)(doc))
	return values.shown()


def next_step(doc) -> str:
	"""What the stage of a deal asks to do."""
	if doc.doctype != "Auto Deal" or not doc.pipeline:
		return ""
	stage = load(doc.pipeline).find(doc.stage)
	return stage.next_step if stage else ""


class _Lazy:
	"""Values that are found out only if the text shows them."""

	def __init__(self, **makers):
		self._makers = makers

	def add(self, name: str, maker) -> None:
		self._makers[name] = maker

	def shown(self) -> dict:
		return {name: maker() if name in ("doc",) else _Shown(maker) for name, maker in self._makers.items()}


class _Shown:
	"""Stands for a value until it is printed or asked for a field."""

	def __init__(self, maker):
		self._maker = functools.cache(maker)

	def __str__(self) -> str:
		return str(self._maker() or "")

	def __html__(self) -> str:
		return frappe.utils.escape_html(str(self))

	def __bool__(self) -> bool:
		return bool(self._maker())

	def __getattr__(self, name: str):
		if name.startswith("_"):
			raise AttributeError(name)
		return (self._maker() or {}).get(name)


def find_problem(template: str | None) -> str:
	"""What Jinja says against the text; "" when it can be read."""
	try:
		_environment(False).parse(template or "")
	except TemplateError as error:
		return str(error)
	return ""
