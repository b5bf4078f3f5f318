"""Orders are followed to the deals and work orders that they are for."""

from auto_dealer.payments import follow_vouchers


def before_submit(doc, method=None):
	follow_vouchers.lock(doc)


def before_cancel(doc, method=None):
	follow_vouchers.lock(doc)


def on_change(doc, method=None):
	follow_vouchers.mark(doc)
