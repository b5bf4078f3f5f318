"""Photos of an appraisal inside its print: small and embedded, so that a PDF and a guest's page need no files."""

from __future__ import annotations

import base64
import io
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

import frappe
from frappe.model.document import Document

SIDE = 480
QUALITY = 70


def appraisal_photo(appraisal: Document, url: str | None) -> str:
	"""A data URI of the photo; "" for one that is not attached to this appraisal, is gone or is no picture.

	For print formats (Jinja). Whoever prints the appraisal may see it; nothing else is opened.
	"""
	name = url and frappe.db.get_value(
		"File",
		{"file_url": url, "attached_to_doctype": appraisal.doctype, "attached_to_name": appraisal.name},
	)
	if not name:
		return ""
	path = Path(frappe.get_doc("File", name).get_full_path())
	try:
		with Image.open(path) as picture:
			small = ImageOps.exif_transpose(picture).convert("RGB")
			small.thumbnail((SIDE, SIDE))
			buffer = io.BytesIO()
			small.save(buffer, "JPEG", quality=QUALITY)
	except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
		return ""
	return f"data:image/jpeg;base64,{base64.b64encode(buffer.getvalue()).decode()}"
