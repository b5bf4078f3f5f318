"""What follows from a move of an order to another stage."""

from __future__ import annotations

from frappe.model.document import Document


def after_move(order: Document) -> None:
	"""After the save in which the stage changed."""
