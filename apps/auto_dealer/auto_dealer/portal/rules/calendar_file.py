"""One appointment as an .ics file (RFC 5545), for the calendar of the client's phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone

LONGEST_LINE = 75
REMINDER = "PT2H"


@dataclass(frozen=True)
class Appointment:
	"""`start`, `end` and `changed` know their time zone. `sequence` grows with each change of the time."""

	uid: str
	start: datetime
	end: datetime
	changed: datetime
	title: str
	location: str = ""
	description: str = ""
	url: str = ""
	sequence: int = 0
	is_cancelled: bool = False


def make_calendar(appointment: Appointment) -> str:
	"""The whole file, with CRLF and folded lines as the standard asks."""
	lines = [
		"BEGIN:VCALENDAR",
		"VERSION:2.0",
		"PRODID:-//Auto Dealer//Portal//EN",
		"CALSCALE:GREGORIAN",
		"METHOD:PUBLISH",
		"BEGIN:VEVENT",
		f"UID:{appointment.uid}",
		f"DTSTAMP:{_utc(appointment.changed)}",
		f"DTSTART:{_utc(appointment.start)}",
		f"DTEND:{_utc(appointment.end)}",
		f"SEQUENCE:{appointment.sequence}",
		f"STATUS:{'CANCELLED' if appointment.is_cancelled else 'CONFIRMED'}",
		f"SUMMARY:{_text(appointment.title)}",
		*_optional("LOCATION", _text(appointment.location)),
		*_optional("DESCRIPTION", _text(appointment.description)),
		*_optional("URL", appointment.url),
		*_alarm(appointment),
		"END:VEVENT",
		"END:VCALENDAR",
	]
	return "".join(f"{_fold(line)}\r\n" for line in lines)


def _alarm(appointment: Appointment) -> list[str]:
	if appointment.is_cancelled:
		return []
	title = _text(appointment.title)
	return ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{title}", f"TRIGGER:-{REMINDER}", "END:VALARM"]


def _optional(name: str, value: str) -> list[str]:
	return [f"{name}:{value}"] if value else []


def _utc(moment: datetime) -> str:
	return moment.astimezone(timezone.utc).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
	for sign in ("\\", ";", ","):
		text = text.replace(sign, f"\\{sign}")
	return text.replace("\r", "").replace("\n", "\\n")


def _fold(line: str) -> str:
	"""No line is longer than 75 bytes; no letter is cut in two."""
	parts, part, size = [], "", 0
	for letter in line:
		width = len(letter.encode())
		if size + width > LONGEST_LINE:
			parts.append(part)
			part, size = " ", 1
		part += letter
		size += width
	return "\r\n".join([*parts, part])
