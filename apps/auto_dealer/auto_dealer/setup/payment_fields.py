"""Fields on ERPNext's documents that say what they are for: the deal or the work order, for people and for sums."""

DEAL = {
	"fieldname": "dealer_deal",
	"label": "Deal",
	"fieldtype": "Link",
	"options": "Auto Deal",
	"insert_after": "company",
	"read_only": 1,
	"in_standard_filter": 1,
	"search_index": 1,
}
WORK_ORDER = {
	**DEAL,
	"fieldname": "dealer_work_order",
	"label": "Work Order of a Client",
	"options": "Service Work Order",
	"insert_after": "dealer_deal",
}
INVOICE = [
	{
		"fieldname": "dealer_due_date",
		"label": "To Be Paid by",
		"fieldtype": "Date",
		"insert_after": "transaction_date",
		"allow_on_submit": 1,
	},
	{
		"fieldname": "dealer_is_prepayment",
		"label": "Prepayment Only",
		"fieldtype": "Check",
		"insert_after": "dealer_due_date",
		"read_only": 1,
	},
]
# A copy of a document belongs to nothing until somebody says so; what ERPNext makes of another document keeps it.
PAYMENT_FIELDS = {
	"Delivery Note": [DEAL, WORK_ORDER],
	"Material Request": [DEAL, WORK_ORDER],
	"Payment Entry": [DEAL, WORK_ORDER],
	"Payment Request": [{**DEAL, "insert_after": "party_name"}, WORK_ORDER, *INVOICE],
	"Sales Invoice": [DEAL, WORK_ORDER],
	"Sales Order": [DEAL, WORK_ORDER],
	"Stock Entry": [DEAL, WORK_ORDER],
}
