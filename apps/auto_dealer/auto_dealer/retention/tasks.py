"""What the scheduler runs for retention."""

from __future__ import annotations

import frappe

from auto_dealer.retention.birthdays import congratulate_all
from auto_dealer.retention.run_night import run_night


def every_night() -> None:
	"""Plans of all cars, deals and invitations for those that are due."""
	run_night()


def congratulate() -> None:
	"""Every day, when an admin has switched it on."""
	if frappe.get_cached_doc("Retention Settings").congratulate:
		congratulate_all()
