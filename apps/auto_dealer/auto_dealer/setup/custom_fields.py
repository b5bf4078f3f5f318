"""Fields that the app adds to other apps' documents: one dictionary, used by install and uninstall alike."""

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from auto_dealer.setup.payment_fields import PAYMENT_FIELDS

CUSTOM_FIELDS = {
	**PAYMENT_FIELDS,
	"Contact": [
		{
			"fieldname": "dealer_client_kind",
			"label": "Client Kind",
			"fieldtype": "Link",
			"options": "Client Kind",
			"insert_after": "status",
			"in_standard_filter": 1,
		},
		{
			"fieldname": "dealer_messenger",
			"label": "Messenger Account",
			"fieldtype": "Data",
			"insert_after": "phone_nos",
			"description": "For example telegram:ivanov",
		},
		{
			"fieldname": "dealer_time_zone",
			"label": "Time Zone",
			"fieldtype": "Data",
			"insert_after": "dealer_messenger",
			"description": "For example Asia/Vladivostok; quiet hours are counted in it. Empty: the dealer's own.",
		},
		{
			"fieldname": "dealer_birth_date",
			"label": "Date of Birth",
			"fieldtype": "Date",
			"insert_after": "dealer_time_zone",
			"description": "For congratulations, see Retention Settings.",
		},
		{
			"fieldname": "dealer_congratulated_in",
			"label": "Congratulated in (Year)",
			"fieldtype": "Int",
			"insert_after": "dealer_birth_date",
			"hidden": 1,
			"read_only": 1,
			"no_copy": 1,
		},
	],
	"Customer": [
		{"fieldname": "dealer_kpp", "label": "KPP", "fieldtype": "Data", "insert_after": "tax_id"},
		{"fieldname": "dealer_ogrn", "label": "OGRN", "fieldtype": "Data", "insert_after": "dealer_kpp"},
		{
			"fieldname": "dealer_legal_address",
			"label": "Legal Address",
			"fieldtype": "Small Text",
			"insert_after": "dealer_ogrn",
		},
	],
	"ToDo": [
		{
			"fieldname": "dealer_due_at",
			"label": "Due At",
			"fieldtype": "Datetime",
			"insert_after": "date",
			"search_index": 1,
		},
		{
			"fieldname": "dealer_observers",
			"label": "Observers",
			"fieldtype": "Small Text",
			"insert_after": "dealer_due_at",
			"description": "Users who are told when the task is closed, one per line.",
		},
		{
			"fieldname": "dealer_kind",
			"label": "Kind",
			"fieldtype": "Data",
			"insert_after": "dealer_observers",
			"read_only": 1,
		},
	],
	"User": [
		{
			"fieldname": "dealer_department",
			"label": "Dealer Department",
			"fieldtype": "Link",
			"options": "Department",
			"insert_after": "role_profile_name",
			"search_index": 1,
			"description": "Decides which leads and deals the user sees, see Dealer Settings.",
		},
	],
}


def add_custom_fields() -> None:
	"""Makes the missing ones; a field that an admin has changed stays as it is."""
	missing = {
		doctype: [
			field
			for field in fields
			if not frappe.db.exists("Custom Field", f"{doctype}-{field['fieldname']}")
		]
		for doctype, fields in CUSTOM_FIELDS.items()
	}
	missing = {
		doctype: [{**field, "module": "Auto Dealer"} for field in fields]
		for doctype, fields in missing.items()
		if fields
	}
	if missing:
		create_custom_fields(missing, update=False)


def delete_custom_fields() -> None:
	for doctype, fields in CUSTOM_FIELDS.items():
		for field in fields:
			frappe.delete_doc_if_exists("Custom Field", f"{doctype}-{field['fieldname']}")
		frappe.clear_cache(doctype=doctype)
