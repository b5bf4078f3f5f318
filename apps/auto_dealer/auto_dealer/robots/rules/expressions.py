"""Conditions as text: which values they read and, in words, why they were not met. Nothing is run here."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from functools import lru_cache

CONSTANTS = {"True", "False", "None"}
# Each robot asks the same of its condition at every event; reading it costs more than judging it.
CACHED = 2000


class BadExpression(ValueError):
	"""The text is no expression that a robot may have."""


def parse(text: str) -> ast.expr:
	try:
		return ast.parse(text.strip(), mode="eval").body
	except (SyntaxError, ValueError, RecursionError) as error:
		raise BadExpression(str(error)) from error


@lru_cache(maxsize=CACHED)
def names_in(text: str) -> tuple[str, ...]:
	"""The names that must be given a value, each once; those of comprehensions and lambdas are no such."""
	tree = parse(text)
	own = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
	own |= {
		name.id
		for node in ast.walk(tree)
		if isinstance(node, ast.comprehension)
		for name in ast.walk(node.target)
		if isinstance(name, ast.Name)
	}
	found = (node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
	return tuple(dict.fromkeys(name for name in found if name not in own and name not in CONSTANTS))


@lru_cache(maxsize=CACHED)
def paths_in(text: str) -> tuple[str, ...]:
	"""What the condition looks at, as it is written: `amount`, `doc.amount`, `contact.email_id`."""
	tree = parse(text)
	called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
	inner = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Attribute) and id(n) not in called}
	found = []
	for node in ast.walk(tree):
		if id(node) in called or id(node) in inner:
			continue
		is_path = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
		if is_path or (isinstance(node, ast.Name) and node.id not in CONSTANTS):
			found.append(ast.unparse(node))
	return tuple(dict.fromkeys(found))


@lru_cache(maxsize=CACHED)
def parts_of(text: str) -> tuple[str, ...]:
	"""The parts that must all hold: `a > 0 and b` gives both; any other condition is one part."""
	tree = parse(text)
	parts = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]
	return tuple(ast.unparse(part) for part in parts)


def first_false(text: str, is_true: Callable[[str], bool]) -> str:
	"""The part that decided against the condition; the whole of it when no single part did."""
	return next((part for part in parts_of(text) if not is_true(part)), text)


def unknown_names(text: str, known: Iterable[str]) -> tuple[str, ...]:
	known = set(known)
	return tuple(name for name in names_in(text) if name not in known)
