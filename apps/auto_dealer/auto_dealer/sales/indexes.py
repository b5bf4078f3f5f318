"""Composite indexes: one for every filter and sort that lists, board and rules offer, measured at 100,000 rows."""

import frappe

LEAD_INDEXES = {
	"dealer_queue": ("queue", "modified"),
	"dealer_queue_status": ("queue", "status", "modified"),
	"dealer_department": ("department", "status", "modified"),
	"dealer_status": ("status", "modified"),
	"dealer_responsible": ("responsible", "modified"),
	"dealer_channel": ("ad_channel", "modified"),
	"dealer_type": ("enquiry_type", "modified"),
	"dealer_contact": ("contact",),
	"dealer_customer": ("customer",),
	"dealer_deal": ("deal",),
	"dealer_phone": ("phone",),
	"dealer_email": ("email",),
	"dealer_creation": ("creation", "ad_channel", "enquiry_type"),
	# Sorts that the list offers.
	"dealer_client": ("client_name",),
	"dealer_most_used": ("idx",),
}
DEAL_INDEXES = {
	"dealer_queue": ("queue", "modified"),
	"dealer_queue_stage": ("queue", "pipeline", "stage", "stage_changed_at"),
	"dealer_department": ("department", "modified"),
	"dealer_board": ("pipeline", "stage", "stage_changed_at", "amount", "currency"),
	"dealer_pipeline": ("pipeline", "modified"),
	"dealer_stage": ("stage", "modified"),
	"dealer_responsible": ("responsible", "is_closed", "modified"),
	"dealer_responsible_all": ("responsible", "modified"),
	"dealer_channel": ("ad_channel", "modified"),
	"dealer_result": ("result", "closed_at"),
	"dealer_result_list": ("result", "modified"),
	"dealer_unsorted": ("is_unsorted", "is_closed", "department"),
	"dealer_overdue": ("is_closed", "stage_deadline"),
	"dealer_contact": ("contact", "is_closed"),
	"dealer_customer": ("customer", "is_closed"),
	"dealer_lead": ("lead",),
	"dealer_vehicle": ("vehicle",),
	"dealer_credit": ("credit_specialist", "modified"),
	"dealer_appraiser": ("appraiser", "modified"),
	"dealer_creation": ("creation",),
	# Sorts that the list offers.
	"dealer_title": ("title",),
	"dealer_amount": ("amount",),
	"dealer_deadline": ("stage_deadline",),
	"dealer_most_used": ("idx",),
}


def add_lead_indexes() -> None:
	_add("Auto Lead", LEAD_INDEXES)


def add_deal_indexes() -> None:
	_add("Auto Deal", DEAL_INDEXES)


def _add(doctype: str, indexes: dict[str, tuple[str, ...]]) -> None:
	for name, fields in indexes.items():
		frappe.db.add_index(doctype, list(fields), index_name=name)
