frappe.provide("auto_dealer");
