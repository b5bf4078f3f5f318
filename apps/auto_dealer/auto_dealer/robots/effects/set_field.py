"""A new value for a field of the document, saved with the rights that the robot runs with."""

from __future__ import annotations

from typing import Any

from auto_dealer.robots.conditions import Values, evaluate
from auto_dealer.robots.render import render


def run(robot, doc, params: dict, run) -> list[str]:
	field, value = params["target_field"], value_of(params.get("target_value"), doc)
	if (doc.get(field) or None) == (value or None):
		return []
	doc.set(field, value)
	doc.save()
	return [f"{field} = {doc.get(field)}"]


def value_of(text: str | None, doc) -> Any:
	"""`=amount * 2` is computed, anything else is a text with values."""
	text = (text or "").strip()
	return evaluate(text[1:].strip(), Values(doc)) if text.startswith("=") else render(text, doc)
