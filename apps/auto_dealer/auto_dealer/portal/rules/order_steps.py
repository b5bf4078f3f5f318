"""Where an order stands, as its client sees it: six steps instead of the workshop's stages."""

from __future__ import annotations

STEPS = ("Accepted", "Inspection", "Estimate", "In Work", "Ready", "Handed Over")
STEP_OF = {
	"New": 0,
	"Inspection": 1,
	"Estimate": 2,
	"Agreed": 2,
	"In Work": 3,
	"Quality Check": 3,
	"Ready": 4,
	"Handed Over": 5,
	"Closed": 5,
}


def find_step(stage: str) -> int | None:
	"""The place in STEPS; None for a cancelled order and for stages that are not known."""
	return STEP_OF.get(stage)


def read_answers(value: object) -> dict[str, bool] | None:
	"""{line: approved?} of what a browser sent; None when it is anything else."""
	if not isinstance(value, dict) or not value or len(value) > 500:
		return None
	if not all(isinstance(line, str) and isinstance(answer, bool) for line, answer in value.items()):
		return None
	return dict(value)
