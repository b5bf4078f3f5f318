"""What the scheduler runs for appraisals."""

from auto_dealer.appraisal import vin_jobs


def ask_again() -> None:
	"""Every few minutes: services that could not be reached, when their time has come."""
	vin_jobs.retry_due()
