// Dragging a card: to another column moves the deal; when the gate is not passed the card goes back.

/** Makes the cards of a column draggable; `on_drop(name, to_stage)` resolves with whether the deal has moved. */
export function make_draggable(column, on_drop) {
	return Sortable.create(column.$cards.get(0), {
		group: "dealer-cards",
		draggable: ".dealer-card",
		filter: "button",
		preventOnFilter: false,
		sort: false,
		animation: 150,
		// The browser's own dragging cannot scroll the board sideways and does not work on phones.
		forceFallback: true,
		fallbackOnBody: true,
		fallbackTolerance: 6,
		// A swipe on a phone scrolls; a card held for a moment is dragged.
		delay: 250,
		delayOnTouchOnly: true,
		touchStartThreshold: 8,
		scroll: true,
		bubbleScroll: true,
		ghostClass: "dealer-card-ghost",
		fallbackClass: "dealer-card-dragged",
		onChoose: () => $("body").addClass("dealer-pressed"),
		onUnchoose: () => $("body").removeClass("dealer-pressed"),
		onStart: () => $("body").addClass("dealer-dragging"),
		onEnd: async (event) => {
			// The click that ends a drag must not open the deal.
			setTimeout(() => $("body").removeClass("dealer-dragging"), 0);
			if (event.from === event.to) return;
			const moved = await on_drop(
				event.item.dataset.name,
				event.to.closest(".dealer-column").dataset.stage
			);
			if (!moved) event.from.insertBefore(event.item, event.from.children[event.oldIndex] || null);
		},
	});
}
