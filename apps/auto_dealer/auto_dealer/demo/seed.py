"""The demo dealer: `bench --site SITE execute auto_dealer.demo.seed.seed`. Only ever run by hand or by ./dealer."""

import time

from faker import Faker

import frappe
from frappe.utils import now_datetime

from auto_dealer.demo import marker
from auto_dealer.demo.appraisals import work_on_appraisals
from auto_dealer.demo.banks import make_banks
from auto_dealer.demo.clients import make_cars, make_contacts
from auto_dealer.demo.enquiries import Year, date_the_rest
from auto_dealer.demo.plan import make_plan
from auto_dealer.demo.service_days import make_service_days
from auto_dealer.demo.staff import DEMO_DOMAIN, DEMO_PASSWORD, make_staff
from auto_dealer.demo.workshop import make_workshop

__all__ = ["DEMO_DOMAIN", "DEMO_PASSWORD", "seed"]


def seed(reset: bool = False, password: str | None = None) -> str:
	"""Fills the site with the demo dealer, all or nothing; done once, a second run changes nothing.

	`reset`: first removes what the demo made, and only that. `password` is for the demo's users.
	"""
	started = time.monotonic()
	frappe.set_user("Administrator")
	if marker.is_seeded():
		if not reset:
			return "The demo dealer is here already."
		_quietly(marker.remove)
		frappe.db.commit()
	made: dict[str, list[str]] = {}
	_quietly(_fill, made, password)
	frappe.db.commit()
	counts = ", ".join(f"{len(names)} {doctype}" for doctype, names in made.items())
	return f"Demo dealer: {counts} in {time.monotonic() - started:.0f} s."


def _fill(made: dict[str, list[str]], password: str | None) -> None:
	make_staff(made, password)
	plan = make_plan(Faker("ru_RU"), now_datetime())
	contacts = make_contacts(plan.clients, made)
	make_cars(plan.cars, contacts, made)
	year = Year(contacts, made)
	for enquiry in plan.enquiries:
		year.make(enquiry)
	date_the_rest(made)
	make_banks(made)
	work_on_appraisals(made)
	make_workshop(made)
	make_service_days(made)
	marker.save(made)


def _quietly(step, *args) -> None:
	"""No e-mails to invented people, no messages on the screen; nothing half done stays after an error."""
	flags = (frappe.flags.mute_emails, frappe.flags.mute_messages)
	# Robots stay silent: what the demo tells lies in the past.
	frappe.flags.mute_emails = frappe.flags.mute_messages = frappe.flags.no_robots = True
	try:
		step(*args)
	except Exception:
		frappe.db.rollback()
		raise
	finally:
		frappe.flags.mute_emails, frappe.flags.mute_messages = flags
		frappe.flags.no_robots = False
		frappe.set_user("Administrator")
