frappe.pages["workshop-board"].on_page_load = function (wrapper) {
	wrapper.ready = frappe.require("workshop_board.bundle.js").then(() => {
		wrapper.board = new auto_dealer.WorkshopBoard(wrapper);
	});
};

frappe.pages["workshop-board"].on_page_show = function (wrapper) {
	wrapper.ready.then(() => wrapper.board.show());
};
