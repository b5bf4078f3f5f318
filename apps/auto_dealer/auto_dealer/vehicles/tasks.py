"""What the scheduler runs for cars."""

from auto_dealer.vehicles import stock_records


def retry_registrations() -> None:
	"""Cars that are still not registered in stock."""
	stock_records.retry_failed()
