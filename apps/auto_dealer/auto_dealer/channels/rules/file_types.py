"""Which files an outer system may hand over: by their ending AND by their first bytes."""

from __future__ import annotations

import base64
import binascii
import re

LARGEST = 700 * 1024

_ZIP, _OLE = (b"PK\x03\x04",), (b"\xd0\xcf\x11\xe0",)
# Ending → what the content begins with; () for plain text, which must not hold zero bytes or markup.
SIGNATURES: dict[str, tuple[bytes, ...]] = {
	"jpg": (b"\xff\xd8\xff",),
	"jpeg": (b"\xff\xd8\xff",),
	"png": (b"\x89PNG\r\n\x1a\n",),
	"gif": (b"GIF87a", b"GIF89a"),
	"webp": (b"RIFF",),
	"pdf": (b"%PDF-",),
	"mp3": (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
	"wav": (b"RIFF",),
	"ogg": (b"OggS",),
	"docx": _ZIP,
	"xlsx": _ZIP,
	"doc": _OLE,
	"xls": _OLE,
	"txt": (),
	"csv": (),
}
MARKUP = re.compile(rb"<\s*(?:!doctype|html|script|svg|iframe|\?xml)", re.I)


def decode_content(content: str) -> bytes | None:
	"""The bytes of base64 text (a data URL's head is cut off), None when it is none."""
	text = re.sub(
		r"\s+", "", content.split(",", 1)[1] if content.startswith("data:") and "," in content else content
	)
	try:
		return base64.b64decode(text, validate=True) or None
	except (binascii.Error, ValueError):
		return None


def find_problem(filename: str, content: bytes | None) -> str:
	"""Why the file is not taken, "" when it is: unreadable, too_large, type."""
	if not content:
		return "unreadable"
	if len(content) > LARGEST:
		return "too_large"
	signatures = SIGNATURES.get(filename.rpartition(".")[2].lower())
	if signatures is None or "." not in filename:
		return "type"
	if not signatures:
		return "type" if b"\0" in content or MARKUP.search(content[:2000]) else ""
	return "" if content.startswith(signatures) else "type"


def safe_name(filename: str) -> str:
	"""The file's own name without a path or signs that mean something to a file system."""
	name = re.split(r"[\\/]", filename)[-1]
	return re.sub(r"[\x00-\x1f<>:\"|?*]", "_", name).strip(". ")[-100:] or "file"
