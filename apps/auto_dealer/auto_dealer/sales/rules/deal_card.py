"""What a deal's card shows about itself: pure functions."""

TITLE_LENGTH = 140


def make_title(client_name: str | None, car: str | None, phone: str | None = None) -> str:
	"""`Client – car`, or what is known of it; never longer than the field."""
	parts = [part.strip() for part in (client_name or phone, car) if part and part.strip()]
	return " – ".join(parts)[:TITLE_LENGTH].strip()


def car_of_title(title: str | None, client_name: str | None) -> str:
	"""The car that a made title names (`Client – car`); empty when somebody typed another title."""
	start = f"{(client_name or '').strip()} – "
	return title[len(start) :].strip() if client_name and title and title.startswith(start) else ""


def queue_of(responsible: str | None, department: str | None) -> str:
	"""Who holds the document: its responsible or, as long as there is none, the department as `@name`."""
	return responsible or f"@{department or ''}"


def car_name(make: str | None, model: str | None) -> str:
	"""`Lada Vesta`: the model's name when it already begins with the make, else both."""
	make, model = (make or "").strip(), (model or "").strip()
	if model.lower().startswith(make.lower()):
		return model or make
	return f"{make} {model}".strip()


def initials(full_name: str | None) -> str:
	"""Two letters at most: `Anna Petrova` → `AP`."""
	words = [word for word in (full_name or "").replace("@", " ").split() if word[0].isalnum()]
	return "".join(word[0] for word in words[:2]).upper()
