"""The standard Kanban on deals: what Frappe's own functions do to a shared board, without the write on every view.

Opening a standard board POSTs the order of all cards, which saves one shared document: with several users at once
most of them get a TimestampMismatchError. For deals nothing is stored: cards have no manual order in a column.
All other DocTypes go to Frappe's functions.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.desk.doctype.kanban_board import kanban_board as standard
from frappe.model.document import Document

from auto_dealer.pipelines.move_deal import move_deal

DOCTYPE = "Auto Deal"


@frappe.whitelist(methods=["POST"])
def update_order(board_name: str, order: str) -> tuple:
	"""For deals: the board as it is, and no card moved, whatever `order` says. Needs read on the board."""
	board = frappe.get_doc("Kanban Board", board_name)
	board.check_permission("read")
	if board.reference_doctype != DOCTYPE:
		return standard.update_order(board_name, order)
	return board, []


@frappe.whitelist(methods=["POST"])
def update_order_for_single_card(
	board_name: str,
	docname: str,
	from_colname: str,
	to_colname: str,
	old_index: int | str,
	new_index: int | str,
) -> Document:
	"""For deals: a drag to another column is a move with the user's rights and all gates; returns the board."""
	board = frappe.get_doc("Kanban Board", board_name)
	board.check_permission("read")
	if board.reference_doctype != DOCTYPE:
		return standard.update_order_for_single_card(
			board_name, docname, from_colname, to_colname, old_index, new_index
		)
	if from_colname != to_colname:
		move_deal(docname, to_colname, from_stage=from_colname)
	return board


@frappe.whitelist(methods=["POST"])
def add_card(board_name: str, docname: str, colname: str) -> Document:
	"""For deals: the board as it is; a new deal stands where the guard has put it."""
	board = frappe.get_doc("Kanban Board", board_name)
	board.check_permission("read")
	if board.reference_doctype != DOCTYPE:
		return standard.add_card(board_name, docname, colname)
	return board


@frappe.whitelist(methods=["POST"])
def add_column(board_name: str, column_title: str) -> list:
	"""For deals: refused, a column would be a stage that no pipeline knows."""
	board = frappe.get_doc("Kanban Board", board_name)
	board.check_permission("write")
	if board.reference_doctype != DOCTYPE:
		return standard.add_column(board_name, column_title)
	frappe.throw(_("The columns of this board are the stages of its pipeline. Add a stage in Deal Pipeline."))
