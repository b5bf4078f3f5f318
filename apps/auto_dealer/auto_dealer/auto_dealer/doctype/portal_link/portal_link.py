"""A link by which a guest sees or manages one document. Made and revoked by `auto_dealer.portal.link_tokens`."""

from frappe.model.document import Document


class PortalLink(Document):
	pass
