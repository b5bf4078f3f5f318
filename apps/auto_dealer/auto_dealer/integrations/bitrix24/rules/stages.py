"""The names of Bitrix24's stages, statuses and pipelines, and what they are here."""

import re
from dataclasses import dataclass, field

from auto_dealer.integrations.bitrix24.rules.headings import fold

JUNK = "Junk"
LEAD_STATUSES = {
	"New": ("Не обработан", "Новый", "Новый лид", "Unassigned", "New", "Unprocessed"),
	"In Progress": (
		"В работе",
		"Обработан",
		"Назначен ответственный",
		"Уточнение информации",
		"Не удалось связаться",
		"Обработка приостановлена",
		"In progress",
		"Processed",
		"Responsible Assigned",
		"Waiting for Details",
		"Cannot Contact",
		"On Hold",
	),
	"Converted": ("Качественный лид", "Сконвертирован", "Good lead", "Converted"),
	JUNK: ("Некачественный лид", "Спам", "Брак", "Junk lead", "Junk", "Spam"),
	"Refused": ("Отказ", "Отказ клиента", "Клиент отказался", "Refused", "Rejected", "Lost"),
}
WON_NAMES = (
	"Сделка успешна",
	"Успешна",
	"Успех",
	"Успешно реализовано",
	"Deal won",
	"Won",
	"Close won",
	"Success",
)
LOST_NAMES = (
	"Сделка провалена",
	"Провалена",
	"Провал",
	"Отказ",
	"Анализ причины провала",
	"Закрыто и не реализовано",
	"Deal lost",
	"Lost",
	"Close lost",
	"Analyze failure",
	"Failed",
)
FIRST_NAMES = (
	"Новая",
	"Новая сделка",
	"Новая заявка",
	"Неразобранное",
	"New",
	"New deal",
	"Unsorted",
	"Start",
)
# Russian names of the shipped stages and pipelines (decision 4 of the requirements) and their usual variants.
STAGE_NAMES = {
	"Unsorted": ("Неразобранное",),
	"Vehicle Selection": ("Выбор автомобиля", "Подбор автомобиля", "Подбор авто"),
	"Test Drive": ("Тест-драйв", "Тестдрайв"),
	"Trade-in and Credit": ("Трейд-ин и кредит", "Трейд-ин", "Кредит", "Кредит и трейд-ин"),
	"Vehicle Order": ("Заказ автомобиля", "Заказ авто"),
	"Contract": ("Договор", "Подписание договора"),
	"Payment": ("Оплата",),
	"Delivery": ("Выдача", "Выдача автомобиля"),
	"New Request": ("Новая заявка", "Новая"),
	"Diagnostics": ("Диагностика",),
	"Price Agreement": ("Согласование цены",),
	"Deal Done": ("Сделка состоялась",),
	"Contract Signed": ("Договор подписан",),
	"Detailing": ("Детейлинг",),
	"Detailing Done": ("Детейлинг выполнен",),
	"Photo Shoot": ("Фотосъёмка", "Фотосессия"),
	"Passed to Sales": ("Передан в продажу", "Передано в продажу"),
	"First Contact": ("Первый контакт",),
	"Inspection/Photo": ("Осмотр/фото", "Осмотр"),
	"Cost Calculation": ("Расчёт стоимости",),
	"Agreement": ("Согласование",),
	"Waiting for the Car": ("Ждём машину", "Ожидание машины", "Ожидаем машину"),
	"Car in Work": ("Машина в работе", "Авто в работе"),
	"Waiting for Payment": ("Ожидание оплаты", "Ждём оплату"),
	"Payment Check": ("Контроль оплаты",),
	"Due": ("Подошёл срок", "Пора на ТО"),
	"Contacted": ("Связались",),
	"Booked": ("Записан",),
}
PIPELINE_NAMES = {
	"New Cars": ("Новые автомобили", "Новые авто", "Автосалон"),
	"Used Cars": ("Авто с пробегом", "Автомобили с пробегом"),
	"Buyout": ("Выкуп", "Выкуп автомобилей", "Выкуп авто"),
	"Commission": ("Комиссия", "Приём на комиссию"),
	"Body Repair": ("Кузовной ремонт", "СТО Кузовной ремонт"),
	"Maintenance": ("ТО", "Техобслуживание", "Техническое обслуживание"),
	"Short Payment": ("Короткая оплата",),
}


def _folded(names: dict[str, tuple[str, ...]]) -> dict[str, str]:
	return {fold(name): ours for ours, theirs in names.items() for name in (ours, *theirs)}


LEAD_STATUS_TABLE = _folded(LEAD_STATUSES)
STAGE_TABLE = _folded(STAGE_NAMES)
PIPELINE_TABLE = _folded(PIPELINE_NAMES)
WON_TABLE = frozenset(map(fold, WON_NAMES))
LOST_TABLE = frozenset(map(fold, LOST_NAMES))
FIRST_TABLE = frozenset(map(fold, FIRST_NAMES))


@dataclass(frozen=True, slots=True)
class StageInfo:
	"""A stage that deals may be in. `kind` is Open, Won or Lost; `shown_as` are its translations and former names."""

	name: str
	kind: str
	shown_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PipelineInfo:
	name: str
	stages: tuple[StageInfo, ...]
	shown_as: tuple[str, ...] = ()

	def first(self) -> StageInfo:
		return next((stage for stage in self.stages if stage.kind == "Open"), self.stages[0])

	def final(self, kind: str) -> StageInfo | None:
		return next((stage for stage in self.stages if stage.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Placement:
	"""Where a deal lands; `unknown` are the names that were not recognised, to be kept in its comment."""

	pipeline: PipelineInfo
	stage: StageInfo
	unknown: dict[str, str] = field(default_factory=dict)


def lead_status(name: str) -> tuple[str, bool]:
	"""Our status of a lead, and whether the name was recognised; an unknown stage of work is In Progress."""
	if not name:
		return "New", True
	known = LEAD_STATUS_TABLE.get(fold(name))
	return (known, True) if known else ("In Progress", False)


def find_pipeline(name: str, pipelines: tuple[PipelineInfo, ...]) -> PipelineInfo | None:
	wanted = fold(name)
	for pipeline in pipelines:
		if wanted in map(fold, (pipeline.name, *pipeline.shown_as)):
			return pipeline
	alias = PIPELINE_TABLE.get(wanted)
	return next((pipeline for pipeline in pipelines if pipeline.name == alias), None)


def find_stage(name: str, pipeline: PipelineInfo) -> StageInfo | None:
	"""By its own name or a translation, then by the names Bitrix24 gives such a stage."""
	wanted = fold(re.sub(r"^\d+[.)]\s*", "", name))
	for stage in pipeline.stages:
		if wanted in map(fold, (stage.name, *stage.shown_as)):
			return stage
	alias = STAGE_TABLE.get(wanted)
	if known := next((stage for stage in pipeline.stages if stage.name == alias), None):
		return known
	for table, kind in ((WON_TABLE, "Won"), (LOST_TABLE, "Lost")):
		if wanted in table:
			return pipeline.final(kind)
	return pipeline.first() if wanted in FIRST_TABLE else None


def place_deal(
	pipeline_name: str, stage_name: str, pipelines: tuple[PipelineInfo, ...], default: PipelineInfo
) -> Placement:
	"""The pipeline and stage of a deal; unknown names lead to the default pipeline or the first stage."""
	unknown: dict[str, str] = {}
	pipeline = find_pipeline(pipeline_name, pipelines) if pipeline_name else default
	if pipeline is None:
		unknown["pipeline"] = pipeline_name
		pipeline = default
	stage = find_stage(stage_name, pipeline) if stage_name else pipeline.first()
	if stage is None:
		unknown["stage"] = stage_name
		stage = pipeline.first()
	return Placement(pipeline, stage, unknown)
