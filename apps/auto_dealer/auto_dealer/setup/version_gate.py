"""Refuses an install or migrate on versions that Auto Dealer was not built for."""

import frappe
from frappe import _

SUPPORTED_MAJOR = 15


class UnsupportedVersion(frappe.ValidationError):
	"""Frappe or ERPNext is missing or of another major version."""


def check_versions(*args, **kwargs):
	"""Throw `UnsupportedVersion` naming what is wrong and what to do."""
	for problem in version_problems(frappe.__version__, _erpnext_version()):
		frappe.throw(problem, UnsupportedVersion, title=_("Auto Dealer cannot run here"))


def version_problems(frappe_version: str, erpnext_version: str | None) -> list[str]:
	"""One sentence per problem, empty when both are of the supported major version."""
	problems = []
	if major(frappe_version) != SUPPORTED_MAJOR:
		problems.append(
			_("Auto Dealer needs Frappe {0}.x, this bench has {1}. Switch the bench to branch version-{0}.").format(
				SUPPORTED_MAJOR, frappe_version
			)
		)
	if not erpnext_version:
		problems.append(
			_("Auto Dealer needs ERPNext {0}.x beside it. Run: bench get-app --branch version-{0} erpnext; bench install-app erpnext").format(
				SUPPORTED_MAJOR
			)
		)
	elif major(erpnext_version) != SUPPORTED_MAJOR:
		problems.append(
			_("Auto Dealer needs ERPNext {0}.x, this bench has {1}. Switch ERPNext to branch version-{0}.").format(
				SUPPORTED_MAJOR, erpnext_version
			)
		)
	return problems


def major(version: str) -> int:
	"""First number of a version text; 0 when there is none."""
	head = version.split(".", 1)[0]
	return int(head) if head.isdigit() else 0


def _erpnext_version() -> str | None:
	try:
		import erpnext
	except ImportError:
		return None
	return erpnext.__version__ if "erpnext" in frappe.get_installed_apps() else None
