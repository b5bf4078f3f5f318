// "This client has an active deal": names it and its responsible, and offers the ways on.
import { call_server } from "./server";
import { deal_link, esc } from "./text";

/**
 * `active_deal` is the body of an ActiveDealExists; `lead` holds what was typed, or the name of a saved lead.
 * `on_separate` (optional) is called when the person says that this is another enquiry of the same client.
 */
export function show_active_deal(active_deal, { lead, on_separate, on_attached } = {}) {
	const deals = [].concat(active_deal.deals || active_deal);
	const dialog = new frappe.ui.Dialog({
		title: __("The Client Has an Active Deal"),
		fields: [{ fieldtype: "HTML", fieldname: "deals" }],
	});
	const $body = dialog.fields_dict.deals.$wrapper;
	$body.html(`
		<p>${__("Do not start a second one: attach this enquiry to the deal, so that it is counted as repeat traffic.")}</p>
		<div class="dealer-choices">${deals.map((deal) => choice(deal, Boolean(lead))).join("")}</div>`);
	$body.on("click", "[data-attach]", (event) => {
		attach(lead, event.currentTarget.dataset.attach, dialog, on_attached);
	});
	$body.on("click", "a", () => dialog.hide());
	if (on_separate && active_deal.can_separate !== false) {
		dialog.set_secondary_action_label(__("This Is Another Enquiry"));
		dialog.set_secondary_action(() => {
			dialog.hide();
			on_separate();
		});
	}
	dialog.$wrapper.addClass("dealer-active-deal");
	dialog.show();
	return dialog;
}

function choice(deal, can_attach) {
	const who = deal.responsible_name || deal.responsible || __("Nobody yet");
	return `
		<div class="dealer-choice">
			<div>
				<div class="dealer-choice-title">${deal_link(deal.name, deal.title || deal.name)}</div>
				<div class="text-muted small">
					${esc(deal.name)} · ${esc(__(deal.pipeline))} · ${esc(__(deal.stage))}<br>
					${__("Responsible")}: <b>${esc(who)}</b>
				</div>
			</div>
			${
				can_attach
					? `<button type="button" class="btn btn-primary btn-sm" data-attach="${esc(deal.name)}">
						${__("Attach to This Deal")}</button>`
					: ""
			}
		</div>`;
}

async function attach(lead, deal, dialog, on_attached) {
	const saved = typeof lead === "string";
	const args = saved ? { lead, deal } : { lead_values: lead, deal };
	const answer = await call_server("attach_lead", args, { freeze: true });
	dialog.hide();
	frappe.show_alert({ message: __("Attached to deal {0}", [esc(deal)]), indicator: "green" });
	if (on_attached) on_attached(answer);
	else frappe.set_route("Form", "Auto Deal", deal);
}

auto_dealer.show_active_deal = show_active_deal;
