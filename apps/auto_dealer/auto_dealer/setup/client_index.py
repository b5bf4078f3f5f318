"""Contacts that a site had before the app are made findable."""

import frappe

from auto_dealer.clients.tasks import BATCH, index_existing_clients
from auto_dealer.setup.seeded_once import seed_once


def index_clients() -> None:
	"""A small base at once, a large one in a background job."""
	seed_once("client index", _index)


def _index() -> None:
	if frappe.db.count("Contact") + frappe.db.count("Customer") <= BATCH:
		index_existing_clients()
	else:
		frappe.enqueue(
			"auto_dealer.clients.tasks.index_existing_clients",
			queue="long",
			timeout=3600,
			enqueue_after_commit=True,
		)
