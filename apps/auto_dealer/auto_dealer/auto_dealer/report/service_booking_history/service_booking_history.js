frappe.query_reports["Service Booking History"] = {
	filters: [
		{
			fieldname: "from_date",
			label: __("From"),
			fieldtype: "Date",
			default: frappe.datetime.add_months(frappe.datetime.get_today(), -3),
		},
		{ fieldname: "to_date", label: __("To"), fieldtype: "Date" },
		{ fieldname: "service_group", label: __("Group"), fieldtype: "Link", options: "Service Group" },
		{
			fieldname: "offering",
			label: __("Booked Service"),
			fieldtype: "Link",
			options: "Service Offering",
		},
		{ fieldname: "make", label: __("Make"), fieldtype: "Link", options: "Vehicle Make" },
		{ fieldname: "model", label: __("Model"), fieldtype: "Link", options: "Vehicle Model" },
		{ fieldname: "vin", label: __("VIN or Plate"), fieldtype: "Data" },
		{ fieldname: "client", label: __("Client or Phone"), fieldtype: "Data" },
		{
			fieldname: "status",
			label: __("Status"),
			fieldtype: "Select",
			options: ["", "Requested", "Confirmed", "Arrived", "In Work", "Done", "No-show", "Cancelled"],
		},
	],
};
