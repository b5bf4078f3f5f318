frappe.pages["deals-board"].on_page_load = function (wrapper) {
	wrapper.deals_board = new auto_dealer.DealsBoard(wrapper);
};

frappe.pages["deals-board"].on_page_show = function (wrapper) {
	wrapper.deals_board.show();
};
