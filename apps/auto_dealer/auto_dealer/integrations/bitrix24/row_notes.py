"""What a row says and no field takes: kept as text, so that an import loses nothing."""

from frappe import _

from auto_dealer.integrations.bitrix24.rules.headings import LEAD
from auto_dealer.integrations.bitrix24.rules.rows import ImportedRow


def notes_of(row: ImportedRow, unknown: dict[str, str] | None = None) -> str:
	"""Lines of text; `unknown` are names that nothing here answers to: stage, pipeline, status, responsible, source."""
	labels = {
		"pipeline": _("Pipeline in Bitrix24"),
		"stage": _("Stage in Bitrix24"),
		"status": _("Status in Bitrix24"),
		"responsible": _("Responsible in Bitrix24"),
		"source": _("Source in Bitrix24"),
	}
	lines = []
	if row.kind == LEAD and row.title and row.title != row.person.full_name:
		lines.append(row.title)
	lines += [text for text in (row.comment, row.status_text) if text]
	lines += [f"{labels[name]}: {value}" for name, value in (unknown or {}).items() if value]
	if row.person.unread_phones:
		lines.append(f"{_('Phone as written')}: {', '.join(row.person.unread_phones)}")
	if row.person.company and row.person.company != row.person.full_name:
		lines.append(f"{_('Company')}: {row.person.company}")
	if len(row.person.messengers) > 1:
		lines.append(f"{_('Messenger')}: {', '.join(row.person.messengers[1:])}")
	return "\n".join(lines)
