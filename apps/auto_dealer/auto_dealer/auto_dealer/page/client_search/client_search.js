frappe.pages["client-search"].on_page_load = function (wrapper) {
	const page = frappe.ui.make_app_page({ parent: wrapper, title: __("Search"), single_column: true });
	const $area = $(`
		<div class="dealer-search-page">
			<input type="search" class="form-control" autocomplete="off"
				placeholder="${__("Name, phone, VIN, plate or e-mail")}"
				aria-label="${__("Find a Client, Deal or Car")}">
			<div class="dealer-search-results" aria-live="polite"></div>
		</div>`).appendTo(page.main);
	const $input = $area.find("input");
	const $results = $area.find(".dealer-search-results");
	$input.on(
		"input",
		frappe.utils.debounce(() => auto_dealer.search_into($results, $input.val()), 250)
	);
	auto_dealer.walk_with_arrows($area);
	auto_dealer.search_into($results, "");
	page.set_primary_action(__("New Deal"), () => auto_dealer.new_deal().then(open_deal), "add");
	wrapper.focus_input = () => $input.focus();
};

frappe.pages["client-search"].on_page_show = function (wrapper) {
	wrapper.focus_input();
};

function open_deal(deal) {
	if (deal) frappe.set_route("Form", "Auto Deal", deal);
}
