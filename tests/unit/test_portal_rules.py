"""Rules of the client's pages: addresses, languages, secrets, strangers' photos, the form of an estimate."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import datetime, timedelta, timezone

import pytest
from PIL import Image

from auto_dealer.portal.rules import photo as photo_rules
from auto_dealer.portal.rules.booking_form import find_booking_errors, read_booking
from auto_dealer.portal.rules.calendar_file import Appointment, make_calendar
from auto_dealer.portal.rules.estimate_form import EstimateForm, find_errors, is_photo_key, read_form
from auto_dealer.portal.rules.language import pick_language
from auto_dealer.portal.rules.link_token import hash_token, is_open, is_token
from auto_dealer.portal.rules.photo import LARGEST_PHOTO, PhotoRefused, can_read_heic, clean_photo, sniff
from auto_dealer.portal.rules.routes import find_route

NOW = datetime(2026, 11, 22, 12)
TOKEN = "a" * 43
GPS, ORIENTATION, CAMERA = 0x8825, 0x0112, 0x0110


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **options) -> bytes:
	buffer = io.BytesIO()
	Image.new(mode, size, 128 if mode == "L" else "red").save(buffer, kind, **options)
	return buffer.getvalue()


def refusal(content: bytes) -> str:
	with pytest.raises(PhotoRefused) as refused:
		clean_photo(content)
	return refused.value.code


# -- addresses, languages, secrets -----------------------------------------------------------------


@pytest.mark.parametrize(
	("path", "page", "parts"),
	[
		("book", "book", {}),
		("/estimate/", "estimate", {}),
		(f"booking/{TOKEN}", "booking", {"token": TOKEN}),
		(f"booking/{TOKEN}/calendar.ics", "booking_calendar", {"token": TOKEN}),
		(f"my/{TOKEN}", "order", {"token": TOKEN}),
		(f"my/{TOKEN}/document/abc", "order_document", {"token": TOKEN, "key": "abc"}),
		("my", "cabinet", {}),
		("bookings", None, None),
		("my/a/b/c", None, None),
		(f"my/{TOKEN}/document/../x", None, None),
		("app/book", None, None),
	],
)
def test_an_address_means_a_page(path, page, parts):
	route = find_route(path)
	assert (route and route.page, route and route.parts) == (page, parts)


@pytest.mark.parametrize(
	("asked", "default", "language"),
	[
		(["ru-RU", "en"], "en", "ru"),
		(["de", "en-GB"], "ru", "en"),
		([None, "", "zh_CN"], "en", "en"),
		(["de"], "fr", "ru"),
		([], "", "ru"),
	],
)
def test_the_language_is_one_of_two(asked, default, language):
	assert pick_language(asked, default) == language


def test_only_a_secret_looks_like_one():
	assert is_token(TOKEN)
	for text in ("", None, "a" * 42, "a" * 44, "a" * 42 + "!", "a" * 42 + "\n", ["a"] * 43):
		assert not is_token(text)
	assert len(hash_token("\udcff" * 1000)) == 64
	assert hash_token(TOKEN) != hash_token("b" * 43)


def test_a_link_is_open_until_it_expires_or_is_revoked():
	assert is_open(NOW + timedelta(seconds=1), None, NOW)
	assert not is_open(NOW, None, NOW)
	assert not is_open(NOW + timedelta(days=1), NOW, NOW)


# -- photos ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photos_are_re_encoded(kind):
	content = picture(kind)
	assert sniff(content) == kind
	photo = clean_photo(content)
	image = Image.open(io.BytesIO(photo.content))
	assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (64, 48))
	assert photo.content != content
	assert max(image.getpixel((5, 5))[1:]) < 20, "the picture itself is kept"


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "LA", "1", "I;16"])
def test_every_kind_of_pixel_becomes_rgb(mode):
	buffer = io.BytesIO()
	Image.new(mode, (20, 10)).save(buffer, "PNG")
	assert Image.open(io.BytesIO(clean_photo(buffer.getvalue()).content)).mode == "RGB"


def test_nothing_but_pixels_is_kept():
	exif = Image.Exif()
	exif[CAMERA] = "Secret Camera 3000"
	exif.get_ifd(GPS)[2] = (55.0, 45.0, 7.0)
	content = picture(exif=exif, comment=b"secret comment") + b"secret trailer"
	photo = clean_photo(content)
	assert b"Secret Camera" in content
	for kept in (photo.content, photo.thumbnail):
		assert b"ecret" not in kept
		assert b"Exif" not in kept
		assert not Image.open(io.BytesIO(kept)).getexif()


def test_a_photo_is_turned_as_it_was_held():
	exif = Image.Exif()
	exif[ORIENTATION] = 6
	assert (clean_photo(picture(exif=exif)).width, clean_photo(picture(exif=exif)).height) == (48, 64)


def test_large_photos_are_made_smaller():
	photo = clean_photo(picture(size=(5000, 2500)))
	assert (photo.width, photo.height) == (2560, 1280)
	assert max(Image.open(io.BytesIO(photo.thumbnail)).size) == 240


def test_what_is_no_photo_is_refused():
	assert refusal(b"") == "empty"
	assert refusal(b"<html><script>alert(1)</script>") == "type"
	assert refusal(b"<svg xmlns='http://www.w3.org/2000/svg'/>") == "type"
	assert refusal(b"GIF89a" + b"0" * 100) == "type"
	assert refusal(b"%PDF-1.4") == "type"
	assert refusal(b"\0" * (LARGEST_PHOTO + 1)) == "too_large"
	assert refusal(b"\xff\xd8\xff" + b"not a picture at all" * 20) == "unreadable"
	assert refusal(picture("PNG")[:40]) == "unreadable"
	assert refusal(b"RIFF\x10\0\0\0WEBPVP8 nonsense") == "unreadable"


def test_the_content_speaks_not_the_name():
	gif = io.BytesIO()
	Image.new("RGB", (5, 5)).save(gif, "GIF")
	assert refusal(gif.getvalue()) == "type"
	assert refusal(b"\x89PNG\r\n\x1a\n" + picture()) == "unreadable"


def chunk(kind: bytes, data: bytes) -> bytes:
	return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.mark.parametrize(("width", "height"), [(30_000, 30_000), (6_100, 6_100), (100_000, 2_000)])
def test_a_bomb_is_refused_by_the_size_that_it_declares(width, height):
	header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
	bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
	assert len(bomb) < 1000
	assert refusal(bomb + chunk(b"IEND", b"")) == "too_many_pixels"


def test_heic_is_read_or_clearly_refused(monkeypatch):
	head = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
	assert sniff(head) == "HEIF"
	assert sniff(b"\0\0\0\x18ftypmp42\0\0\0\0") is None
	monkeypatch.setattr(photo_rules, "can_read_heic", lambda: False)
	assert refusal(head) == "heic"


@pytest.mark.skipif(not can_read_heic(), reason="pillow-heif is not installed")
def test_heic_is_read():
	buffer = io.BytesIO()
	Image.new("RGB", (64, 48), "red").save(buffer, "HEIF")
	assert sniff(buffer.getvalue()) == "HEIF"
	assert (clean_photo(buffer.getvalue()).width, clean_photo(buffer.getvalue()).height) == (64, 48)
	assert refusal(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic") == "unreadable"


# -- the form of an estimate -----------------------------------------------------------------------

FULL = EstimateForm("Иван", "8 916 123 45 67", "Kia Rio", "", "бампер", has_consent=True)


def test_a_full_form_has_no_errors():
	assert find_errors(FULL, "+79161234567", 1) == {}


def test_each_field_says_what_is_wrong_with_it():
	assert find_errors(EstimateForm(), None, 0) == {
		"client_name": "missing",
		"phone": "missing",
		"car": "missing",
		"description": "missing",
		"photos": "missing",
		"consent": "missing",
	}
	assert find_errors(FULL, None, 1) == {"phone": "phone"}


def test_what_is_sent_is_cut_and_cleaned():
	form = read_form(
		{"client_name": "  Ив\0ан\u200b ", "phone": ["x"], "description": "ы" * 9999, "consent": "1", "x": 1}
	)
	assert (form.client_name, form.phone, len(form.description)) == ("Иван\u200b", "", 4000)
	assert form.has_consent
	assert not read_form({"consent": "0"}).has_consent


@pytest.mark.parametrize("key", ["", None, "short", "UPPERCASE1", "a" * 33, "../../etc1", "aaaa aaaa"])
def test_photo_keys_are_plain(key):
	assert not is_photo_key(key)
	assert is_photo_key("0a1b2c3d4e5f6a7b")


# -- the form of a booking -------------------------------------------------------------------------


def test_a_full_booking_has_no_errors():
	form = read_booking(
		{
			"offerings": ["Oil", "Oil", "", 5, "Tyres"],
			"client_name": "Иван",
			"phone": "8 916 123 45 67",
			"make": "Kia",
			"start": "2026-11-24 10:00:00",
			"consent": 1,
		}
	)
	assert form.offerings == ("Oil", "Tyres")
	assert form.car == {"make": "Kia"}
	assert find_booking_errors(form, "+79161234567", None, needs_car=True) == {}


def test_each_field_of_a_booking_says_what_is_wrong_with_it():
	form = read_booking({"offerings": "x", "phone": "1", "email": "x", "start": "10:00"})
	assert find_booking_errors(form, None, None, needs_car=True) == {
		"client_name": "missing",
		"phone": "phone",
		"email": "email",
		"offerings": "missing",
		"make": "missing",
		"start": "missing",
		"consent": "missing",
	}
	assert "make" not in find_booking_errors(form, None, None, needs_car=False)


# -- calendar --------------------------------------------------------------------------------------


def test_a_calendar_file_is_what_phones_read():
	moscow = timezone(timedelta(hours=3))
	start = datetime(2026, 11, 24, 10, tzinfo=moscow)
	text = make_calendar(
		Appointment(
			uid="B-1@site",
			start=start,
			end=start + timedelta(hours=1),
			changed=start,
			title="Автоцентр; Север, шины\nи диски " + "очень длинное название " * 5,
		)
	)
	lines = text.split("\r\n")
	assert lines[-1] == ""
	assert "DTSTART:20261124T070000Z" in lines
	assert "DTEND:20261124T080000Z" in lines
	assert all(len(line.encode()) <= 75 for line in lines)
	assert "SUMMARY:Автоцентр\\; Север\\, шины\\nи диски" in text.replace("\r\n ", "")
	assert "STATUS:CONFIRMED" in lines
	assert "LOCATION" not in text
