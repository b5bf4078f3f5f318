"""A link by which a guest sees one document. Made and revoked by `auto_dealer.documents.public_link`."""

from frappe.model.document import Document


class PublicLink(Document):
	pass
