// The board without a mouse. Letters are read by their place on the keyboard, so that they work in any layout.
import { esc } from "../dealer/text";

export function shortcuts() {
	return [
		["← ↑ → ↓", __("walk over the cards")],
		["Enter", __("open the deal")],
		["Shift + ← →", __("move the deal to the neighbouring stage")],
		["M", __("move the deal to a stage of your choice")],
		["T", __("take to work")],
		["N", __("new deal")],
		["/", __("search on the board")],
		["Alt + Q", __("find a client, deal or car")],
		["?", __("this help")],
	];
}

export function show_help() {
	const rows = shortcuts().map(
		([keys, what]) => `<tr><td><kbd>${esc(keys)}</kbd></td><td>${esc(what)}</td></tr>`
	);
	frappe.msgprint({
		title: __("Keyboard on the Board"),
		message: `<table class="table table-bordered dealer-keys">${rows.join("")}</table>`,
	});
}

export function bind_keyboard(board) {
	board.$columns.on("keydown", ".dealer-card", (event) => {
		const action = action_of(event);
		if (!action) return;
		event.preventDefault();
		event.stopPropagation();
		action(board, event.currentTarget);
	});
	board.$columns.on("focusin", ".dealer-card", (event) => {
		board.$columns.find('.dealer-card[tabindex="0"]').attr("tabindex", -1);
		event.currentTarget.setAttribute("tabindex", 0);
	});
	bind_page_keys(board);
}

function bind_page_keys(board) {
	$(document).on("keydown", (event) => {
		const typing = $(event.target).is("input, textarea, select, [contenteditable=true]");
		if (
			typing ||
			!board.is_shown() ||
			event.ctrlKey ||
			event.metaKey ||
			event.altKey ||
			$(".modal.show").length
		)
			return;
		const action = PAGE_KEYS[event.key] || PAGE_CODES[event.code];
		if (!action) return;
		event.preventDefault();
		action(board);
	});
}

const PAGE_KEYS = {
	"?": () => show_help(),
	"/": (board) => board.toolbar.focus_text(),
};
const PAGE_CODES = {
	KeyN: (board) => board.add_deal(),
};

function action_of(event) {
	if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return null;
	if (event.shiftKey) {
		const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
		return step ? (board, card) => board.move_card_by(card.dataset.name, step) : null;
	}
	return CARD_KEYS[event.key] || CARD_CODES[event.code] || null;
}

const CARD_KEYS = {
	Enter: (board, card) => board.open(card.dataset.name),
	ArrowDown: (board, card) => focus($(card).next(".dealer-card")),
	ArrowUp: (board, card) => focus($(card).prev(".dealer-card")),
	ArrowRight: (board, card) => focus_aside(card, "nextAll"),
	ArrowLeft: (board, card) => focus_aside(card, "prevAll"),
	Home: (board, card) => focus($(card).siblings(".dealer-card").addBack().first()),
	End: (board, card) => focus($(card).siblings(".dealer-card").addBack().last()),
};
const CARD_CODES = {
	KeyM: (board, card) => choose_stage(board, card.dataset.name),
	KeyT: (board, card) => board.take(card.dataset.name),
};

function focus($card) {
	const card = $card.get(0);
	if (!card) return;
	card.focus({ preventScroll: true });
	card.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** The same height in the next column that shows cards. */
function focus_aside(card, direction) {
	const index = $(card).index();
	const $column = $(card).closest(".dealer-column")[direction](":visible").has(".dealer-card").first();
	const $cards = $column.find(".dealer-card");
	if ($cards.length) focus($cards.eq(Math.min(index, $cards.length - 1)));
}

function choose_stage(board, name) {
	const column = board.column_of(name);
	const options = board.columns
		.filter((other) => other !== column)
		.map((other) => ({ value: other.stage.stage, label: __(other.stage.stage) }));
	const dialog = new frappe.ui.Dialog({
		title: __("Move to"),
		fields: [
			{
				fieldtype: "Select",
				fieldname: "stage",
				label: __("Stage"),
				options,
				default: options[0]?.value,
				reqd: 1,
			},
		],
		primary_action_label: __("Move"),
		primary_action: ({ stage }) => {
			dialog.hide();
			board.move(name, stage);
		},
	});
	dialog.show();
}
