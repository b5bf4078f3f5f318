"""The ledger itself: what is written there without a document being submitted."""

from auto_dealer.payments import follow_vouchers


def on_change(doc, method=None):
	follow_vouchers.mark_ledger(doc)
