"""A Frappe Server Script (type API) for what a condition and an action cannot say.

The script finds `doctype`, `name` and `robot` in `frappe.form_dict` and says what it made in `frappe.flags.made`.
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
	form_dict, made = frappe.local.form_dict, frappe.flags.made
	frappe.local.form_dict = frappe._dict(doctype=doc.doctype, name=doc.name, robot=robot.name)
	frappe.flags.made = None
	try:
		safe_exec(script.script, script_filename=script.name)
		return [cstr(frappe.flags.made or script.name)]
	finally:
		frappe.local.form_dict, frappe.flags.made = form_dict, made
