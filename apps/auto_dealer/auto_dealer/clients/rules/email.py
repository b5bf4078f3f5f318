"""E-mail addresses as identity: lower case, checked."""

import re

ADDRESS = re.compile(r"^[^\s@<>,;:\"()\[\]]+@[^\s@<>,;:\"()\[\].]+(?:\.[^\s@<>,;:\"()\[\].]+)+$")
DISPLAY_NAME = re.compile(r"^.*<([^<>]+)>\s*$")
LONGEST = 140


def normalise_email(text: str | None) -> str | None:
	"""`Ivan <Ivan@Mail.RU>` → `ivan@mail.ru`; None when it is no single e-mail address."""
	text = str(text or "").strip()
	if match := DISPLAY_NAME.match(text):
		text = match.group(1).strip()
	text = text.lower().removeprefix("mailto:").rstrip(".")
	return text if len(text) <= LONGEST and ADDRESS.match(text) else None


def split_emails(cell: str | None) -> list[str]:
	"""All addresses of a cell, once each; what is none is left out."""
	found = [normalise_email(part) for part in re.split(r"[\s,;|]+", str(cell or ""))]
	return list(dict.fromkeys(email for email in found if email))
