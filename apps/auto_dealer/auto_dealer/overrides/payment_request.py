"""Invoices for payment that an accountant makes by hand belong to the deal or order of what they ask for."""

from auto_dealer.payments import follow_vouchers


def before_validate(doc, method=None):
	follow_vouchers.fill_links(doc)
