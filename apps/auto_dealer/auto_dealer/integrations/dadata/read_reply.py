"""A reply of DaData's `findById/party` → companies."""

from __future__ import annotations

from collections.abc import Mapping

ACTIVE = "ACTIVE"


def read_companies(reply: Mapping) -> list[dict]:
	"""{name, full_name, inn, kpp, ogrn, address, head, is_active, is_person}, the active ones first. No bank details:
	the register does not have them."""
	found = [
		_company(entry) for entry in (reply or {}).get("suggestions") or [] if isinstance(entry, Mapping)
	]
	return sorted((company for company in found if company["inn"]), key=lambda each: not each["is_active"])


def _company(entry: Mapping) -> dict:
	data = _part(entry, "data")
	name = _part(data, "name")
	return {
		"name": name.get("short_with_opf") or entry.get("value") or "",
		"full_name": name.get("full_with_opf") or entry.get("unrestricted_value") or "",
		"inn": data.get("inn") or "",
		"kpp": data.get("kpp") or "",
		"ogrn": data.get("ogrn") or "",
		"address": _part(data, "address").get("unrestricted_value")
		or _part(data, "address").get("value")
		or "",
		"head": _part(data, "management").get("name") or "",
		"is_active": _part(data, "state").get("status", ACTIVE) == ACTIVE,
		"is_person": data.get("type") == "INDIVIDUAL",
	}


def _part(data: Mapping, key: str) -> Mapping:
	value = data.get(key)
	return value if isinstance(value, Mapping) else {}
