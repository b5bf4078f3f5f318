"""Each call of an outer service is a row of Frappe's Integration Request, without its secrets."""

from __future__ import annotations

import frappe

LOG = "Integration Request"


def write(
	service: str,
	what: str,
	url: str,
	data: str,
	output: str = "",
	error: str = "",
	reference: tuple[str, str] | None = None,
) -> str:
	"""The name of the row; part of the caller's transaction."""
	row = frappe.get_doc(
		{
			"doctype": LOG,
			"integration_request_service": service,
			"request_description": what,
			"is_remote_request": 1,
			"status": "Failed" if error else "Completed",
			"url": url,
			"data": data,
			"output": output,
			"error": error,
			"reference_doctype": reference and reference[0],
			"reference_docname": reference and reference[1],
		}
	)
	# A log that nobody writes by hand; who asked was checked by the caller.
	return row.insert(ignore_permissions=True).name
