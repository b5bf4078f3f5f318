"""What the scheduler runs for credit."""

from auto_dealer.credit import bank_jobs, personal_data


def erase_personal_data() -> None:
	"""Every night."""
	personal_data.erase_old()


def send_again() -> None:
	"""Every few minutes: banks that could not be reached, when their time has come."""
	bank_jobs.retry_due()
