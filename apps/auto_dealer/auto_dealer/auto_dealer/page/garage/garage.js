frappe.pages["garage"].on_page_load = function (wrapper) {
	wrapper.ready = frappe.require("garage.bundle.js").then(() => {
		wrapper.garage = new auto_dealer.Garage(wrapper);
	});
};

frappe.pages["garage"].on_page_show = function (wrapper) {
	wrapper.ready.then(() => wrapper.garage.show());
};
