"""The app comes onto a site, is checked for versions, and goes without leaving anything behind."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from site_fixtures import BENCH, SITE
from spare_bench import clone_source, spare_bench

import frappe

from auto_dealer.setup import version_gate
from auto_dealer.setup.custom_fields import CUSTOM_FIELDS
from auto_dealer.setup.install import after_migrate
from auto_dealer.setup.roles import FOREIGN_RIGHTS, ROLES

APP = "auto_dealer"


# -- hooks and names -------------------------------------------------------------------------------


def dotted_paths(value: object) -> Iterator[str]:
	if isinstance(value, str) and value.startswith(f"{APP}.") and not value.endswith((".js", ".css")):
		yield value
	elif isinstance(value, dict | list | tuple):
		for part in value.values() if isinstance(value, dict) else value:
			yield from dotted_paths(part)


def test_every_hook_is_a_function_that_imports():
	hooks = frappe.get_hooks(app_name=APP)
	paths = sorted(set(dotted_paths(dict(hooks))))
	assert len(paths) > 20
	for path in paths:
		assert callable(frappe.get_attr(path)), path


def test_replaced_functions_exist_and_take_the_same_arguments():
	from inspect import signature

	for old, new in frappe.get_hooks("override_whitelisted_methods", app_name=APP).items():
		ours = frappe.get_attr(new if isinstance(new, str) else new[-1])
		theirs = frappe.get_attr(old)
		missing = set(signature(theirs).parameters) - set(signature(ours).parameters)
		assert not missing, f"{old}: {missing}"
		assert ours in frappe.whitelisted, old


def test_every_module_imports():
	for path in sorted(Path(frappe.get_app_path(APP)).rglob("*.py")):
		relative = path.relative_to(frappe.get_app_path(APP)).with_suffix("")
		if "node_modules" not in relative.parts:
			import_module(".".join((APP, *relative.parts)).removesuffix(".__init__"))


def test_no_doctype_bears_a_name_that_another_app_has():
	ours = set(frappe.get_all("DocType", {"module": "Auto Dealer"}, pluck="name"))
	taken = set()
	for folder in (Path(BENCH) / "apps").iterdir():
		if folder.name == APP:
			continue
		for path in folder.glob("*/**/doctype/*/*.json"):
			if path.stem == path.parent.name:
				taken.add(json.loads(path.read_text()).get("name"))
	assert len(taken) > 500
	assert ours & taken == set()


# -- versions --------------------------------------------------------------------------------------


class TestVersionGate:
	@pytest.mark.parametrize(
		("frappe_version", "erpnext_version", "says"),
		[
			("14.9.0", "15.70.0", "needs Frappe 15.x, this bench has 14.9.0"),
			("16.0.0-dev", "15.70.0", "needs Frappe 15.x, this bench has 16.0.0-dev"),
			("15.72.4", "16.1.0", "needs ERPNext 15.x, this bench has 16.1.0"),
			("15.72.4", None, "needs ERPNext 15.x on the same site. Run: bench get-app"),
		],
	)
	def test_it_refuses_and_says_why(
		self, monkeypatch, frappe_version: str, erpnext_version: str | None, says: str
	):
		monkeypatch.setattr(frappe, "__version__", frappe_version)
		monkeypatch.setattr(version_gate, "get_erpnext_version", lambda: erpnext_version)
		with pytest.raises(version_gate.UnsupportedVersion, match=says):
			version_gate.check_versions()

	def test_it_lets_this_bench_pass(self):
		version_gate.check_versions()
		assert version_gate.get_erpnext_version()

	@pytest.mark.parametrize("hook", ["before_install", "before_migrate"])
	def test_install_and_migrate_call_it(self, monkeypatch, hook: str):
		monkeypatch.setattr(frappe, "__version__", "16.0.0")
		(function,) = frappe.get_hooks(hook, app_name=APP)
		with pytest.raises(version_gate.UnsupportedVersion):
			frappe.get_attr(function)()

	def test_erpnext_in_the_bench_but_not_on_the_site_is_missing(self, monkeypatch):
		monkeypatch.setattr(frappe, "get_installed_apps", lambda *args, **kwargs: ["frappe"])
		assert version_gate.get_erpnext_version() is None


# -- what install makes ----------------------------------------------------------------------------


def test_install_made_what_the_constants_say():
	assert set(ROLES) <= set(frappe.get_all("Role", pluck="name"))
	for doctype, fields in CUSTOM_FIELDS.items():
		for field in fields:
			assert frappe.get_meta(doctype).has_field(field["fieldname"]), field["fieldname"]
			assert field["fieldname"].startswith("dealer_")
	for doctype, rights in FOREIGN_RIGHTS.items():
		for roles in rights:
			for role in roles:
				assert frappe.db.exists("Custom DocPerm", {"parent": doctype, "role": role}), (doctype, role)


@pytest.mark.requirement("R108")
def test_a_migrate_repeats_nothing_and_undoes_no_edit(committed):
	frappe.db.delete("Custom DocPerm", {"parent": "Contact", "role": "Dealer Diagnostician"})
	frappe.db.set_value("Custom DocPerm", {"parent": "Contact", "role": "Dealer Appraiser"}, "write", 1)
	frappe.db.commit()
	before = frappe.db.sql("select name, modified from `tabCustom DocPerm` order by name")
	fields = frappe.db.sql("select name, modified from `tabCustom Field` order by name")
	after_migrate()
	assert frappe.db.sql("select name, modified from `tabCustom DocPerm` order by name") == before
	assert frappe.db.sql("select name, modified from `tabCustom Field` order by name") == fields


def test_rights_of_others_are_kept_beside_ours():
	"""The first own row on a DocType of ERPNext switches its shipped rights off; they are copied before."""
	for doctype in FOREIGN_RIGHTS:
		shipped = set(frappe.get_all("DocPerm", {"parent": doctype}, pluck="role"))
		assert shipped <= set(frappe.get_all("Custom DocPerm", {"parent": doctype}, pluck="role")), doctype


# -- uninstall, get-app, install -------------------------------------------------------------------

TRACES = """
from auto_dealer.setup.roles import ROLES
def has(doctype, field="name", **filters):
	return sorted(set(frappe.get_all(doctype, filters, pluck=field)))
ours = frappe.get_all("DocType", {"module": "Auto Dealer"}, pluck="name")
result = {
	"doctypes": ours,
	"tables": [table for table in frappe.db.get_tables(cached=False) if table in TABLES],
	"custom fields": has("Custom Field", fieldname=("like", "dealer_%")),
	"property setters": has("Property Setter", doc_type=("like", "Auto %")),
	"workflows": has("Workflow", document_type=("like", "Auto %")),
	"states": [s for s in has("Workflow State") if s in ("Vehicle Selection", "Test Drive", "Unsorted")],
	"boards": has("Kanban Board", reference_doctype=("like", "Auto %")),
	"jobs": has("Scheduled Job Type", method=("like", "auto_dealer.%")),
	"roles": has("Role", name=("in", ROLES)),
	"rights": has("Custom DocPerm", "parent", role=("like", "Dealer %")),
	"workspaces": has("Workspace", module="Auto Dealer"),
	"cards": has("Number Card", module="Auto Dealer"),
	"modules": has("Module Def", app_name="auto_dealer"),
	"sequences": frappe.db.sql(
		"select table_name from information_schema.tables where table_schema = database()"
		" and table_type = 'SEQUENCE' and table_name in ('auto_lead_id_seq', 'auto_deal_id_seq')",
		pluck=True,
	),
	"defaults": has("DefaultValue", "defkey", defkey=("like", "auto_dealer%")),
}
"""


def test_the_repository_is_taken_by_bench_installed_removed_and_installed_again(tmp_path: Path):
	"""`bench get-app file://…` into a bench beside, then uninstall and install on a copy of the test site."""
	bench = shutil.which("bench") or shutil.which("bench", path=str(Path(BENCH).parent / "tools/bin"))
	if not bench or not shutil.which("mariadb-dump"):
		pytest.skip("BENCH GET-APP WAS NOT TESTED: the bench command or mariadb-dump is not on the PATH")
	with spare_bench(tmp_path, Path(BENCH)) as spare:
		spare.run(bench, "get-app", "--skip-assets", clone_source(tmp_path))
		check_taken(spare)
		spare.copy_site(SITE)
		tables = [
			f"tab{name}"
			for name in frappe.get_all("DocType", {"module": "Auto Dealer", "issingle": 0}, pluck="name")
		]
		traces = f"TABLES = {tables!r}\n{TRACES}"
		before = spare.execute(traces)
		assert {name for name, found in before.items() if not found} == set(), before
		spare.frappe("uninstall-app", APP, "--yes", "--no-backup")
		left = spare.execute(traces)
		assert {name: found for name, found in left.items() if found} == {}
		spare.frappe("install-app", APP)
		again = spare.execute(traces)
		assert {name: set(found) for name, found in again.items()} == {
			name: set(found) for name, found in before.items()
		}


def check_taken(spare) -> None:
	"""What makes an app an app of a bench: its folder, apps.txt, and an import that leads there."""
	folder = spare.path / "apps" / APP
	assert folder.is_dir()
	assert not folder.is_symlink()
	assert (spare.path / "sites/apps.txt").read_text().split().count(APP) == 1
	code = f"import {APP}; print({APP}.__file__)"
	found = spare.run(spare.path / "env/bin/python", "-c", code, folder=Path("/")).strip()
	assert os.path.realpath(found).startswith(os.path.realpath(folder))
