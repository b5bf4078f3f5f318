"""What became of the rows of one chunk."""

from dataclasses import dataclass, field

from auto_dealer.integrations.bitrix24.rules.rows import ImportedRow, Refusal

CREATED, MERGED, SKIPPED, REFUSED = "created", "merged", "skipped", "refused"


@dataclass
class ChunkResult:
	"""Counts by outcome and the refused rows. Merged: joined a client or a deal that was here already."""

	counts: dict[str, int] = field(
		default_factory=lambda: dict.fromkeys((CREATED, MERGED, SKIPPED, REFUSED), 0)
	)
	refusals: list[Refusal] = field(default_factory=list)

	def count(self, outcome: str) -> None:
		self.counts[outcome] += 1

	def refuse(self, row: ImportedRow, code: str, *values: str) -> None:
		self.take(Refusal(row.line, code, values, row.cells))

	def take(self, refusal: Refusal) -> None:
		self.counts[REFUSED] += 1
		self.refusals.append(refusal)

	def add(self, other: "ChunkResult") -> None:
		for outcome, number in other.counts.items():
			self.counts[outcome] += number
		self.refusals += other.refusals
