"""A Frappe Server Script (type API) for what a condition and an action cannot say.

The script finds `doctype`, `name` and `robot` as variables and says what it made in the variable `made`.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cstr
from frappe.utils.safe_exec import is_safe_exec_enabled, safe_exec


class ScriptsAreOff(frappe.ValidationError):
	"""Server scripts are switched off on this bench."""


def run(robot, doc, params: dict, run) -> list[str]:
	if not is_safe_exec_enabled():
		frappe.throw(
			_("Server scripts are switched off on this bench: the robot cannot run its script."),
			ScriptsAreOff,
		)
	script = frappe.get_doc("Server Script", params["server_script"])
	if script.disabled or script.script_type != "API":
		frappe.throw(
			_("The server script {0} is disabled or not of type API.").format(script.name), ScriptsAreOff
		)
	variables = {"doctype": doc.doctype, "name": doc.name, "robot": robot.name, "made": None}
	safe_exec(script.script, None, variables, script_filename=script.name)
	return [cstr(variables["made"] or script.name)]
