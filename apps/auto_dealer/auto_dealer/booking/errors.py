"""What booking refuses, by name. All are told to the user, who can do something about each."""

import frappe


class SlotTaken(frappe.ValidationError):
	"""The time or a resource is not free (417); `next_slots` in the response holds the next free times."""


class BadTime(frappe.ValidationError):
	"""A start that is not on the grid, is over, or too far ahead."""


class NotSuitable(frappe.ValidationError):
	"""A resource that serves none of the needs of the services."""


class UnknownDuration(frappe.ValidationError):
	"""Neither the service nor the norms say how long it takes."""


class StatusRefused(frappe.ValidationError):
	"""There is no way from the one state to the other."""


class BookingClosed(frappe.ValidationError):
	"""A booking that is done, cancelled or missed is not moved."""


class TakenTimeIsNotEdited(frappe.PermissionError):
	"""Taken time follows its booking and is written by nobody else."""


class PartsMissing(frappe.ValidationError):
	"""The parts are not there on that day."""


class SameRequest(Exception):
	"""The click was sent before; `booking` is what came of it."""

	def __init__(self, booking: str):
		super().__init__(booking)
		self.booking = booking
