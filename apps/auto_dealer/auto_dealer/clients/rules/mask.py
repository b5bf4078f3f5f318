"""What of a client is shown to somebody who may not open the card."""


def mask_phone(phone: str | None) -> str:
	"""`+79161234567` → `+7916•••••67`: enough to recognise who is calling, not enough to call."""
	phone = phone or ""
	return f"{phone[:5]}{'•' * (len(phone) - 7)}{phone[-2:]}" if len(phone) > 7 else "•" * len(phone)


def mask_email(email: str | None) -> str:
	"""`ivan@mail.ru` → `i•••@mail.ru`."""
	local, _at, domain = (email or "").partition("@")
	return f"{local[:1]}•••@{domain}" if domain else ""
