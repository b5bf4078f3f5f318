"""Lines of bank statements pay the invoices that they name, where the settings say so."""

from auto_dealer.payments import bank_statement


def on_submit(doc, method=None):
	bank_statement.queue(doc)
