"""Sends the pack as one archive to the bank's address."""

from __future__ import annotations

import frappe
from frappe import _

from auto_dealer.credit.application_pack import as_zip
from auto_dealer.credit.banks.interface import Answer, BankUnavailable, Pack


class EmailConnector:
	def __init__(self, bank) -> None:
		self.bank = bank

	def send(self, pack: Pack) -> Answer:
		"""Through Frappe's queue of e-mails; without an outgoing account the bank counts as not reachable."""
		if not self.bank.email:
			raise BankUnavailable(_("The bank has no e-mail address."))
		try:
			frappe.sendmail(
				recipients=[self.bank.email],
				subject=_("Credit application {0}").format(pack.application),
				message=_("The application and its documents are in the archive."),
				attachments=[{"fname": f"{pack.application}.zip", "fcontent": as_zip(pack)}],
				reference_doctype="Credit Application",
				reference_name=pack.application,
				add_unsubscribe_link=0,
			)
		except frappe.OutgoingEmailError as error:
			raise BankUnavailable(_("No outgoing e-mail account is set up.")) from error
		return Answer()
