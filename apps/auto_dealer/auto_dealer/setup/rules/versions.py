"""Which versions of Frappe and ERPNext the app runs on."""

from __future__ import annotations

from dataclasses import dataclass

SUPPORTED_MAJOR = 15


@dataclass(frozen=True)
class VersionProblem:
	"""`app` is "frappe" or "erpnext"; `found` its version, "" when it is missing."""

	app: str
	found: str


def version_problems(frappe_version: str, erpnext_version: str | None) -> list[VersionProblem]:
	"""What is wrong, empty when both are of the supported major version."""
	versions = {"frappe": frappe_version, "erpnext": erpnext_version or ""}
	return [VersionProblem(app, found) for app, found in versions.items() if major(found) != SUPPORTED_MAJOR]


def major(version: str) -> int:
	"""First number of a version text such as "15.72.4" or "v15"; 0 when there is none."""
	head = version.strip().lower().removeprefix("v").split(".", 1)[0].split("-", 1)[0]
	return int(head) if head.isascii() and head.isdigit() else 0
