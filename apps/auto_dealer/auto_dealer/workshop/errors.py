"""What the workshop's set-up refuses."""

import frappe


class NormClash(frappe.ValidationError):
	"""Two norms of an operation that some car would fit equally well."""


class RateClash(frappe.ValidationError):
	"""Two prices of a norm hour for the same work from the same day."""


class UnusableCalendar(frappe.ValidationError):
	"""Shifts that cannot be worked."""


class UnusableFile(frappe.ValidationError):
	"""A file of norms that cannot be read, or has changed since it was checked."""


class UnknownSource(frappe.ValidationError):
	"""A source of norms that no app connects."""
