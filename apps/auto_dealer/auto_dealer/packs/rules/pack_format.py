"""The file of a pack: how it is read, what is wrong with it, how it is written.

A pack is JSON of this shape; a field that has its default is left out:

	{"format": "auto_dealer.pipeline_pack", "format_version": 1, "title": "…",
	 "pipeline": {"pipeline_name": "…", …}, "stages": [{"stage_name": "…", …}, …],
	 "robots": [{"key": "…", "title": "…", …}, …], "email_templates": [{"name": "…", …}], "server_scripts": […],
	 "rights": {"roles": ["…"]}}

`rights` names the roles that stages and robots speak of, so that a reader of the file sees what a site must have.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

FORMAT = "auto_dealer.pipeline_pack"
VERSION = 1
MOST_BYTES = 5_000_000

LISTS = ("stages", "robots", "email_templates", "server_scripts")
KEYS = {"stages": "stage_name", "robots": "key", "email_templates": "name", "server_scripts": "name"}
WHOLE_NUMBERS = frozenset({"Check", "Int"})
NUMBERS = frozenset({"Float", "Percent", "Currency"})


@dataclass(frozen=True)
class FieldSpec:
	"""A field that travels in packs. `options`: the values of a Select, empty when anything goes."""

	name: str
	fieldtype: str = "Data"
	default: str | None = None
	options: tuple[str, ...] = ()

	def clean(self, value: Any) -> Any:
		"""The value in the one form in which values are compared: text is stripped, a missing one is the default."""
		if self.fieldtype in WHOLE_NUMBERS:
			return int(value or 0)
		if self.fieldtype in NUMBERS:
			return float(value or 0)
		return str(value or "").replace("\r\n", "\n").strip()

	@property
	def initial(self) -> Any:
		return self.clean(self.default)

	def is_fit(self, value: Any) -> bool:
		"""Whether a value read from a file is of the field's kind."""
		if value is None:
			return True
		if self.fieldtype in WHOLE_NUMBERS:
			return isinstance(value, int)
		if self.fieldtype in NUMBERS:
			return isinstance(value, int | float) and not isinstance(value, bool)
		return isinstance(value, str)


# Part of a pack → its fields by name.
Schema = Mapping[str, Mapping[str, FieldSpec]]


@dataclass(frozen=True)
class Problem:
	"""What is wrong with a file. `kind` says which sentence tells it, `part` and `title` where it is."""

	kind: str
	part: str = ""
	title: str = ""
	field: str = ""
	value: str = ""


class UnreadablePack(ValueError):
	"""The text is no pack that this version reads; `problem` says why."""

	def __init__(self, problem: Problem):
		super().__init__(problem.kind)
		self.problem = problem


def parse(text: str) -> dict[str, Any]:
	"""The file as a dictionary; throws UnreadablePack: empty, too_large, not_json, foreign, too_new, bad_version."""
	if not (text or "").strip():
		raise UnreadablePack(Problem("empty"))
	if len(text) > MOST_BYTES:
		raise UnreadablePack(Problem("too_large"))
	try:
		raw = json.loads(text.lstrip("\ufeff"))
	except (ValueError, RecursionError) as error:
		place = f"{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else "1:1"
		raise UnreadablePack(Problem("not_json", value=place)) from error
	if not isinstance(raw, dict) or raw.get("format") != FORMAT:
		raise UnreadablePack(Problem("foreign"))
	version = raw.get("format_version")
	if not isinstance(version, int) or isinstance(version, bool) or version < 1:
		raise UnreadablePack(Problem("bad_version", value=str(version)))
	if version > VERSION:
		raise UnreadablePack(Problem("too_new", value=str(version)))
	return raw


def find_problems(raw: dict[str, Any], schema: Schema) -> list[Problem]:
	"""Everything in a parsed file that is damaged or unknown here, in the order of the file."""
	problems = list(_unknown_parts(raw))
	pipeline = raw.get("pipeline")
	if not isinstance(pipeline, dict):
		return [*problems, Problem("missing", "pipeline")]
	problems += _check_row("pipeline", pipeline, schema, str(pipeline.get("pipeline_name") or ""))
	if not isinstance(pipeline.get("pipeline_name"), str) or not pipeline["pipeline_name"].strip():
		problems.append(Problem("missing", "pipeline", field="pipeline_name"))
	for part in LISTS:
		problems += _check_list(part, raw.get(part), schema)
	return problems


def _unknown_parts(raw: dict[str, Any]) -> Iterator[Problem]:
	known = {"format", "format_version", "title", "pipeline", "rights", *LISTS}
	for name in raw:
		if name not in known:
			yield Problem("unknown", field=name)
	if not isinstance(raw.get("title") or "", str):
		yield Problem("wrong_type", field="title")
	roles = raw["rights"].get("roles") if isinstance(raw.get("rights"), dict) else raw.get("rights")
	if roles is not None and not (isinstance(roles, list) and all(isinstance(role, str) for role in roles)):
		yield Problem("wrong_type", field="rights")


def _check_list(part: str, rows: Any, schema: Schema) -> list[Problem]:
	if rows is None:
		return [Problem("missing", part)] if part == "stages" else []
	if not isinstance(rows, list):
		return [Problem("wrong_type", part)]
	problems, seen = [], set()
	for number, row in enumerate(rows, 1):
		if not isinstance(row, dict):
			problems.append(Problem("wrong_type", part, str(number)))
			continue
		title = row.get("title") or row.get(KEYS[part]) or number
		problems += _check_row(part, row, schema, str(title))
		key = row.get(KEYS[part])
		if not isinstance(key, str) or not key.strip():
			problems.append(Problem("missing", part, str(title), KEYS[part]))
		elif key in seen:
			problems.append(Problem("twice", part, str(title), KEYS[part], key))
		else:
			seen.add(key)
	return problems


def _check_row(part: str, row: dict[str, Any], schema: Schema, title: str) -> Iterator[Problem]:
	for name, value in row.items():
		spec = schema[part].get(name)
		if not spec:
			yield Problem("unknown", part, title, name)
		elif not spec.is_fit(value):
			yield Problem("wrong_type", part, title, name, str(value)[:80])
		elif spec.options and spec.clean(value) and spec.clean(value) not in spec.options:
			yield Problem("bad_choice", part, title, name, str(value)[:80])


# -- one form for comparing and writing ------------------------------------------------------------


def normalise(raw: dict[str, Any], schema: Schema) -> dict[str, Any]:
	"""The pack with every known field in its clean form, for comparing; what is unknown is left out."""
	pack = {"title": str(raw.get("title") or raw["pipeline"]["pipeline_name"]).strip()}
	pack["pipeline"] = _fill(raw["pipeline"], schema["pipeline"])
	for part in LISTS:
		pack[part] = [_fill(row, schema[part]) for row in raw.get(part) or ()]
	return pack


def _fill(row: dict[str, Any], specs: Mapping[str, FieldSpec]) -> dict[str, Any]:
	return {name: spec.clean(row[name]) if name in row else spec.initial for name, spec in specs.items()}


def compact(pack: dict[str, Any], schema: Schema, roles: tuple[str, ...] = ()) -> dict[str, Any]:
	"""The dictionary that goes into the file: what has its default is left out. `normalise` gives the pack back."""
	file = {"format": FORMAT, "format_version": VERSION, "title": pack["title"]}
	file["pipeline"] = _thin(pack["pipeline"], schema["pipeline"])
	for part in LISTS:
		file[part] = [_thin(row, schema[part]) for row in pack[part]]
	file["rights"] = {"roles": sorted(roles)}
	return file


def _thin(row: dict[str, Any], specs: Mapping[str, FieldSpec]) -> dict[str, Any]:
	return {name: value for name, value in row.items() if value != specs[name].initial}


def write(file: dict[str, Any]) -> str:
	"""The text of a file: a field a line, so that two versions compare well."""
	return json.dumps(file, ensure_ascii=False, indent="\t") + "\n"


def fingerprint(state: Any) -> str:
	"""Equal for equal states only; of what JSON can say."""
	text = json.dumps(state, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
	return hashlib.sha256(text.encode()).hexdigest()
