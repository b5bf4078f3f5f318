frappe.pages["service-calendar"].on_page_load = async function (wrapper) {
	frappe.ui.make_app_page({ parent: wrapper, title: __("Service Calendar"), single_column: true });
	await frappe.require(["service_calendar.bundle.js", "service_calendar.bundle.css"]);
	wrapper.calendar = new auto_dealer.ServiceCalendar(wrapper);
	wrapper.calendar.show();
};

frappe.pages["service-calendar"].on_page_show = function (wrapper) {
	wrapper.calendar?.show();
};
