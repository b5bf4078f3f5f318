"""Decision 2: which open deals a client has, the most fitting first."""

from collections.abc import Iterable

import frappe

FIELDS = """d.name, d.title, d.responsible, u.full_name as responsible_name, d.pipeline, d.stage, d.contact, d.creation"""


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
	parts, values = [], []
	keys = list(keys)
	if keys:
		parts.append(
			f"""select {FIELDS} from `tabClient Key` k join `tabAuto Deal` d on d.contact = k.contact
			left join tabUser u on u.name = d.responsible where k.name in %s and k.contact != '' and d.is_closed = 0"""  # noqa: S608
		)
		values.append(keys)
	for field, value in (("contact", contact), ("customer", customer)):
		if value:
			parts.append(
				f"""select {FIELDS} from `tabAuto Deal` d left join tabUser u on u.name = d.responsible
				where d.{field} = %s and d.is_closed = 0"""  # noqa: S608
			)
			values.append(value)
	if not parts:
		return []
	locking = bool(frappe.db.transaction_writes) if locking is None else locking
	lock = " lock in share mode" if locking else ""
	union = " union ".join(f"({part}{lock})" for part in parts)
	rows = frappe.db.sql(union, values, as_dict=True)
	rows.sort(
		key=lambda row: (row.pipeline == pipeline if pipeline else False, row.creation, row.name),
		reverse=True,
	)
	return rows[:limit]
