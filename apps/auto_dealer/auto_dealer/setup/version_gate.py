"""Refuses an install or migrate on versions that Auto Dealer was not built for."""

from __future__ import annotations

from importlib import import_module

import frappe
from frappe import _

from auto_dealer.setup.rules.versions import SUPPORTED_MAJOR, VersionProblem, version_problems


class UnsupportedVersion(frappe.ValidationError):
	"""Frappe or ERPNext is missing or of another major version."""


def check_versions(*args, **kwargs) -> None:
	"""Throws `UnsupportedVersion` naming what is wrong and what to do. Runs before install and before migrate."""
	problems = version_problems(frappe.__version__, get_erpnext_version())
	if problems:
		message = "<br>".join(describe(problem) for problem in problems)
		frappe.throw(message, UnsupportedVersion, title=_("Auto Dealer cannot run here"))


def describe(problem: VersionProblem) -> str:
	"""The cause and the command that cures it."""
	if problem.app == "frappe":
		return _(
			"Auto Dealer needs Frappe {0}.x, this bench has {1}. Switch the bench to branch version-{0}."
		).format(SUPPORTED_MAJOR, problem.found)
	if not problem.found:
		return _(
			"Auto Dealer needs ERPNext {0}.x on the same site. Run: bench get-app --branch version-{0} erpnext, then bench install-app erpnext."
		).format(SUPPORTED_MAJOR)
	return _(
		"Auto Dealer needs ERPNext {0}.x, this bench has {1}. Switch ERPNext to branch version-{0}."
	).format(SUPPORTED_MAJOR, problem.found)


def get_erpnext_version() -> str | None:
	"""None when ERPNext is not in the bench or not on this site."""
	try:
		version = import_module("erpnext").__version__
	except ImportError:
		return None
	return version if "erpnext" in frappe.get_installed_apps() else None
