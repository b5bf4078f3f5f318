"""Which page of the portal an address means."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

PATTERNS = (
	("book", re.compile(r"book")),
	("estimate", re.compile(r"estimate")),
	("booking", re.compile(r"booking/(?P<token>[^/]+)")),
	("booking_calendar", re.compile(r"booking/(?P<token>[^/]+)/calendar\.ics")),
	("order", re.compile(r"my/(?P<token>[^/]+)")),
	("order_document", re.compile(r"my/(?P<token>[^/]+)/document/(?P<key>[\w-]+)")),
	("order_photo", re.compile(r"my/(?P<token>[^/]+)/photo/(?P<key>[\w-]+)")),
	("cabinet", re.compile(r"my")),
)


@dataclass(frozen=True)
class Route:
	"""A page and what stood in its address: `token`, `key`."""

	page: str
	parts: dict[str, str] = field(default_factory=dict)


def find_route(path: str) -> Route | None:
	"""The page of an address without its leading slash and query; None when it is not ours."""
	for page, pattern in PATTERNS:
		if match := pattern.fullmatch(path.strip("/ ")):
			return Route(page, match.groupdict())
	return None
