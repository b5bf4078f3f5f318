"""Every string of the app that a user may see, and the catalogues that hold their translations.

Frappe's own `bench generate-pot-file` needs a bench and knows nothing of our seed data (stage and pipeline names,
reasons, kinds) nor of role names and custom fields. This one reads the source alone, needs only babel, and is
both what the unit test compares `ru.po` with and the developer's command:

    python tests/unit/translation_strings.py            # update main.pot and ru.po, keep what is translated
    python tests/unit/translation_strings.py --missing  # list what has no Russian text yet

A DocType's label or option may have a second entry in `ru.po` with the DocType's name as context: the desk looks
for that one first (`__(label, null, doctype)`), so that a word which ERPNext translates otherwise is left to it.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "apps" / "auto_dealer" / "auto_dealer"
LOCALE = PACKAGE / "locale"
POT = LOCALE / "main.pot"

PYTHON_KEYWORDS = {"_", "_lt"}
# Wordless messages ("{0}: {1}", "—") need no translation.
HAS_WORD = re.compile(r"[^\W\d_]")
PLACEHOLDER = re.compile(r"\{(?:\d+|[a-z_]+)?\}|%\(\w+\)s|%[sd]")
SCRIPT_CALL = re.compile(r"(?<![\w$.])__\(\s*(?=[\"'`])")
TEMPLATE_CALL = re.compile(r"(?<![\w$.])_{1,2}\(\s*(?=[\"'`])")
SCRIPT_STRING = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`", re.DOTALL)
ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\n|.)", re.DOTALL)
ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "\n": ""}
# Texts of seed data that a user reads; makes and models (setup/seed_data/makes.json) bear the names of their makers.
SEED_KEYS = {
	"name", "label", "title", "description", "subject", "message", "condition_message", "next_step",
	"pipeline_name", "stage_name", "type_name", "kind_name", "product_name", "reason_name", "channel_name", "department_name",
}  # fmt: skip
SEED_NAMES_LEFT_ALONE = {"makes.json", "models.json", "vehicle_makes.json", "vehicle_models.json"}
# Constants that hold names which a user sees: a text, elements of tuples, keys of dictionaries.
SHIPPED_CONSTANTS = {
	"ROLES",
	"SERVICE_GROUPS",
	"SERVICE_SKILLS",
	"OBJECT_KINDS",
	"CLIENT_KINDS",
	"LOST_REASON",
}
DESK_KEYS = {
	"Page": ("title",),
	"Report": ("report_name",),
	"Number Card": ("label",),
	"Dashboard Chart": ("chart_name",),
	"Dashboard": ("dashboard_name",),
	"Print Format": ("name",),
	"Web Form": ("title", "introduction_text", "success_title", "success_message", "button_label"),
	"Workflow": (),
	"Workspace": ("label",),
}
DOCTYPE_PARTS = (("links", "group"), ("links", "link_doctype"), ("actions", "label"), ("states", "title"))
WORKFLOW_PARTS = (("states", "state"), ("transitions", "action"))
FIELD_PARTS = {"Web Form": ("web_form_fields",), "Report": ("columns", "filters")}
WORKSPACE_PARTS = {
	"charts": ("label",),
	"number_cards": ("label",),
	"links": ("label", "description"),
	"shortcuts": ("label", "format"),
	"quick_lists": ("label",),
}


@dataclass(frozen=True, order=True)
class Text:
	"""One translatable string: where it stands and, for a contextual one, its context."""

	message: str
	context: str | None
	path: str
	comment: str = ""


def find_texts(package: Path = PACKAGE) -> list[Text]:
	"""All texts of the app in the order of their files."""
	found: list[Text] = []
	for path in sorted(package.rglob("*")):
		relative = path.relative_to(package)
		if not path.is_file() or "dist" in relative.parts or "locale" in relative.parts:
			continue
		name = f"auto_dealer/{relative.as_posix()}"
		found.extend(text for text in find_in_file(path, name) if HAS_WORD.search(text.message))
	return found


def find_in_file(path: Path, name: str) -> Iterator[Text]:
	source = path.read_text(encoding="utf-8") if path.suffix in {".py", ".js", ".html", ".json"} else ""
	if not source:
		return
	if path.suffix == ".py":
		yield from find_in_python(source, name)
	elif path.suffix == ".js":
		yield from find_in_script(source, name, SCRIPT_CALL)
	elif path.suffix == ".html":
		yield from find_in_script(source, name, TEMPLATE_CALL)
	else:
		yield from find_in_json(json.loads(source), name)


# --- Python


def find_in_python(source: str, name: str) -> Iterator[Text]:
	"""`_()` and `_lt()` calls, constants with names of shipped data; in setup/ also the declared custom fields."""
	tree = ast.parse(source)
	for node in ast.walk(tree):
		if isinstance(node, ast.Call) and called_name(node) in PYTHON_KEYWORDS and node.args:
			yield from find_in_call(node, name)
		if isinstance(node, ast.Assign):
			yield from find_in_constant(node, name)
		elif "/setup/" in name:
			yield from find_in_declaration(node, name)


def called_name(node: ast.Call) -> str:
	return getattr(node.func, "id", None) or getattr(node.func, "attr", "")


def find_in_call(node: ast.Call, name: str) -> Iterator[Text]:
	message = node.args[0]
	if not (isinstance(message, ast.Constant) and isinstance(message.value, str)):
		return
	contexts = [
		k.value.value for k in node.keywords if k.arg == "context" and isinstance(k.value, ast.Constant)
	]
	# frappe._ looks a text up with the spaces at its ends cut off
	yield Text(message.value.strip(), contexts[0] if contexts else None, name)


def find_in_declaration(node: ast.AST, name: str) -> Iterator[Text]:
	"""A custom field written as a dictionary or as dict(…)."""
	values: dict = {}
	if isinstance(node, ast.Dict):
		keys = [getattr(key, "value", None) for key in node.keys]
		values = dict(zip(keys, node.values, strict=True))
	elif isinstance(node, ast.Call) and called_name(node) == "dict":
		values = {keyword.arg: keyword.value for keyword in node.keywords}
	if "fieldname" in values:
		field = {key: value.value for key, value in values.items() if isinstance(value, ast.Constant)}
		yield from find_in_field(field, "custom field", name)


def find_in_constant(node: ast.Assign, name: str) -> Iterator[Text]:
	if getattr(node.targets[0], "id", "") not in SHIPPED_CONSTANTS:
		return
	value = node.value
	shipped = value.keys if isinstance(value, ast.Dict) else getattr(value, "elts", [value])
	for element in shipped:
		if isinstance(element, ast.Constant) and isinstance(element.value, str):
			yield Text(element.value, None, name, "Shipped data")


# --- JavaScript and templates


def find_in_script(source: str, name: str, call: re.Pattern) -> Iterator[Text]:
	"""`__("…" + "…", […], "context")`; in templates `_("…", context="…")` as well."""
	for match in call.finditer(source):
		message, position = read_concatenation(source, match.end())
		if message:
			yield Text(message, read_context(source, position), name)


def read_concatenation(source: str, position: int) -> tuple[str, int]:
	parts = []
	while string := SCRIPT_STRING.match(source, position):
		parts.append(unquote(string.group()))
		position = string.end()
		plus = re.compile(r"\s*\+\s*").match(source, position)
		if not plus:
			break
		position = plus.end()
	return "".join(parts), position


def unquote(literal: str) -> str:
	def decode(match: re.Match) -> str:
		code = match.group(1)
		return chr(int(code[1:], 16)) if code[0] in "ux" and len(code) > 1 else ESCAPED.get(code, code)

	return ESCAPE.sub(decode, literal[1:-1])


def read_context(source: str, position: int) -> str | None:
	"""The third argument when it is a string, or `context="…"`; None otherwise."""
	depth, argument, start = 0, 0, position
	while position < len(source):
		string = SCRIPT_STRING.match(source, position)
		if string:
			inside = source[start:position].strip()
			if depth == 0 and ((argument == 2 and not inside) or inside == "context="):
				return unquote(string.group())
			position = string.end()
			continue
		character = source[position]
		if character in "([{":
			depth += 1
		elif character in ")]}":
			if depth == 0:
				return None
			depth -= 1
		elif character == "," and depth == 0:
			argument, start = argument + 1, position + 1
		position += 1
	return None


# --- JSON: DocTypes, desk documents, seed data


def find_in_json(data: object, name: str) -> Iterator[Text]:
	if "/seed_data/" in name:
		if name.rsplit("/", 1)[-1] not in SEED_NAMES_LEFT_ALONE:
			yield from find_in_seed(data, name)
	elif isinstance(data, dict) and data.get("doctype") == "DocType":
		yield from find_in_doctype(data, name)
	elif isinstance(data, dict) and data.get("doctype") in DESK_KEYS:
		yield from find_in_desk_document(data, name)


def find_in_seed(data: object, name: str) -> Iterator[Text]:
	if isinstance(data, dict):
		for key, value in data.items():
			if key in SEED_KEYS and isinstance(value, str):
				yield Text(value, None, name, f"Shipped data: {key}")
			elif not isinstance(value, str):
				yield from find_in_seed(value, name)
	elif isinstance(data, list):
		for value in data:
			if isinstance(value, str):
				yield Text(value, None, name, "Shipped data")
			else:
				yield from find_in_seed(value, name)


def find_in_doctype(data: dict, name: str) -> Iterator[Text]:
	doctype = data["name"]
	yield Text(doctype, None, name, "Name of a DocType")
	if data.get("description"):
		yield Text(data["description"], None, name, f"Description of DocType '{doctype}'")
	for field in data.get("fields", []):
		yield from find_in_field(field, f"DocType '{doctype}'", name)
	for part, key in DOCTYPE_PARTS:
		for row in data.get(part, []):
			if row.get(key):
				yield Text(row[key], None, name, f"{part.capitalize()} of DocType '{doctype}'")
	for permission in data.get("permissions", []):
		# The other roles are Frappe's and ERPNext's to translate.
		if permission.get("role", "").startswith("Dealer "):
			yield Text(permission["role"], None, name, "Name of a role")


def find_in_field(field: dict, owner: str, name: str) -> Iterator[Text]:
	kind, label = field.get("fieldtype"), field.get("label") or field.get("fieldname")
	if field.get("label"):
		yield Text(field["label"], None, name, f"Label of a {kind} field in {owner}")
	if field.get("description"):
		yield Text(field["description"], None, name, f"Description of '{label}' in {owner}")
	if kind == "Select":
		for option in (field.get("options") or "").split("\n"):
			if option and not option.isdigit():
				yield Text(option, None, name, f"Option of '{label}' in {owner}")


def find_in_desk_document(data: dict, name: str) -> Iterator[Text]:
	doctype = data["doctype"]
	for key in DESK_KEYS[doctype]:
		if data.get(key):
			yield Text(data[key], None, name, f"{key} of a {doctype}")
	if doctype == "Workspace":
		yield from find_in_workspace(data, name)
	for part, key in WORKFLOW_PARTS if doctype == "Workflow" else ():
		for row in data[part]:
			yield Text(row[key], None, name, f"{key.capitalize()} of a Workflow")
	for part in FIELD_PARTS.get(doctype, ()):
		for field in data.get(part, []):
			yield from find_in_field(field, f"{doctype} '{data['name']}'", name)


def find_in_workspace(data: dict, name: str) -> Iterator[Text]:
	for part, keys in WORKSPACE_PARTS.items():
		for row in data.get(part, []):
			for key in keys:
				if row.get(key):
					yield Text(row[key], None, name, f"Workspace: {part}")
	for block in json.loads(data.get("content") or "[]"):
		text = block.get("data", {}).get("text")
		if text and block.get("type") in {"header", "paragraph"}:
			yield Text(text, None, name, f"Workspace: {block['type']}")


# --- catalogues


def make_catalogue(texts: list[Text], locale: str | None = None) -> Catalog:
	"""A catalogue without dates, so that it changes only when a text does."""
	catalogue = Catalog(locale=locale, project="Auto Dealer", charset="utf-8", fuzzy=False)
	for text in texts:
		comments = [text.comment] if text.comment else []
		catalogue.add(text.message, locations=[(text.path, 0)], auto_comments=comments, context=text.context)
	return catalogue


def doctypes_of(texts: list[Text]) -> dict[str, set[str]]:
	"""For each text the DocTypes in which it is a label or an option: the contexts its second entries may have."""
	owners: dict[str, set[str]] = {}
	for text in texts:
		owner = re.search(r"in DocType '([^']+)'", text.comment)
		if owner:
			owners.setdefault(text.message, set()).add(owner.group(1))
		if text.comment.startswith("Shipped data"):
			owners.setdefault(text.message, set()).update({"Auto Deal", "Deal Stage", "Deal Pipeline"})
	return owners


def read_catalogue(path: Path) -> Catalog:
	with path.open("rb") as file:
		return read_po(file)


def po_path(language: str) -> Path:
	return LOCALE / f"{language}.po"


def update_catalogues(language: str = "ru") -> None:
	"""Writes main.pot and the language's file; translations of texts that still exist are kept."""
	texts = find_texts()
	write_catalogue(make_catalogue(texts), POT)
	catalogue = make_catalogue(texts, language)
	owners = doctypes_of(texts)
	if po_path(language).exists():
		for old in read_catalogue(po_path(language)):
			if not old.id or not old.string:
				continue
			new = catalogue.get(old.id, old.context)
			if new is None and old.context in owners.get(old.id, ()):
				new = catalogue.add(old.id, context=old.context)
			if new is not None:
				new.string = old.string
	write_catalogue(catalogue, po_path(language))


def write_catalogue(catalogue: Catalog, path: Path) -> None:
	path.parent.mkdir(parents=True, exist_ok=True)
	with path.open("wb") as file:
		write_po(file, catalogue, sort_output=True, width=None, omit_header=True, include_lineno=False)
	header = 'msgid ""\nmsgstr ""\n"Project-Id-Version: Auto Dealer\\n"\n'
	if catalogue.locale:
		header += f'"Language: {catalogue.locale}\\n"\n"Plural-Forms: {catalogue.plural_forms}\\n"\n'
	header += '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
	header += '"Content-Transfer-Encoding: 8bit\\n"\n\n'
	path.write_text(header + path.read_text(encoding="utf-8").rstrip("\n") + "\n", encoding="utf-8")


def placeholders(text: str) -> list[str]:
	return sorted(PLACEHOLDER.findall(text))


def find_missing(language: str = "ru") -> list[Text]:
	"""Texts without a finished translation in the language, each once."""
	catalogue = read_catalogue(po_path(language)) if po_path(language).exists() else Catalog(locale=language)
	missing = {}
	for text in find_texts():
		entry = catalogue.get(text.message, text.context)
		if entry is None or not entry.string or entry.fuzzy:
			missing.setdefault((text.message, text.context), text)
	return list(missing.values())


def main() -> None:
	if "--missing" not in sys.argv:
		update_catalogues()
	for text in find_missing():
		context = f" [{text.context}]" if text.context else ""
		sys.stdout.write(f"{text.path}{context}: {text.message!r}\n")


if __name__ == "__main__":
	main()
