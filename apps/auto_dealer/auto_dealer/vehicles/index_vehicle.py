"""The car's search tokens follow its card."""

from auto_dealer.clients.client_keys import forget
from auto_dealer.clients.rules.tokens import vehicle_tokens
from auto_dealer.clients.search_index import index_document


def index_vehicle(doc, is_new: bool = False) -> None:
	name = " ".join(str(part) for part in (doc.make, doc.model, doc.year) if part)
	tokens = vehicle_tokens(doc.vin, doc.licence_plate, doc.frame_number, name)
	index_document("Auto Vehicle", doc.name, tokens, is_new=is_new)


def forget_vehicle(doc) -> None:
	forget("Auto Vehicle", doc.name)
