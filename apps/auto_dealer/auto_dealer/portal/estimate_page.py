"""/estimate: photos of a damage → a lead and a deal of the body shop."""

from __future__ import annotations

from frappe import _

from auto_dealer.portal.answer import Page
from auto_dealer.portal.estimate_draft import get_channel
from auto_dealer.portal.rules.photo import LARGEST_PHOTO, MOST_PHOTOS, can_read_heic
from auto_dealer.portal.shell import get_settings


def show() -> Page:
	if not get_channel():
		return Page(
			"message",
			{
				"title": _("Estimates by photos are closed at the moment"),
				"text": _("Please call us: we are glad to help."),
			},
			404,
		)
	return Page(
		"estimate",
		{
			"title": _("Estimate of a repair by photos"),
			"intro": get_settings().estimate_text
			or _("Send photos of the damage: we count the cost of the repair and call you back."),
			"data": {
				"most_photos": MOST_PHOTOS,
				"largest_photo": LARGEST_PHOTO,
				"accepts_heic": can_read_heic(),
				"texts": get_texts(),
			},
		},
	)


def get_texts() -> dict[str, str]:
	"""What the page's script says."""
	return {
		"waiting": _("Waiting"),
		"sending": _("Uploading"),
		"done": _("Uploaded"),
		"retry": _("No connection, we try again"),
		"remove": _("Remove the photo"),
		"photo": _("Photo"),
		"too_many": _("No more than {0} photos. The others were left out.").format(MOST_PHOTOS),
		"sent_title": _("Thank you, we have your photos"),
		"send": _("Send"),
		"send_sending": _("Sending…"),
		"send_waiting": _("Waiting for the photos…"),
		"will_send": _("The form is sent by itself as soon as all photos are uploaded."),
		"kept": _("What you entered is kept on this phone."),
		"remove_refused": _("Remove the photos that could not be taken."),
		**{code: error_text(code) for code in ("too_large", "heic", "type")},
	}


def error_text(code: str) -> str:
	"""What a refusal means, for its sender."""
	megabytes = LARGEST_PHOTO // 1024 // 1024
	texts = {
		"empty": _("The file is empty."),
		"too_large": _("The file is larger than {0} MB.").format(megabytes),
		"type": _("This is no photo. JPEG, PNG, WebP and HEIC are taken."),
		"heic": _("HEIC photos cannot be read here. Please send it as JPEG."),
		"too_many_pixels": _("The photo has too many pixels. Please send a smaller one."),
		"unreadable": _("The photo cannot be read. Please choose another one."),
		"too_many": _("No more than {0} photos.").format(MOST_PHOTOS),
		"sent": _("This form has been sent already."),
		"bad_request": _("Something went wrong. Please try again."),
		"missing": _("Please fill in this field."),
		"phone": _("This is no phone number. Example: +7 916 123-45-67."),
		"photos": _("Please add at least one photo."),
		"consent": _("Please agree: without it we may not keep your phone number."),
		"closed": _("Estimates by photos are closed at the moment"),
	}
	return texts.get(code) or texts["bad_request"]
