"""Robots that change documents start other robots: no robot twice in one chain, and no chain without end."""

from __future__ import annotations

LONGEST_CHAIN = 5

OWN_CHANGE, TOO_LONG = "own_change", "too_long"


def find_cut(chain: tuple[str, ...], robot: str) -> str | None:
	"""Why `robot` may not follow these robots (the first one first); None when it may."""
	if robot in chain:
		return OWN_CHANGE
	return TOO_LONG if len(chain) >= LONGEST_CHAIN else None
