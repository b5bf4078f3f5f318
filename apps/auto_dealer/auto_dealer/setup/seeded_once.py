"""Steps of the installation that happen once on a site, so that an admin may undo what they did."""

from collections.abc import Callable

import frappe

PREFIX = "auto_dealer_seeded:"


def seed_once(step: str, seed: Callable[[], None]) -> None:
	"""Calls `seed` unless this step was done on the site before."""
	key = PREFIX + frappe.scrub(step)
	if frappe.db.get_default(key):
		return
	seed()
	frappe.db.set_default(key, 1)


def forget_seeds() -> None:
	"""For an uninstall: a later install seeds anew."""
	frappe.db.delete("DefaultValue", {"defkey": ("like", f"{PREFIX}%")})
	frappe.clear_cache()
