"""A request for an estimate while its sender fills it in. Written by `auto_dealer.portal.estimate_draft`."""

from frappe.model.document import Document


class EstimateDraft(Document):
	pass
