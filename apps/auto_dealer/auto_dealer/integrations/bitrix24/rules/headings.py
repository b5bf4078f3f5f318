"""The headings of Bitrix24's CSV exports, Russian and English, and the fields they stand for.

The portal's language decides the headings, and they changed over the years ("Статус" became "Стадия"), so each
field has a list. Case, punctuation, "ё" and the hyphen of "e-mail" make no difference.
"""

import re
from dataclasses import dataclass

CONTACT, LEAD, DEAL = "contact", "lead", "deal"
KINDS = (CONTACT, LEAD, DEAL)

PERSON = {
	"first_name": ("Имя", "First Name", "Name"),
	"middle_name": ("Отчество", "Middle Name", "Second Name"),
	"last_name": ("Фамилия", "Last Name", "Surname"),
	"full_name": ("Полное имя", "ФИО", "Full Name"),
	"company": ("Компания", "Название компании", "Company", "Company Name"),
	"phone": (
		"Телефон",
		"Рабочий телефон",
		"Мобильный телефон",
		"Мобильный",
		"Домашний телефон",
		"Другой телефон",
		"Телефон для рассылок",
		"Телефон для SMS-рассылок",
		"Phone",
		"Work Phone",
		"Mobile",
		"Mobile Phone",
		"Home Phone",
		"Other Phone",
		"Other Phone Number",
		"SMS Marketing Phone",
		"Phone for Newsletters",
	),
	"email": (
		"E-mail",
		"Рабочий e-mail",
		"Частный e-mail",
		"Другой e-mail",
		"E-mail для рассылок",
		"Work E-mail",
		"Home E-mail",
		"Private E-mail",
		"Other E-mail",
		"Newsletters E-mail",
		"E-mail for Newsletters",
	),
	"messenger": (
		"Мессенджер",
		"Telegram",
		"Контакт Telegram",
		"Telegram-аккаунт",
		"WhatsApp",
		"Viber",
		"Контакт Viber",
		"Контакт ВКонтакте",
		"ВКонтакте",
		"VK",
		"Контакт Skype",
		"Skype",
		"Контакт Instagram",
		"Instagram",
		"Другой контакт",
		"Messenger",
		"Telegram Account",
		"Skype ID",
	),
}
COMMON = {
	"id": ("ID",),
	"responsible": ("Ответственный", "Responsible", "Responsible Person", "Assigned To"),
	"responsible_email": ("E-mail ответственного", "Ответственный: E-mail", "Responsible E-mail"),
	"created": (
		"Дата создания",
		"Создан",
		"Создана",
		"Created",
		"Created On",
		"Date Created",
		"Creation Date",
	),
	"modified": ("Дата изменения", "Изменен", "Изменена", "Modified", "Modified On", "Date Modified"),
	"source": ("Источник", "Source"),
	"source_text": ("Дополнительно об источнике", "Source Information", "Source Description"),
	"comment": ("Комментарий", "Комментарии", "Comment", "Comments"),
}
MONEY = {
	"amount": ("Сумма", "Возможная сумма", "Opportunity", "Total", "Amount", "Income", "Deal Amount"),
	"currency": ("Валюта", "Currency"),
	"amount_currency": ("Сумма/Валюта", "Amount/Currency"),
}
LEAD_FIELDS = {
	"title": ("Название лида", "Название", "Lead Name", "Lead Title", "Title"),
	"status": (
		"Статус",
		"Стадия",
		"Статус лида",
		"Стадия лида",
		"Status",
		"Stage",
		"Lead Status",
		"Lead Stage",
	),
	"status_text": (
		"Дополнительно о статусе",
		"Дополнительно о стадии",
		"Status Information",
		"Stage Information",
	),
	"linked_contact": ("Контакт", "Список контактов", "Contact", "Contacts"),
}
DEAL_FIELDS = {
	"title": ("Название сделки", "Название", "Deal Name", "Name", "Deal Title", "Title"),
	"pipeline": ("Воронка", "Направление", "Pipeline", "Category", "Deal Pipeline"),
	"stage": ("Стадия сделки", "Стадия", "Stage", "Deal Stage"),
	"closed": ("Сделка закрыта", "Закрыта", "Closed", "Deal Closed"),
	"stage_group": ("Группа стадий", "Deal Status", "Stage Group"),
	"close_date": (
		"Предполагаемая дата закрытия",
		"Дата завершения",
		"Assumed Close Date",
		"Expected Close Date",
		"End Date",
	),
	"begin_date": ("Дата начала", "Start Date"),
	"linked_contact": ("Контакт", "Клиент", "Список контактов", "Contact", "Contacts", "Client"),
	"lead_id": ("ID лида", "Лид ID", "Лид", "Lead ID", "Lead"),
}
CONTACT_FIELDS = {
	"contact_type": ("Тип контакта", "Contact Type"),
	"post": ("Должность", "Position", "Job Title"),
}
# A deal's own columns come first; the client's come as "Контакт: Имя".
CONTACT_PREFIXES = ("контакт", "клиент", "contact", "client")
# Fields that may be filled from several columns of one file.
COLLECTED = ("phone", "email", "messenger")
# What tells the kinds of exports apart.
SIGNS = {
	LEAD: ("title", "status"),
	DEAL: ("title", "stage"),
	CONTACT: ("contact_type", "first_name", "last_name", "full_name"),
}
MARKS = {
	LEAD: ("названиелида", "leadname", "leadtitle", "статуслида", "leadstatus"),
	DEAL: ("названиесделки", "dealname", "dealtitle", "стадиясделки", "dealstage", "воронка", "pipeline"),
	CONTACT: ("типконтакта", "contacttype"),
}


def fold(heading: str) -> str:
	"""A heading without case, spaces and punctuation."""
	return re.sub(r"[\W_]+", "", heading.casefold().replace("ё", "е"))


def _table(*groups: dict[str, tuple[str, ...]]) -> dict[str, str]:
	return {fold(name): field for group in groups for field, names in group.items() for name in names}


PERSON_TABLE = _table(PERSON)
TABLES = {
	CONTACT: _table(PERSON, COMMON, CONTACT_FIELDS),
	LEAD: _table(PERSON, COMMON, MONEY, LEAD_FIELDS),
	# A deal is no person: a bare "Name" is its title, "Имя" has no meaning without the prefix but does no harm.
	DEAL: _table(PERSON, COMMON, MONEY, DEAL_FIELDS),
}


@dataclass(frozen=True, slots=True)
class Columns:
	"""Where each field stands: `single[field]` is an index, `many[field]` a list of them in the file's order."""

	single: dict[str, int]
	many: dict[str, list[int]]
	unknown: list[str]

	def value(self, cells: list[str], field: str) -> str:
		"""The cell of a field, trimmed; empty when the file has no such column."""
		index = self.single.get(field)
		return cells[index].strip() if index is not None else ""

	def values(self, cells: list[str], field: str) -> list[str]:
		return [text for index in self.many.get(field, ()) if (text := cells[index].strip())]


def map_columns(headings: list[str], kind: str) -> Columns:
	"""The fields of a file of this kind. The first column of a field wins, except for phones, e-mails, messengers."""
	single: dict[str, int] = {}
	many: dict[str, list[int]] = {field: [] for field in COLLECTED}
	unknown: list[str] = []
	for index, heading in enumerate(headings):
		field = _field(heading, kind)
		if field in COLLECTED:
			many[field].append(index)
		elif field and field not in single:
			single[field] = index
		elif not field:
			unknown.append(heading)
	return Columns(single, many, unknown)


def _field(heading: str, kind: str) -> str | None:
	whole = TABLES[kind].get(fold(heading))
	if whole or ":" not in heading:
		return whole
	prefix, rest = heading.split(":", 1)
	if kind == CONTACT or fold(prefix) not in CONTACT_PREFIXES:
		return None
	if fold(rest) == "id":
		return "contact_id"
	return PERSON_TABLE.get(fold(rest))


def guess_kind(headings: list[str]) -> str | None:
	"""Which export this is, by headings that only one kind has; None when they do not say."""
	folded = {fold(heading) for heading in headings}
	found = [kind for kind in KINDS if folded & set(MARKS[kind])]
	return found[0] if len(found) == 1 else None


def missing_columns(columns: Columns, kind: str) -> list[str]:
	"""What a file of this kind cannot do without: its ID, and something that makes it a list of that kind."""
	missing = [] if "id" in columns.single else ["ID"]
	known = {*columns.single, *(field for field, where in columns.many.items() if where)}
	if kind == DEAL and not known & {"stage", "title"}:
		missing.append("Стадия сделки / Stage")
	if kind != DEAL and not known & {"first_name", "last_name", "full_name", "title", *COLLECTED}:
		missing.append("Имя / First Name")
	return missing
