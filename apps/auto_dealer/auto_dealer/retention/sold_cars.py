"""Invitations stop when the client has sold the car: the untouched deal is closed, a waiting message goes nowhere."""

from __future__ import annotations

import frappe
from frappe import _

from auto_dealer.pipelines.load_pipeline import load
from auto_dealer.retention.rules.invite import CLIENTS
from auto_dealer.robots.effects.notify_staff import notify
from auto_dealer.sales.retry import retry_on_deadlock

REASON = "Car is sold"


def close_for_sold_cars() -> list[str]:
	"""The deals that were closed. One that somebody works on is theirs to close: they are told."""
	closed = []
	for deal in find_stale():
		try:
			closed += [deal] if retry_on_deadlock(lambda deal=deal: close(deal)) else []
		except Exception:
			# A pipeline that refuses this is an admin's affair; the other deals go on.
			frappe.db.rollback()
			frappe.clear_messages()
			frappe.log_error(
				title="The deal of a sold car could not be closed",
				reference_doctype="Auto Deal",
				reference_name=deal,
			)
		frappe.db.commit()  # noqa: TID251
	return closed


def find_stale() -> list[str]:
	"""Open deals made by the clock whose car has another owner now, or none."""
	return frappe.db.sql(
		"""select d.name from `tabAuto Deal` d join `tabAuto Vehicle` v on v.name = d.vehicle
		where d.external_key like 'maintenance:%%' and d.is_closed = 0
		and (v.ownership not in %s or coalesce(v.owner_contact, '') != coalesce(d.contact, ''))
		order by d.name""",
		(CLIENTS,),
		pluck=True,
	)


def close(name: str) -> bool:
	deal = frappe.get_doc("Auto Deal", name, for_update=True)
	cancel_messages(name)
	pipeline = load(deal.pipeline)
	lost = next((stage.name for stage in pipeline.stages if stage.kind == "Lost"), None)
	is_untouched = pipeline.entry_stage and deal.stage == pipeline.entry_stage.name
	if not (is_untouched and lost and frappe.db.exists("Lost Reason", REASON)):
		tell_once(deal)
		return False
	deal.stage, deal.lost_reason = lost, REASON
	deal.flags.stage_reason = _("The client has sold the car.")
	# Nobody asks for it: the register of cars does.
	deal.save(ignore_permissions=True)
	return True


def cancel_messages(deal: str) -> None:
	"""What still waits for the morning."""
	messages = frappe.get_all(
		"Client Message",
		{"reference_doctype": "Auto Deal", "reference_name": deal, "status": "Queued"},
		pluck="name",
	)
	for message in messages:
		frappe.db.set_value("Client Message", message, "status", "Cancelled")


def tell_once(deal) -> None:
	subject = _("The client has sold the car: {0}").format(frappe.utils.escape_html(deal.title))
	reference = {"document_type": deal.doctype, "document_name": deal.name, "for_user": deal.responsible}
	told = frappe.db.exists("Notification Log", {**reference, "subject": subject})
	if deal.responsible and not told:
		notify(deal.responsible, subject, _("Close the deal, or choose another car."), deal)
