"""Invoices and credit notes are followed to the deals and orders that they are for."""

from auto_dealer.orders.close_order import forget_cancelled_invoice, note_invoice, take_stock_along
from auto_dealer.payments import follow_vouchers


def before_validate(doc, method=None):
	follow_vouchers.fill_links(doc)
	take_stock_along(doc)
	follow_vouchers.free_return(doc)


def before_submit(doc, method=None):
	follow_vouchers.lock(doc)


def before_cancel(doc, method=None):
	follow_vouchers.lock(doc)


def on_change(doc, method=None):
	follow_vouchers.mark(doc)


def on_cancel(doc, method=None):
	forget_cancelled_invoice(doc)


def on_submit(doc, method=None):
	note_invoice(doc)
