"""How a contract's number is written."""

DIGITS = 6


def format_number(prefix: str, year: int, sequence: int) -> str:
	"""`КП-2026-000017`; a sequence beyond six digits is written whole."""
	return f"{prefix.strip()}-{year}-{sequence:0{DIGITS}d}"
