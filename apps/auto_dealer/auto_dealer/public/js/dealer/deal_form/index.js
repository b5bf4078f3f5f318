// The parts of the deal's form that doctype/auto_deal/auto_deal.js puts together.
import { show_action_panel } from "./action_panel";
import { change_pipeline, is_to_be_taken, show_stage_bar, take_to_work } from "./stage_bar";
import { client_card_html, show_tabs } from "./tabs";

auto_dealer.deal_form = {
	show_action_panel,
	show_stage_bar,
	show_tabs,
	take_to_work,
	is_to_be_taken,
	change_pipeline,
	client_card_html,
};
