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
	"Delivery Note": [DEAL],
	"Material Request": [DEAL],
	"Payment Entry": [DEAL],
	"Payment Request": [{**DEAL, "insert_after": "party_name"}, *INVOICE],
	"Sales Invoice": [DEAL],
	"Sales Order": [DEAL],
	"Stock Entry": [DEAL],
}
