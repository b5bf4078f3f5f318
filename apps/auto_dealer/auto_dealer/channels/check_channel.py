"""What an advertising channel must say to be of use."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

SECRET_FIELDS = ("token_hash", "token_hint")


def check_channel(channel: Document) -> None:
	"""Throws when enquiries of the channel would have nowhere to go; keeps the token out of reach of forms and REST."""
	if channel.creates == "Lead and Deal" and not channel.pipeline:
		frappe.throw(_("Choose the pipeline in which deals of this channel begin."), frappe.MandatoryError)
	if channel.distribution == "One Person" and not channel.default_responsible:
		frappe.throw(_("Choose the default responsible."), frappe.MandatoryError)
	if channel.distribution == "Round Robin" and not channel.round_robin_users:
		frappe.throw(_("Add at least one user to the round robin group."), frappe.MandatoryError)
	users = [row.user for row in channel.round_robin_users]
	if len(users) != len(set(users)):
		frappe.throw(_("A user stands in the round robin group twice."))
	_keep_secret(channel)


def _keep_secret(channel: Document) -> None:
	"""Only `tokens.make_token` writes the token; the turn counter is written past documents."""
	if channel.flags.new_token:
		return
	before = channel.get_doc_before_save()
	for field in SECRET_FIELDS:
		channel.set(field, before.get(field) if before else None)
