"""Writes Deal Stage Log."""


def log_move(deal) -> None:
	"""Writes the log row of the move that the guard has let through in this save; nothing when there was none."""
