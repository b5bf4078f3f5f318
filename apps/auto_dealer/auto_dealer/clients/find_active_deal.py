"""Decision 2: which open deals a client has, the most fitting first."""

from collections.abc import Iterable

import frappe

FIELDS = "d.name, d.title, d.responsible, d.pipeline, d.stage, d.contact, d.creation"


def find_active_deals(
	keys: Iterable[str] = (),
	contact: str | None = None,
	customer: str | None = None,
	pipeline: str | None = None,
	limit: int = 20,
	locking: bool | None = None,
) -> list[dict]:
	"""Open deals of the client, those of `pipeline` first, then the newest. One SQL, WITHOUT a check of permissions.

	The client is whoever has one of the `keys`, is the `contact`, or the `customer`. Inside a transaction that has
	already written (after `lock_client`) the rows are read with a locking read, so that a deal made while we waited
	for the lock is seen. `locking=False` spares that where the lock was the transaction's first statement (its
	snapshot is younger than the lock): locked gaps make parallel events of different clients wait for each other.
	"""
	locking = bool(frappe.db.transaction_writes) if locking is None else locking
	query, values = _union(list(keys), contact, customer, locking)
	if not values:
		return []
	rows = frappe.db.sql(query, values, as_dict=True)
	rows.sort(
		key=lambda row: (row.pipeline == pipeline if pipeline else False, row.creation, row.name),
		reverse=True,
	)
	return _with_names(rows[:limit])


def _union(keys: list[str], contact: str | None, customer: str | None, locking: bool) -> tuple[str, list]:
	"""One SELECT for each thing the client may be known by. A locking read names its indexes: a small table would
	be scanned, and every deal in it locked."""
	hint = {"key": "force index (primary)", "contact": "force index (dealer_contact)"} if locking else {}
	hint["customer"] = "force index (dealer_customer)" if locking else ""
	lock = "lock in share mode" if locking else ""
	parts, values = [], []
	if keys:
		parts.append(
			f"""(select {FIELDS} from `tabClient Key` k {hint.get("key", "")} straight_join `tabAuto Deal` d
			{hint.get("contact", "")} on d.contact = k.contact
			where k.name in %s and k.contact != '' and d.is_closed = 0 {lock})"""  # noqa: S608
		)
		values.append(keys)
	for field, value in (("contact", contact), ("customer", customer)):
		if value:
			parts.append(
				f"""(select {FIELDS} from `tabAuto Deal` d {hint.get(field, "")}
				where d.{field} = %s and d.is_closed = 0 {lock})"""  # noqa: S608
			)
			values.append(value)
	return " union ".join(parts), values


def _with_names(deals: list[dict]) -> list[dict]:
	"""`responsible_name` is read apart from the deals: a locked row of a user would stop the whole desk."""
	users = {deal.responsible for deal in deals if deal.responsible}
	names = {user: frappe.get_cached_value("User", user, "full_name") for user in users}
	for deal in deals:
		deal.responsible_name = names.get(deal.responsible)
	return deals
