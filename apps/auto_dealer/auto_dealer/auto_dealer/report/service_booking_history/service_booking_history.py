from auto_dealer.booking.history import get_columns, get_rows


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict]]:
	return get_columns(), get_rows(filters or {})
