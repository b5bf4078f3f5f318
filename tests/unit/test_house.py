"""The rules of the house, held by reading the code: no Frappe is needed and none is imported."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "apps/auto_dealer/auto_dealer"
DESK = PACKAGE / "auto_dealer"

FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "lib"}
MOST_CONTROLLER_LINES = 200
MOST_SCRIPT_LINES = 400
MOST_IGNORED_PERMISSIONS = 90

# Packages beside the desk wing that are no domains: what a controller may use of them does not count as a domain.
NO_DOMAINS = {"auto_dealer", "setup", "locale", "public", "templates", "www", "patches", "demo"}
CLOCKS = {"now", "today", "utcnow", "now_datetime", "nowdate", "nowtime", "perf_counter", "monotonic"}

# Where a transaction may be ended by hand, and why.
MAY_COMMIT = {
	"clients/tasks.py": "a job runner: each batch is a transaction",
	"patches/": "a patch",
	"demo/": "fills a demo site in batches",
	"setup/company.py": "completes the set-up wizard, which Frappe commits step by step",
	"appraisal/vin_jobs.py": "a job runner: no lock is held while a service is asked",
	"retention/plan_cars.py": "a job runner: each batch of cars is a transaction",
	"retention/sold_cars.py": "a job runner: each deal is a transaction",
	"retention/run_night.py": "a job runner: each car is a transaction",
	"retention/birthdays.py": "a job runner: each client is a transaction",
	"credit/bank_jobs.py": "a job runner: no lock is held while a bank is asked",
	"channels/broken_body.py": "after the request: Frappe has rolled back and ends nothing more",
	"channels/tasks.py": "a job runner: each event is a transaction",
	"channels/process_event.py": "a job runner: each event is a transaction",
	"channels/outbox.py": "a job runner: each message is a transaction",
	"robots/drain.py": "a job runner: each task is a transaction",
	"robots/plan_standing.py": "after the commit of a robot, where no queue takes the job",
	"robots/tasks.py": "the minute job and the nightly one: each step is a transaction",
	"integrations/bitrix24/": "a job runner: each batch is a transaction",
}

# Functions whose first statement is not a permission check, and who checks instead.
CHECKED_OTHERWISE = {
	"channels.api.intake": "a stranger's door: channels.intake checks the channel's token",
	"documents.public_page.get_document": "a stranger's door: the secret of the link is checked",
	"portal.api.drop_estimate_photo": "a stranger's door: the secret of the draft is checked",
	"portal.api.get_estimate_state": "a stranger's door: the secret of the draft is checked",
	"portal.api.put_estimate_photo": "a stranger's door: the secret of the draft is checked",
	"portal.api.send_estimate": "a stranger's door: the secret of the draft is checked",
	"portal.booking_api.book_visit": "a stranger's door: what is open to clients, limited by address and phone",
	"portal.booking_api.cancel_visit": "a stranger's door: the secret of the link is checked",
	"portal.booking_api.confirm_visit": "a stranger's door: the secret of the link is checked",
	"portal.booking_api.get_free_times": "a stranger's door: tells what the dealer offers online",
	"portal.booking_api.get_models": "a stranger's door: tells the list of makes and models",
	"portal.booking_api.get_times_to_move": "a stranger's door: the secret of the link is checked",
	"portal.booking_api.move_visit": "a stranger's door: the secret of the link is checked",
	"portal.order_api.answer_estimate": "a stranger's door: the secret of the link is checked",
	"portal.order_api.ask_question": "a stranger's door: the secret of the link is checked",
	"portal.order_api.get_order_version": "a stranger's door: the secret of the link is checked",
	"notices.answer_page.get_page": "a stranger's door: the secret of the link is checked",
	"notices.answer_page.post_answer": "a stranger's door: the secret of the link is checked",
	"permissions.closed_leaks.get_count": "asks has_permission for our DocTypes, hands the others on",
	"permissions.closed_leaks.get_link_title": "asks has_permission for our DocTypes, hands the others on",
	"permissions.closed_leaks.get_group_by_count": "asks has_permission for our DocTypes, hands the others on",
	"permissions.closed_leaks.get_tagged_docs": "asks has_permission for our DocTypes, hands the others on",
	"permissions.closed_leaks.get_assignments": "asks has_permission for our DocTypes, hands the others on",
	"permissions.closed_leaks.follow_document": "asks has_permission for our DocTypes, hands the others on",
	"permissions.closed_leaks.update_follow": "asks has_permission for our DocTypes, hands the others on",
	"permissions.closed_leaks.global_search": "drops what the user may not read from Frappe's answer",
}
PERMISSION_CHECKS = {"has_permission", "check_permission", "only_for", "check_read", "check_write"}
READING_VERBS = (
	*("get_", "search", "quick_search", "list_", "find_", "possible_", "preview", "merge_preview", "count_"),
	*("global_search", "check_", "client_history"),
	*("new_unsorted", "my_overdue", "won_this_month", "average_first_response", "enquiry_summary"),
)
# Reading functions whose names are nouns: the desk calls number cards so.
READING_MODULES = ("sales.dashboard.",)

# SQL whose text is put together from our own constants and from conditions that are escaped where they are made.
BUILT_SQL = {
	"booking/days.py": "as many placeholders as days",
	"booking/holds.py": "as many placeholders as holds",
	"clients/client_keys.py": "as many placeholders as keys",
	"clients/find_active_deal.py": "columns and field names of our own, values as parameters",
	"clients/search_index.py": "as many placeholders as words, values as parameters",
	"clients/quick_search.py": "names of our DocTypes and the escaped conditions of the row rights",
	"permissions/bookings.py": "conditions of permissions.conditions, every value escaped there",
	"payments/ledger.py": "the name of our own link field and a locking clause, values as parameters",
	"permissions/conditions.py": "every value escaped",
	"permissions/related.py": "conditions of permissions.conditions, every value escaped there",
	"permissions/work_orders.py": "every value escaped",
	"integrations/bitrix24/bulk_insert.py": "names of columns from the DocType's own fields",
	"integrations/bitrix24/lead_of_deal.py": "a constant part repeated for each row, values as parameters",
	"processes/board.py": "a constant query and the escaped conditions of the row rights",
	"robots/replay.py": "columns of our own log, values as parameters",
	"robots/sweep.py": "document type and date field as checked when the robot was saved, values as parameters",
	"pipelines/": "names of our own DocTypes and constants, values as parameters",
	"sales/numbering.py": "the name of our own sequence",
	"sales/link_check.py": "names of DocTypes from our own link fields, values as parameters",
}

# Names that ERPNext, HRMS, Frappe CRM or Frappe have; the site test compares with what is installed.
TAKEN_NAMES = {
	*(
		"Lead",
		"Opportunity",
		"Prospect",
		"Customer",
		"Contact",
		"Contract",
		"Appointment",
		"Quotation",
		"Campaign",
	),
	*(
		"Work Order",
		"Job Card",
		"Vehicle",
		"Vehicle Log",
		"Vehicle Service",
		"Appraisal",
		"Delivery Trip",
		"Driver",
	),
	*(
		"Competitor",
		"Sales Stage",
		"Lost Reason Detail",
		"Opportunity Lost Reason",
		"Quotation Lost Reason",
		"Workflow",
	),
	*(
		"CRM Deal",
		"CRM Lead",
		"CRM Deal Status",
		"CRM Lead Status",
		"CRM Lost Reason",
		"CRM Settings",
		"CRM Task",
	),
	*("CRM Call Log", "CRM Organization", "CRM Territory", "CRM Lead Source", "CRM Communication Status"),
	*(
		"Department",
		"Designation",
		"Employee",
		"Shift Type",
		"Shift Assignment",
		"Leave Type",
		"Skill",
		"Training Event",
	),
	*(
		"Item",
		"Serial No",
		"Brand",
		"Project",
		"Task",
		"Issue",
		"Warranty Claim",
		"Maintenance Schedule",
		"Supplier",
	),
	*(
		"Lead Source",
		"Market Segment",
		"Industry Type",
		"Sales Person",
		"Territory",
		"UTM Source",
		"Channel",
		"File",
	),
	*(
		"User",
		"Role",
		"Report",
		"Event",
		"ToDo",
		"Note",
		"Communication",
		"Comment",
		"Version",
		"Kanban Board",
		"Tag",
	),
}
# DocTypes of others that our links point at.
FOREIGN_DOCTYPES = {
	*(
		"Company",
		"Contact",
		"Country",
		"Currency",
		"Customer",
		"Department",
		"DocType",
		"Item",
		"Role",
		"Serial No",
		"Server Script",
	),
	*("Email Template", "Employee", "Holiday List", "Print Format", "ToDo", "User"),
	*("Payment Request", "Sales Order"),
	*(
		"Material Request",
		"Payment Request",
		"Price List",
		"Sales Order",
		"Sales Invoice",
		"Sales Taxes and Charges Template",
		"Supplier",
		"UOM",
	),
	"Warehouse",
}


# -- reading ---------------------------------------------------------------------------------------


@cache
def modules() -> dict[str, ast.Module]:
	"""Every Python file of the app by its path within the package."""
	files = sorted(path for path in PACKAGE.rglob("*.py") if "node_modules" not in path.parts)
	return {str(path.relative_to(PACKAGE)): ast.parse(path.read_text(), str(path)) for path in files}


@cache
def doctypes() -> dict[str, dict]:
	"""Every DocType of the app by name."""
	found = [json.loads(path.read_text()) for path in sorted(DESK.glob("doctype/*/*.json"))]
	return {doctype["name"]: doctype for doctype in found if doctype.get("doctype") == "DocType"}


def imports(tree: ast.AST) -> Iterator[str]:
	"""Dotted names of all that is imported anywhere in the file."""
	for node in ast.walk(tree):
		if isinstance(node, ast.Import):
			yield from (alias.name for alias in node.names)
		elif isinstance(node, ast.ImportFrom):
			assert not node.level, f"relative import at line {node.lineno}"
			yield from (f"{node.module}.{alias.name}" for alias in node.names)


def called_name(call: ast.Call) -> str:
	"""`frappe.db.sql(…)` gives "frappe.db.sql"."""
	return ast.unparse(call.func)


def calls(tree: ast.AST) -> Iterator[ast.Call]:
	return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def is_rules(path: str) -> bool:
	return "rules" in Path(path).parts[:-1]


def is_desk(path: str) -> bool:
	return path.startswith("auto_dealer/")


def controllers() -> dict[str, ast.Module]:
	return {
		path: tree for path, tree in modules().items() if re.match(r"auto_dealer/doctype/(\w+)/\1\.py$", path)
	}


def domain_of(name: str) -> str | None:
	"""`auto_dealer.sales.errors` is of the domain `sales`; None for what is of no domain."""
	parts = name.split(".")
	is_ours = len(parts) > 1 and parts[0] == "auto_dealer" and (PACKAGE / parts[1]).is_dir()
	return parts[1] if is_ours and parts[1] not in NO_DOMAINS else None


def whitelisted() -> Iterator[tuple[str, ast.FunctionDef, ast.Call | ast.expr]]:
	"""(dotted name, function, its decorator) of everything a browser may call."""
	for path, tree in modules().items():
		for node in ast.walk(tree):
			if not isinstance(node, ast.FunctionDef):
				continue
			for decorator in node.decorator_list:
				target = decorator.func if isinstance(decorator, ast.Call) else decorator
				if ast.unparse(target) in ("frappe.whitelist", "whitelist"):
					yield f"{path.removesuffix('.py').replace('/', '.')}.{node.name}", node, decorator


# -- arrows ----------------------------------------------------------------------------------------


def test_there_is_something_to_read():
	assert len(modules()) > 50
	assert len(doctypes()) > 20
	assert any(is_rules(path) and len(tree.body) > 1 for path, tree in modules().items())


def test_rules_know_neither_frappe_nor_the_clock():
	wrong = []
	for path, tree in modules().items():
		if not is_rules(path):
			continue
		wrong += [f"{path}: {name}" for name in imports(tree) if name.split(".")[0] in ("frappe", "erpnext")]
		wrong += [
			f"{path}:{call.lineno}: {called_name(call)}"
			for call in calls(tree)
			if called_name(call).split(".")[-1] in CLOCKS or called_name(call) == "time.time"
		]
	assert wrong == []


def test_rules_import_only_rules():
	wrong = [
		f"{path}: {name}"
		for path, tree in modules().items()
		if is_rules(path)
		for name in imports(tree)
		if name.startswith("auto_dealer.") and ".rules." not in f"{name}."
	]
	assert wrong == []


def test_nothing_imports_from_the_desk_wing():
	wrong = [
		f"{path}: {name}"
		for path, tree in modules().items()
		if not is_desk(path)
		for name in imports(tree)
		if name.startswith("auto_dealer.auto_dealer")
	]
	assert wrong == []


def test_a_controller_uses_one_domain():
	wrong = {}
	for path, tree in controllers().items():
		domains = {domain for name in imports(tree) if (domain := domain_of(name))}
		if len(domains) > 1:
			wrong[path] = sorted(domains)
	assert wrong == {}


# -- size and names --------------------------------------------------------------------------------


def test_init_files_hold_no_code():
	wrong = [
		path
		for path, tree in modules().items()
		if path.endswith("__init__.py")
		for node in tree.body
		if not (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__version__")
		and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
	]
	assert wrong == []


def test_no_file_is_named_after_nothing():
	wrong = [
		path
		for path in modules()
		if FORBIDDEN_NAMES & {part.removesuffix(".py") for part in Path(path).parts}
	]
	assert wrong == []


def test_controllers_are_short():
	long = {
		path: lines
		for path in controllers()
		if (lines := count_lines(PACKAGE / path)) > MOST_CONTROLLER_LINES
	}
	assert long == {}


def test_scripts_are_short():
	scripts = [path for path in PACKAGE.rglob("*.js") if not {"dist", "node_modules"} & set(path.parts)]
	assert {str(path): n for path in scripts if (n := count_lines(path)) > MOST_SCRIPT_LINES} == {}


def count_lines(path: Path) -> int:
	return len(path.read_text().splitlines())


# -- what a browser may call -----------------------------------------------------------------------


def test_whitelisted_functions_are_typed_and_documented():
	wrong = []
	for name, function, _decorator in whitelisted():
		arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
		untyped = [a.arg for a in arguments if not a.annotation and a.arg not in ("self", "cls")]
		wrong += [f"{name}: argument {argument} has no type" for argument in untyped]
		wrong += [f"{name}: **kwargs" for extra in (function.args.kwarg,) if extra and not extra.annotation]
		if function.returns is None:
			wrong.append(f"{name}: no return type")
		if not ast.get_docstring(function):
			wrong.append(f"{name}: no docstring")
	assert wrong == []


def test_writing_functions_take_post_only():
	wrong = []
	for name, function, decorator in whitelisted():
		methods = next((k.value for k in getattr(decorator, "keywords", []) if k.arg == "methods"), None)
		posts = methods is not None and ast.literal_eval(methods) == ["POST"]
		reads = function.name.startswith(READING_VERBS) or name.startswith(READING_MODULES)
		if not posts and not reads:
			wrong.append(name)
	assert wrong == []


def test_whitelisted_functions_check_permissions_first():
	wrong = [
		name
		for name, function, _decorator in whitelisted()
		if name not in CHECKED_OTHERWISE and not checks_first(function)
	]
	assert wrong == []


def test_the_list_of_functions_checked_otherwise_is_not_stale():
	names = {name for name, _function, _decorator in whitelisted()}
	assert sorted(set(CHECKED_OTHERWISE) - names) == []


def checks_first(function: ast.FunctionDef) -> bool:
	"""Whether one of the first two statements asks for a permission (a first one may fetch the document)."""
	body = function.body[1:] if ast.get_docstring(function) else function.body
	names = {called_name(call).split(".")[-1] for statement in body[:2] for call in calls(statement)}
	return bool(names & PERMISSION_CHECKS) or any(name.endswith("_permission") for name in names)


# -- the database ----------------------------------------------------------------------------------


def test_ignored_permissions_have_a_reason():
	wrong, total = [], 0
	for path in modules():
		lines = (PACKAGE / path).read_text().splitlines()
		for number, line in enumerate(lines):
			if not re.search(r"ignore_permissions\s*=\s*(True|1)\b", line) or line.lstrip().startswith(
				("#", '"""')
			):
				continue
			total += 1
			if not lines[number - 1].strip().startswith("#"):
				wrong.append(f"{path}:{number + 1}")
	assert wrong == []
	assert total <= MOST_IGNORED_PERMISSIONS


def test_transactions_are_ended_by_their_runners():
	wrong = [
		f"{path}:{call.lineno}"
		for path, tree in modules().items()
		if not path.startswith(tuple(MAY_COMMIT))
		for call in calls(tree)
		if called_name(call) == "frappe.db.commit"
	]
	assert wrong == []


def test_sql_is_not_built_from_strings():
	wrong = [
		f"{path}:{call.lineno}"
		for path, tree in modules().items()
		if not path.startswith(tuple(BUILT_SQL))
		for call in calls(tree)
		if called_name(call) in ("frappe.db.sql", "frappe.db.multisql", "frappe.db.sql_list") and call.args
		if is_built(call.args[0])
	]
	assert wrong == []


def is_built(text: ast.expr) -> bool:
	"""An f-string with values, `%`, `+` or `.format` where SQL is expected."""
	if isinstance(text, ast.JoinedStr):
		return any(isinstance(part, ast.FormattedValue) for part in text.values)
	return isinstance(text, ast.BinOp) or (
		isinstance(text, ast.Call) and called_name(text).endswith(".format")
	)


# -- translation and hooks -------------------------------------------------------------------------


def test_nothing_is_translated_at_import():
	wrong = []
	for path, tree in modules().items():
		for call in calls_at_import(tree):
			if called_name(call) in ("_", "frappe._"):
				wrong.append(f"{path}:{call.lineno}")
	assert wrong == []


def calls_at_import(tree: ast.AST) -> Iterator[ast.Call]:
	"""Calls that run when the module is loaded: outside functions and lambdas."""
	for node in ast.iter_child_nodes(tree):
		if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
			yield from (call for part in (*getattr(node, "decorator_list", ()),) for call in calls(part))
			continue
		if isinstance(node, ast.Call):
			yield node
		yield from calls_at_import(node)


def hooks() -> dict[str, object]:
	tree = modules()["hooks.py"]
	assert all(
		isinstance(node, ast.Assign) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
		for node in tree.body
	), "hooks.py is data only"
	return {
		ast.unparse(node.targets[0]): ast.literal_eval(node.value)
		for node in tree.body
		if isinstance(node, ast.Assign)
	}


def dotted_paths(value: object) -> Iterator[str]:
	if isinstance(value, str):
		if re.fullmatch(r"auto_dealer(\.\w+)+", value) and not value.endswith((".bundle.js", ".bundle.css")):
			yield value
	elif isinstance(value, dict):
		for part in value.values():
			yield from dotted_paths(part)
	elif isinstance(value, list | tuple):
		for part in value:
			yield from dotted_paths(part)


@pytest.mark.parametrize("dotted", sorted(set(dotted_paths(hooks()))))
def test_hook_paths_lead_to_functions(dotted: str):
	module, function = dotted.removeprefix("auto_dealer.").rsplit(".", 1)
	tree = modules().get(f"{module.replace('.', '/')}.py")
	assert tree, f"no module {module}"
	names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
	names |= {ast.unparse(node.targets[0]) for node in tree.body if isinstance(node, ast.Assign)}
	assert function in names


def test_hooks_are_sorted_data():
	for name, value in hooks().items():
		if isinstance(value, dict) and name != "scheduler_events":
			assert list(value) == sorted(value), f"{name} is not sorted"


def test_patches_exist():
	lines = [line.split("#")[0].strip() for line in (PACKAGE / "patches.txt").read_text().splitlines()]
	paths = [line.split()[0] for line in lines if line and not line.startswith("[")]
	missing = [p for p in paths if f"{p.removeprefix('auto_dealer.').replace('.', '/')}.py" not in modules()]
	assert missing == []


# -- DocTypes --------------------------------------------------------------------------------------


def test_doctype_names_are_free():
	assert sorted(set(doctypes()) & TAKEN_NAMES) == []


@pytest.mark.parametrize("name", sorted(doctypes()))
def test_doctype_is_whole(name: str):
	doctype = doctypes()[name]
	folder = name.lower().replace(" ", "_").replace("-", "_")
	fields = [field["fieldname"] for field in doctype["fields"]]
	assert doctype["module"] == "Auto Dealer"
	assert (DESK / "doctype" / folder / f"{folder}.json").exists()
	assert (DESK / "doctype" / folder / f"{folder}.py").exists()
	assert len(fields) == len(set(fields)), "a field name twice"
	assert sorted(doctype.get("field_order", fields)) == sorted(fields)
	for field in doctype["fields"]:
		assert field.get("label") or field["fieldtype"] in (
			"Column Break",
			"Section Break",
			"Tab Break",
			"HTML",
		), field
		if field["fieldtype"] in ("Link", "Table", "Table MultiSelect"):
			assert field["options"] in doctypes() or field["options"] in FOREIGN_DOCTYPES, field
		if field["fieldtype"] in ("Table", "Table MultiSelect"):
			assert doctypes()[field["options"]].get("istable"), field


@pytest.mark.parametrize("name", sorted(doctypes()))
def test_rights_of_doctype_make_sense(name: str):
	doctype = doctypes()[name]
	rows = [(row["role"], row.get("permlevel", 0)) for row in doctype["permissions"]]
	assert len(rows) == len(set(rows)), "a role twice"
	assert not {"All", "Guest", "Desk User"} & {role for role, _level in rows}
	for row in doctype["permissions"]:
		assert row.get("read"), f"{row['role']} may write what it may not read"
		assert not row.get("import") or doctype.get("allow_import"), (
			f"{row['role']}: import is not switched on"
		)
		assert not row.get("import") or row.get("create"), row["role"]
	if doctype.get("istable"):
		assert rows == []


@pytest.mark.requirement("R3")
@pytest.mark.parametrize(
	"name", ["Auto Lead", "Auto Deal", "Inbound Event", "Deal Stage Log", "Client Merge", "Dealer Contract"]
)
def test_only_the_portal_administrator_deletes(name: str):
	deleting = {row["role"] for row in doctypes()[name]["permissions"] if row.get("delete")}
	assert deleting <= {"Dealer Portal Administrator"}
	assert not doctypes()[name].get("allow_rename")
	for row in doctypes()[name]["permissions"]:
		assert not row.get("cancel")


@pytest.mark.requirement("R149")
def test_managers_take_no_data_out():
	takers = {
		(name, row["role"])
		for name, doctype in doctypes().items()
		for row in doctype["permissions"]
		if row.get("export")
		and row["role"]
		in ("Dealer Sales Manager", "Dealer Service Advisor", "Dealer Credit Specialist", "Dealer Appraiser")
	}
	assert takers == set()


def test_nobody_lists_the_search_keys():
	assert doctypes()["Client Key"]["permissions"] == []
	assert doctypes()["Client Search Token"]["permissions"] == []
