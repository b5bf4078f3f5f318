"""Where a contract may go, and what it needs for that.

Draft → Signed → Executed
  ↘        ↘
   Terminated
"""

from __future__ import annotations

from dataclasses import dataclass

DRAFT, SIGNED, EXECUTED, TERMINATED = "Draft", "Signed", "Executed", "Terminated"
WAYS = {
	DRAFT: (SIGNED, TERMINATED),
	SIGNED: (EXECUTED, TERMINATED),
	EXECUTED: (),
	TERMINATED: (),
}


@dataclass(frozen=True)
class ContractFacts:
	"""What a contract has when it is to change its state."""

	has_client: bool = True
	has_amount: bool = True
	has_vehicle: bool = True
	has_text: bool = True
	needs_vehicle: bool = True
	termination_reason: str = ""


def may_go(from_state: str, to_state: str) -> bool:
	return to_state in WAYS.get(from_state, ())


def is_live(state: str) -> bool:
	"""Whether the contract stands in the way of another one of its kind for the same deal."""
	return state != TERMINATED


def find_problems(from_state: str, to_state: str, facts: ContractFacts) -> list[str]:
	"""Why the contract may not change its state; [] when it may. Of: way, client, amount, vehicle, text, reason."""
	if not may_go(from_state, to_state):
		return ["way"]
	if to_state == TERMINATED:
		return [] if facts.termination_reason.strip() else ["reason"]
	if to_state != SIGNED:
		return []
	asked = {
		"client": facts.has_client,
		"amount": facts.has_amount,
		"vehicle": facts.has_vehicle or not facts.needs_vehicle,
		"text": facts.has_text,
	}
	return [problem for problem, is_there in asked.items() if not is_there]
