"""The norms as a file that the import reads back."""

from __future__ import annotations

import frappe

from auto_dealer.workshop.rules.norm_csv import write_rows


def export_norms(operation: str | None = None, make: str | None = None) -> bytes:
	"""CSV for a Russian Excel: UTF-8 with its mark, semicolons, decimal commas; all norms unless narrowed."""
	norm, own = frappe.qb.DocType("Labour Norm"), frappe.qb.DocType("Labour Operation")
	model = frappe.qb.DocType("Vehicle Model")
	query = (
		frappe.qb.from_(norm)
		.join(own)
		.on(own.name == norm.operation)
		.left_join(model)
		.on(model.name == norm.model)
		.select(norm.operation, own.code, own.group, norm.make, model.model_name.as_("model"))
		.select(norm.year_from, norm.year_to, norm.engine, norm.body, norm.hours, norm.source)
		.orderby(norm.operation, norm.make, norm.model, norm.year_from, norm.name)
	)
	if operation:
		query = query.where(norm.operation == operation)
	if make:
		query = query.where(norm.make == make)
	return write_rows(query.run(as_dict=True)).encode("utf-8-sig")
