// One card of the board: HTML from a deal's row. Everything a person typed is escaped.
import { avatar, esc, full_money, seconds_since, short_duration } from "../dealer/text";

export function card_html(card, stage) {
	const overdue = Boolean(card.is_overdue);
	const label = [card.title || card.client_name, card.car, card.responsible_name]
		.filter(Boolean)
		.join(", ");
	return `
		<article class="dealer-card ${overdue ? "is-overdue" : ""}" tabindex="-1" role="listitem"
			data-name="${esc(card.name)}" aria-label="${esc(label)}">
			<div class="dealer-card-head">
				<a class="dealer-card-client ellipsis" tabindex="-1" href="/app/auto-deal/${encodeURIComponent(card.name)}"
					>${esc(card.client_name || card.title || card.phone || card.name)}</a>
				<span class="dealer-card-number">${esc(card.name)}</span>
			</div>
			${line("dealer-card-car", card.car)}
			${card.amount ? `<div class="dealer-card-amount">${esc(full_money(card.amount, card.currency))}</div>` : ""}
			${card.is_closed ? "" : line("dealer-card-step", __(card.next_step || stage.next_step || ""))}
			<div class="dealer-card-foot">
				${time_html(card, overdue)}
				<span class="dealer-card-people">${people_html(card)}</span>
			</div>
		</article>`;
}

function line(css_class, text) {
	return text ? `<div class="${css_class} ellipsis" title="${esc(text)}">${esc(text)}</div>` : "";
}

function time_html(card, overdue) {
	const spent = esc(short_duration(card.seconds_in_stage));
	if (!overdue) return `<span class="dealer-card-time" title="${__("In this stage")}">${spent}</span>`;
	const late = esc(short_duration(seconds_since(card.stage_deadline)));
	return `<span class="dealer-overdue" title="${__("In this stage")}: ${spent}">${__("Overdue by {0}", [late])}</span>`;
}

function people_html(card) {
	if (!card.is_closed && (card.is_unsorted || !card.responsible)) {
		return `<button type="button" class="btn btn-xs btn-default dealer-take" tabindex="-1" data-action="take">${__("Take to Work")}</button>`;
	}
	return avatar(card.responsible, card.responsible_name);
}
