"""Conditions of robots: safe expressions over the document, evaluated with the values they read kept for the log."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, add_to_date, cstr, date_diff, flt, get_datetime, getdate

from auto_dealer.robots import clock
from auto_dealer.robots.rules.expressions import BadExpression, first_false, names_in, parse, paths_in
from auto_dealer.robots.stage_of import stage_field

FUNCTIONS = {
	"len": len,
	"any": any,
	"all": all,
	"min": min,
	"max": max,
	"abs": abs,
	"sum": sum,
	"str": cstr,
	"now": clock.now,
	"today": lambda: clock.now().date(),
	"add_days": add_days,
	"add_to_date": add_to_date,
	"date_diff": date_diff,
}
GIVEN_BY_FRAPPE = ("int", "float", "long", "round")
STANDARD = ("name", "owner", "creation", "modified", "modified_by", "doctype")
NUMBERS = ("Int", "Float", "Currency", "Percent", "Check")


@dataclass
class Verdict:
	"""Whether a condition holds; `reason` says in words why not, `seen` holds the values it read."""

	is_met: bool
	reason: str = ""
	seen: dict[str, Any] = field(default_factory=dict)
	is_broken: bool = False


class Values:
	"""The names that a condition may use, each found out when it is asked for."""

	def __init__(self, doc, before=None, event: str = ""):
		self.doc, self.before, self.event = doc, before, event
		self._known: dict[str, Any] = {}

	def get(self, name: str) -> Any:
		if name not in self._known:
			self._known[name] = self._find(name)
		return self._known[name]

	def _find(self, name: str) -> Any:
		if special := SPECIALS.get(name):
			return special(self)
		return typed(self.doc, name)


def typed(doc, name: str) -> Any:
	"""A field's value as expressions expect it: dates are dates, numbers numbers, an empty text is ""."""
	if name in STANDARD:
		return get_datetime(doc.get(name)) if name in ("creation", "modified") else doc.get(name)
	df = frappe.get_meta(doc.doctype).get_field(name)
	if not df:
		raise NameError(name)
	value = doc.get(name)
	if df.fieldtype in NUMBERS:
		return flt(value)
	if df.fieldtype == "Date":
		return getdate(value) if value else None
	if df.fieldtype == "Datetime":
		return get_datetime(value) if value else None
	return value if value is not None else ""


class DocumentValues:
	"""`doc.amount` in a condition or a template: fields only, no methods."""

	def __init__(self, doc):
		self._doc = doc

	def __getattr__(self, name: str) -> Any:
		if name.startswith("_"):
			raise AttributeError(name)
		try:
			return typed(self._doc, name)
		except NameError:
			return None

	def get(self, name: str, default: Any = None) -> Any:
		return getattr(self, name) or default


CONTACT_FIELDS = (
	*("name", "full_name", "first_name", "email_id", "mobile_no", "phone"),
	*("dealer_client_kind", "dealer_messenger", "dealer_time_zone", "company_name"),
)


def contact_of(doc) -> frappe._dict:
	if not doc.get("contact"):
		return frappe._dict()
	return (
		frappe.db.get_value("Contact", doc.contact, CONTACT_FIELDS, as_dict=True, cache=False)
		or frappe._dict()
	)


def object_is_priority(doc) -> bool:
	"""Whether the kind of object is marked as one that goes first (R64)."""
	return _is_marked("Object Kind", doc.get("object_kind"))


def client_is_priority(doc) -> bool:
	"""Whether the kind of client is marked as one that goes first (R64)."""
	return _is_marked("Client Kind", doc.get("client_kind"))


def _is_marked(doctype: str, kind: str | None) -> bool:
	return bool(kind and frappe.get_cached_value(doctype, kind, "is_priority"))


def hours_between(start, end) -> float:
	"""0 when one of the moments is missing."""
	return (get_datetime(end) - get_datetime(start)).total_seconds() / 3600 if start and end else 0


FUNCTIONS["hours_between"] = hours_between


def _has_photo(values: Values) -> bool:
	from auto_dealer.pipelines.gate_facts import has_photo

	return has_photo(values.doc)


def _before(values: Values) -> Any:
	return DocumentValues(values.before) if values.before else frappe._dict()


SPECIALS = {
	"doc": lambda values: DocumentValues(values.doc),
	"before": _before,
	"contact": lambda values: contact_of(values.doc),
	"is_priority": lambda values: object_is_priority(values.doc) or client_is_priority(values.doc),
	"object_is_priority": lambda values: object_is_priority(values.doc),
	"client_is_priority": lambda values: client_is_priority(values.doc),
	"has_photo": _has_photo,
	"event": lambda values: values.event,
	"stage_name": lambda values: values.doc.get(stage_field(values.doc.doctype)) or "",
}


@functools.lru_cache(maxsize=1024)
def compile_condition(expression: str) -> tuple[Any, tuple[str, ...]]:
	"""(function, the names it takes). `frappe.safe_eval` compiles for milliseconds, so it does that once a process."""
	parse(expression)
	names = tuple(
		name for name in names_in(expression) if name not in FUNCTIONS and name not in GIVEN_BY_FRAPPE
	)
	return frappe.safe_eval(f"lambda {', '.join(names)}: (\n{expression}\n)", dict(FUNCTIONS)), names


def evaluate(expression: str, values: Values) -> Any:
	function, names = compile_condition(expression)
	return function(*[values.get(name) for name in names])


def judge(expression: str, values: Values) -> Verdict:
	"""Never throws: a condition that cannot be evaluated is not met, and says so."""
	if not expression:
		return Verdict(True)
	try:
		is_met = bool(evaluate(expression, values))
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
		raise
	except Exception as error:
		reason = _("The condition {0} could not be evaluated: {1}").format(
			expression, f"{type(error).__name__}: {error}"
		)
		return Verdict(False, reason, is_broken=True)
	seen = look_up(expression, values)
	return Verdict(is_met, "" if is_met else explain(expression, values), seen)


def look_up(expression: str, values: Values) -> dict[str, Any]:
	"""What the paths of the expression are worth: {"amount": 0.0, "doc.stage": "Agreement"}."""
	return {path: _value_of(path, values) for path in paths_in(expression)}


def explain(expression: str, values: Values) -> str:
	"""`paid_amount = 0.0, so “paid_amount > 0” was false`: the part that decided, and what it saw."""
	part = first_false(expression, lambda text: _is_true(text, values))
	seen = look_up(part, values)
	said = ", ".join(f"{path} = {shown(value)}" for path, value in seen.items())
	return _("{0}, so “{1}” was false").format(said, part) if said else _("“{0}” was false").format(part)


def shown(value: Any) -> str:
	if value in (None, ""):
		return _("empty")
	if isinstance(value, float) and value.is_integer():
		return str(int(value))
	return cstr(value)[:80]


def _is_true(text: str, values: Values) -> bool:
	try:
		return bool(evaluate(text, values))
	except Exception:
		return False


def _value_of(path: str, values: Values) -> Any:
	try:
		value = evaluate(path, values)
	except Exception:
		return None
	return value if isinstance(value, int | float | str | bool) or value is None else cstr(value)[:140]


def find_problem(expression: str, doctype: str) -> str:
	"""Why the expression cannot be a condition over documents of this type; "" when it can."""
	try:
		_function, names = compile_condition(expression)
	except (BadExpression, SyntaxError) as error:
		return _("{0} is no expression: {1}").format(expression, error)
	except Exception as error:
		return _("{0} is not allowed: {1}").format(expression, error)
	meta = frappe.get_meta(doctype)
	unknown = [
		name for name in names if name not in SPECIALS and name not in STANDARD and not meta.has_field(name)
	]
	unknown += [
		path
		for path in paths_in(expression)
		if path.startswith(("doc.", "before."))
		and not meta.has_field(field := path.split(".")[1])
		and field not in (*STANDARD, "get")
	]
	if unknown:
		return _("{0} has no field {1}").format(_(doctype), ", ".join(unknown))
	return ""
