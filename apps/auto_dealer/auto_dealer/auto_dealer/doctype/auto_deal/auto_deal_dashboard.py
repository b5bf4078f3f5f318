from frappe import _


def get_data(data=None):
	"""What the tab Links shows beside a deal."""
	return {
		"fieldname": "deal",
		"non_standard_fieldnames": {"ToDo": "reference_name", "Communication": "reference_name"},
		"dynamic_links": {"reference_name": ["Auto Deal", "reference_type"]},
		"internal_links": {
			"Contact": "contact",
			"Customer": "customer",
			"Auto Vehicle": "vehicle",
		},
		"transactions": [
			{"label": _("Client"), "items": ["Contact", "Customer", "Auto Vehicle"]},
			{"label": _("Enquiries"), "items": ["Auto Lead", "Deal Stage Log"]},
			{"label": _("Documents"), "items": ["Dealer Contract"]},
			{"label": _("Work"), "items": ["Diagnostics Request", "Detailing Request", "ToDo"]},
		],
	}
