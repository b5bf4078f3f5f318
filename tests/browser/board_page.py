"""The Deals Board as a person sees it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class BoardPage:
	"""Every method does what its name says with the mouse or the keyboard, and waits until the board shows it."""

	def __init__(self, page: Page):
		self.page = page

	def open(self, pipeline: str = "New Cars") -> BoardPage:
		self.page.goto(f"/app/deals-board/{pipeline}")
		self.page.wait_for_selector(".dealer-column", timeout=30_000)
		return self

	def column(self, stage: str) -> Locator:
		return self.page.locator(f'.dealer-column[data-stage="{stage}"]')

	def card(self, deal: str) -> Locator:
		return self.page.locator(f'.dealer-card[data-name="{deal}"]')

	def card_in(self, stage: str, deal: str) -> Locator:
		return self.column(stage).locator(f'.dealer-card[data-name="{deal}"]')

	def expect_in(self, stage: str, deal: str) -> None:
		expect(self.card_in(stage, deal)).to_be_visible(timeout=15_000)

	def expect_moved(self, stage: str, deal: str) -> None:
		"""The server has agreed: the card alone may still be on its way."""
		expect(self.page.locator(".desk-alert", has_text=f"Moved to {stage}").last).to_be_visible(
			timeout=15_000
		)
		self.expect_in(stage, deal)

	def cancel_gate(self) -> None:
		self.gate().get_by_role("button", name="Cancel").click()
		expect(self.page.locator(".modal-backdrop")).to_have_count(0)

	def take(self, deal: str) -> None:
		self.card(deal).get_by_role("button").click()

	def drag(self, deal: str, stage: str) -> None:
		"""With the mouse, as a person does: press, pull, let go over the column."""
		target = self.column(stage).locator(".dealer-cards")
		target.scroll_into_view_if_needed()
		start, end = self.card(deal).bounding_box(), target.bounding_box()
		mouse = self.page.mouse
		mouse.move(start["x"] + 40, start["y"] + 20)
		mouse.down()
		mouse.move(start["x"] + 60, start["y"] + 30, steps=4)
		mouse.move(end["x"] + end["width"] / 2, end["y"] + 40, steps=12)
		# The board looks where the card hangs twenty times a second.
		self.page.wait_for_timeout(250)
		mouse.up()

	def gate(self) -> Locator:
		"""The gate's dialog, once it is open."""
		dialog = self.page.locator(".dealer-gate.show")
		expect(dialog).to_be_visible(timeout=15_000)
		# It takes the focus at the end of its way down.
		self.page.wait_for_timeout(400)
		return dialog

	def focus(self, deal: str) -> None:
		self.card(deal).focus()

	def focused(self) -> str:
		return self.page.evaluate("document.activeElement.dataset.name || ''")


def choose_link(dialog: Locator, fieldname: str, value: str) -> None:
	"""Types into a Link field and takes the value from its list."""
	field = dialog.locator(f"[data-fieldname={fieldname}] input:visible").first
	field.click()
	field.fill("")
	field.press_sequentially(value, delay=10)
	option = field.page.locator(".awesomplete [role=option]:visible", has_text=value).first
	option.wait_for()
	# The list is drawn anew for the last letters typed.
	field.page.wait_for_timeout(700)
	option.click()


def primary(dialog: Locator) -> Locator:
	return dialog.locator(".modal-footer .btn-primary:visible, .modal-header .btn-primary:visible").first
