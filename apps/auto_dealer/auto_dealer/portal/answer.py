"""What a page's function gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from frappe import _


@dataclass(frozen=True)
class Page:
	"""A template of `templates/portal/` and what it shows; or a way elsewhere."""

	template: str = ""
	context: dict[str, Any] = field(default_factory=dict)
	status: int = 200
	redirect: str = ""


@dataclass(frozen=True)
class Download:
	content: bytes
	file_name: str
	content_type: str
	is_inline: bool = False
	# How long the client's own browser may keep it.
	seconds: int = 0

	def disposition(self) -> str:
		kind = "inline" if self.is_inline else "attachment"
		return f"{kind}; filename*=UTF-8''{quote(self.file_name)}"


def message(title: str, text: str, status: int = 200) -> Page:
	"""A page that says one thing."""
	return Page("message", {"title": title, "text": text}, status)


def not_found() -> Page:
	"""The same for a wrong, a foreign, an expired and a revoked secret."""
	return message(
		_("This link does not work"),
		_("It is not valid, or no longer. Please ask us for a new one."),
		404,
	)
