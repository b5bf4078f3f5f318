"""The stages of an appraisal and what each of them needs; the ways between them are the Workflow's.

New → Inspection → Market Research → Offer → Client Decision → Agreed; Declined
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

NEW, INSPECTION, MARKET, OFFER, DECISION = "New", "Inspection", "Market Research", "Offer", "Client Decision"
AGREED, DECLINED = "Agreed", "Declined"
MAIN_LINE = (NEW, INSPECTION, MARKET, OFFER, DECISION, AGREED)
FINAL = (AGREED, DECLINED)

# What a stage of the main line adds to the stages before it.
REQUIRED = {
	INSPECTION: ("appraiser", "make"),
	MARKET: ("vin", "model", "year", "mileage", "checks"),
	OFFER: ("comparables", "recommended_price"),
	DECISION: ("offered_price",),
	AGREED: ("agreed_price", "agreed_on"),
	DECLINED: ("closing_reason",),
}
# A Japanese car has no VIN; its frame number does.
INSTEAD = {"vin": ("frame_number",)}

NOT_CHECKED, SEVERE_WITHOUT_PHOTO = "not_checked", "severe_without_photo"


def required_fields(stage: str) -> tuple[str, ...]:
	"""All that must be filled in this stage, in the order of the stages."""
	if stage not in MAIN_LINE:
		return REQUIRED.get(stage, ())
	reached = MAIN_LINE[: MAIN_LINE.index(stage) + 1]
	return tuple(field for step in reached for field in REQUIRED.get(step, ()))


def missing_fields(stage: str, values: Mapping[str, object]) -> list[str]:
	"""Required fields that are empty, together with what could stand instead of them."""
	return [
		field
		for field in required_fields(stage)
		if not values.get(field) and not any(values.get(other) for other in INSTEAD.get(field, ()))
	]


def inspection_problem(
	stage: str, results: Sequence[str], damages: Sequence[tuple[str, bool]]
) -> tuple[str, int] | None:
	"""(what is wrong, row number) of the inspection once it is over; None when it is whole.

	Every line of the checklist has a result ("Not Checked" is one), every severe damage a photo. `damages`: (severity,
	has a photo).
	"""
	if stage not in MAIN_LINE or MAIN_LINE.index(stage) < MAIN_LINE.index(MARKET):
		return None
	for number, result in enumerate(results, 1):
		if not result:
			return NOT_CHECKED, number
	for number, (severity, has_photo) in enumerate(damages, 1):
		if severity == "Severe" and not has_photo:
			return SEVERE_WITHOUT_PHOTO, number
	return None
