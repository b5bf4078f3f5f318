"""A photo as a stranger's phone sends it → one that may be kept: known by its content, re-encoded, without EXIF.

Nothing of what was sent is kept but the pixels: no place of shooting, no serial number of the camera, no trailing data.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

MOST_PHOTOS = 10
LARGEST_PHOTO = 10 * 1024 * 1024
# Pixels that are decoded at most. A JPEG is scaled down while it is decoded, so it may have more.
MOST_PIXELS = {"JPEG": 130_000_000, "PNG": 36_000_000, "WEBP": 36_000_000, "HEIF": 52_000_000}
LONGEST_SIDE, THUMBNAIL_SIDE = 2560, 240
QUALITY = 86
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


class PhotoRefused(ValueError):
	"""`code`: empty, too_large, type, heic (no decoder here), too_many_pixels, unreadable."""

	def __init__(self, code: str):
		super().__init__(code)
		self.code = code


@dataclass(frozen=True)
class CleanPhoto:
	"""JPEG in sRGB, upright, at most `LONGEST_SIDE` pixels long; `thumbnail` the same in small."""

	content: bytes
	thumbnail: bytes
	width: int
	height: int


def sniff(content: bytes) -> str | None:
	"""JPEG, PNG, WEBP or HEIF by the first bytes; None for anything else, whatever its name says."""
	if content.startswith(b"\xff\xd8\xff"):
		return "JPEG"
	if content.startswith(b"\x89PNG\r\n\x1a\n"):
		return "PNG"
	if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
		return "WEBP"
	if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
		return "HEIF"
	return None


def clean_photo(content: bytes) -> CleanPhoto:
	"""Throws PhotoRefused. A decompression bomb is refused by the size it declares, before it is decoded."""
	if not content:
		raise PhotoRefused("empty")
	if len(content) > LARGEST_PHOTO:
		raise PhotoRefused("too_large")
	kind = sniff(content)
	if not kind:
		raise PhotoRefused("type")
	if kind == "HEIF" and not can_read_heic():
		raise PhotoRefused("heic")
	try:
		return _encode(_decode(content, kind))
	except PhotoRefused:
		raise
	except Image.DecompressionBombError:
		raise PhotoRefused("too_many_pixels") from None
	except (UnidentifiedImageError, OSError, ValueError, SyntaxError, TypeError, EOFError, MemoryError):
		raise PhotoRefused("unreadable") from None


def make_small(content: bytes, side: int = 4 * THUMBNAIL_SIDE) -> bytes | None:
	"""A photo of ours for a page on a phone; None when it cannot be read."""
	try:
		image = _decode(content, sniff(content) or "JPEG")
	except (
		PhotoRefused,
		Image.DecompressionBombError,
		UnidentifiedImageError,
		OSError,
		ValueError,
		SyntaxError,
	):
		return None
	image.thumbnail((side, side), Image.Resampling.LANCZOS)
	return _as_jpeg(image, 80)


def can_read_heic() -> bool:
	"""iPhones' own format needs the optional package pillow-heif."""
	try:
		from pillow_heif import register_heif_opener
	except ImportError:
		return False
	register_heif_opener()
	return True


def _decode(content: bytes, kind: str) -> Image.Image:
	image = Image.open(io.BytesIO(content), formats=[kind])
	if image.width * image.height > MOST_PIXELS[kind]:
		raise PhotoRefused("too_many_pixels")
	if min(image.size) < 1:
		raise PhotoRefused("unreadable")
	if kind == "JPEG":
		image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
	image.load()
	return _on_white(_in_srgb(ImageOps.exif_transpose(image)))


def _in_srgb(image: Image.Image) -> Image.Image:
	"""Phones photograph in wider colours; without their profile these would look faded."""
	profile = image.info.get("icc_profile")
	if not profile or image.mode not in ("RGB", "RGBA"):
		return image
	try:
		source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
		return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=image.mode)
	except (ImageCms.PyCMSError, OSError, ValueError):
		return image


def _on_white(image: Image.Image) -> Image.Image:
	if image.mode == "P":
		image = image.convert("RGBA")
	if image.mode in ("RGBA", "LA"):
		ground = Image.new("RGB", image.size, "white")
		ground.paste(image, mask=image.getchannel("A"))
		return ground
	return image.convert("RGB")


def _encode(image: Image.Image) -> CleanPhoto:
	image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
	small = image.copy()
	small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
	return CleanPhoto(_as_jpeg(image, QUALITY), _as_jpeg(small, 70), *image.size)


def _as_jpeg(image: Image.Image, quality: int) -> bytes:
	# Only the pixels go on: a new image has no comments, profiles or EXIF that `save` would write again.
	bare = Image.new("RGB", image.size)
	bare.paste(image)
	buffer = io.BytesIO()
	bare.save(buffer, "JPEG", quality=quality, optimize=True)
	return buffer.getvalue()
