"""The demo's workshop: services, norms and their prices, people, bays and when they work."""

from __future__ import annotations

from datetime import date

import frappe
from frappe.utils import getdate, today

from auto_dealer.demo.staff import email_of

WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOLIDAYS = "Праздники (демо)"
# Month, day: on these the demo dealer is closed.
CLOSED_DAYS = ((1, 1), (1, 2), (1, 7), (5, 9), (12, 31))
EARLY, LATE, EVERY_DAY = "Сервис: первая смена", "Сервис: вторая смена", "Сервис: ежедневно"
SALES_DAYS = "Продажи: ежедневно"
# Calendar: weekdays, start, end, break.
CALENDARS = {
	EARLY: (WEEK[:6], "08:00:00", "17:00:00", ("12:00:00", "13:00:00")),
	LATE: (WEEK[1:], "11:00:00", "20:00:00", ("15:00:00", "16:00:00")),
	EVERY_DAY: (WEEK, "08:00:00", "20:00:00", None),
	SALES_DAYS: (WEEK, "09:00:00", "21:00:00", None),
}
MAINTENANCE, ENGINE, CHASSIS = "Maintenance", "Engine and Transmission", "Chassis and Brakes"
ELECTRICS, TYRES, BODY, PAINT, CLIMATE = (
	*("Electrics and Diagnostics", "Tyre Fitting", "Body Repair", "Painting", "Air Conditioning"),
)
# Name: kind, capacity, calendar, skills, login of the demo's user.
RESOURCES = {
	"Алексей Кузьмин": ("Mechanic", 1, EARLY, (MAINTENANCE, ENGINE, CHASSIS), "mechanic"),
	"Олег Сорокин": ("Mechanic", 1, EARLY, (MAINTENANCE, CHASSIS, TYRES), None),
	"Денис Яковлев": ("Mechanic", 1, LATE, (MAINTENANCE, ENGINE, CLIMATE), None),
	"Руслан Гареев": ("Mechanic", 1, LATE, (MAINTENANCE, ELECTRICS, CLIMATE), None),
	"Михаил Дроздов": ("Mechanic", 1, EARLY, (TYRES, CHASSIS), None),
	"Юрий Самойлов": ("Mechanic", 1, EARLY, (BODY, PAINT), None),
	"Подъёмник 1": ("Lift", 1, EVERY_DAY, (), None),
	"Подъёмник 2": ("Lift", 1, EVERY_DAY, (), None),
	"Подъёмник 3": ("Lift", 1, EVERY_DAY, (), None),
	"Пост шиномонтажа": ("Bay", 1, EVERY_DAY, (TYRES,), None),
	"Кузовной пост": ("Bay", 2, EVERY_DAY, (BODY,), None),
	"Диагностический стенд": ("Diagnostic Stand", 1, EVERY_DAY, (), None),
	"Тестовый Haval Jolion": ("Test-Drive Car", 1, SALES_DAYS, (), None),
	"Тестовый Chery Tiggo 7 Pro": ("Test-Drive Car", 1, SALES_DAYS, (), None),
	"Стол Анны Лебедевой": ("Salesperson Desk", 1, SALES_DAYS, (), "manager"),
	"Стол Дмитрия Соколова": ("Salesperson Desk", 1, SALES_DAYS, (), "head"),
}
# Name: code, group, skill, hours without a norm, hours by model.
OPERATIONS = {
	"Замена масла в двигателе": ("Д-01", "Scheduled Maintenance", MAINTENANCE, 0.5, {"UAZ Patriot": 0.7}),
	"Замена воздушного фильтра": ("Д-02", "Scheduled Maintenance", MAINTENANCE, 0.2, {}),
	"Замена салонного фильтра": ("Д-03", "Scheduled Maintenance", MAINTENANCE, 0.3, {"Lada Vesta": 0.5}),
	"Замена свечей зажигания": (
		"Д-04",
		"Scheduled Maintenance",
		MAINTENANCE,
		0.6,
		{"Volkswagen Tiguan": 0.8},
	),
	"Осмотр по листу ТО": ("Д-05", "Scheduled Maintenance", MAINTENANCE, 0.5, {}),
	"Замена ремня ГРМ": ("Д-10", "Post-Warranty Repair", ENGINE, 3.0, {"Lada Vesta": 2.4, "Kia Rio": 3.2}),
	"Замена масла в АКП": ("Т-01", "Post-Warranty Repair", ENGINE, 1.2, {"Toyota Camry": 1.0}),
	"Замена передних тормозных колодок": (
		"Х-01",
		"Post-Warranty Repair",
		CHASSIS,
		0.8,
		{"Toyota Camry": 0.7},
	),
	"Замена передних тормозных дисков": ("Х-02", "Post-Warranty Repair", CHASSIS, 1.4, {}),
	"Замена передних амортизаторов": ("Х-03", "Post-Warranty Repair", CHASSIS, 2.2, {"Kia Rio": 2.0}),
	"Регулировка сход-развала": ("Х-04", "Post-Warranty Repair", CHASSIS, 1.0, {}),
	"Компьютерная диагностика": ("Э-01", "Diagnostics", ELECTRICS, 0.7, {}),
	"Диагностика ходовой части": ("Э-02", "Diagnostics", CHASSIS, 0.6, {}),
	"Замена аккумулятора": ("Э-03", "Post-Warranty Repair", ELECTRICS, 0.3, {}),
	"Заправка кондиционера": ("К-01", "Post-Warranty Repair", CLIMATE, 0.8, {}),
	"Снятие и установка колеса": ("Ш-01", "Tyre Service", TYRES, 0.1, {}),
	"Монтаж и балансировка колеса": ("Ш-02", "Tyre Service", TYRES, 0.2, {}),
	"Окраска бампера": ("Б-01", "Body Work", PAINT, 4.0, {}),
	"Снятие и установка переднего бампера": ("Б-02", "Body Work", BODY, 1.0, {"Kia Rio": 0.9}),
}
RATES = (
	{"rate": 2400},
	{"rate": 1900, "is_warranty": 1},
	{"rate": 3000, "group": "Diagnostics"},
	{"rate": 2100, "client_kind": "Fleet"},
)
SMALL_MAINTENANCE = ("Замена масла в двигателе", "Замена салонного фильтра", "Осмотр по листу ТО")
BIG_MAINTENANCE = (*SMALL_MAINTENANCE, "Замена воздушного фильтра", "Замена свечей зажигания")
LIFT, BAY, STAND = ("Lift", None), ("Bay", None), ("Diagnostic Stand", None)
ANYONE = ("Mechanic", None)
# Name: group, fixed price (0: from norms), minutes (0: from norms), operations, needs, words, popular, online.
OFFERINGS = (
	("ТО-1 (15 000 км)", "Scheduled Maintenance", 0, 0, SMALL_MAINTENANCE, (LIFT, ANYONE), "то1 малое то", 1, 1),
	("ТО-2 (30 000 км)", "Scheduled Maintenance", 0, 0, BIG_MAINTENANCE, (LIFT, ANYONE), "то2 большое то", 1, 1),
	("Замена масла и фильтра", "Scheduled Maintenance", 1500, 45, (), (LIFT, ("Mechanic", MAINTENANCE)), "масло", 1, 1),
	("Сезонная смена колёс", "Tyre Service", 2400, 45, (), (("Bay", TYRES), ("Mechanic", TYRES)), "переобувка шиномонтаж", 1, 1),
	("Балансировка четырёх колёс", "Tyre Service", 1600, 40, (), (("Bay", TYRES), ("Mechanic", TYRES)), "", 0, 1),
	("Компьютерная диагностика автомобиля", "Diagnostics", 0, 0, ("Компьютерная диагностика",), (STAND, ANYONE), "чек ошибка", 1, 1),
	("Диагностика ходовой", "Diagnostics", 1200, 45, (), (LIFT, ("Mechanic", CHASSIS)), "подвеска стучит", 1, 1),
	("Сход-развал", "Post-Warranty Repair", 2800, 60, (), (LIFT, ("Mechanic", CHASSIS)), "развал", 1, 1),
	("Замена передних колодок", "Post-Warranty Repair", 0, 0, ("Замена передних тормозных колодок",), (LIFT, ANYONE), "тормоза", 1, 1),
	("Замена тормозных дисков и колодок", "Post-Warranty Repair", 0, 0, ("Замена передних тормозных дисков", "Замена передних тормозных колодок"), (LIFT, ANYONE), "тормоза", 0, 0),
	("Замена ремня ГРМ с роликами", "Post-Warranty Repair", 0, 0, ("Замена ремня ГРМ",), (LIFT, ANYONE), "грм", 0, 0),
	("Замена масла в коробке", "Post-Warranty Repair", 0, 0, ("Замена масла в АКП",), (LIFT, ANYONE), "акпп вариатор", 0, 1),
	("Заправка кондиционера с проверкой", "Post-Warranty Repair", 3200, 60, (), (("Mechanic", CLIMATE),), "климат фреон", 1, 1),
	("Гарантийная диагностика", "Warranty Repair", 0, 60, (), (LIFT, ("Mechanic", ELECTRICS)), "гарантия", 1, 0),
	("Осмотр кузова и оценка ремонта", "Body Work", 0, 30, (), (("Bay", BODY),), "дтп вмятина", 1, 1),
	("Окраска бампера с разборкой", "Body Work", 0, 0, ("Снятие и установка переднего бампера", "Окраска бампера"), (("Bay", BODY), ANYONE), "", 0, 0),
	("Полировка кузова", "Detailing", 12000, 360, (), (("Bay", BODY),), "детейлинг", 0, 0),
	("Тест-драйв", "Test Drive", 0, 45, (), (("Test-Drive Car", None), ("Salesperson Desk", None)), "пробная поездка", 1, 1),
	("Оформление договора купли-продажи", "Contract Appointment", 0, 60, (), (("Salesperson Desk", None),), "договор сделка", 1, 1),
)  # fmt: skip


def make_workshop(made: dict[str, list[str]]) -> None:
	"""What exists under these names stays as it is."""
	holidays = _make_holidays(made)
	for name, (days, start, end, pause) in CALENDARS.items():
		times = {"start": start, "end": end}
		if pause:
			times["break_start"], times["break_end"] = pause
		rows = [{"weekday": day, **times} for day in days]
		_make("Working Calendar", name, made, calendar_name=name, holiday_list=holidays, shifts=rows)
	_make_operations(made)
	_make_rates(made)
	_make_offerings(made)
	_make_resources(made)


def _make(doctype: str, name: str, made: dict[str, list[str]], **values) -> str:
	if not frappe.db.exists(doctype, name):
		made.setdefault(doctype, []).append(frappe.get_doc({"doctype": doctype, **values}).insert().name)
	return name


def _make_holidays(made: dict[str, list[str]]) -> str:
	year = getdate(today()).year
	days = [date(each, month, day) for each in (year, year + 1) for month, day in CLOSED_DAYS]
	rows = [{"holiday_date": day, "description": "Выходной"} for day in days]
	span = {"from_date": date(year, 1, 1), "to_date": date(year + 1, 12, 31)}
	return _make("Holiday List", HOLIDAYS, made, holiday_list_name=HOLIDAYS, holidays=rows, **span)


def _make_operations(made: dict[str, list[str]]) -> None:
	for name, (code, group, skill, hours, by_model) in OPERATIONS.items():
		if frappe.db.exists("Labour Operation", name):
			continue
		values = {
			"code": code,
			"group": _known("Service Group", group),
			"skill": _known("Service Skill", skill),
		}
		_make("Labour Operation", name, made, operation_name=name, default_hours=hours, **values)
		for model, its_hours in by_model.items():
			if frappe.db.exists("Vehicle Model", model):
				norm = {"operation": name, "model": model, "hours": its_hours, "source": "Хронометраж"}
				doc = frappe.get_doc({"doctype": "Labour Norm", **norm}).insert()
				made.setdefault("Labour Norm", []).append(doc.name)


def _make_rates(made: dict[str, list[str]]) -> None:
	"""Only where the dealer has none."""
	if frappe.db.count("Labour Rate"):
		return
	start = date(getdate(today()).year - 1, 1, 1)
	for rate in RATES:
		linked = (("group", "Service Group"), ("client_kind", "Client Kind"))
		if all(not rate.get(field) or frappe.db.exists(doctype, rate[field]) for field, doctype in linked):
			doc = frappe.get_doc({"doctype": "Labour Rate", "valid_from": start, **rate}).insert()
			made.setdefault("Labour Rate", []).append(doc.name)


def _make_offerings(made: dict[str, list[str]]) -> None:
	for order, row in enumerate(OFFERINGS, 1):
		name, group, price, minutes, operations, needs, words, popular, online = row
		if not frappe.db.exists("Service Group", group):
			continue
		values = {
			"group": group,
			"price_kind": "From Norms" if operations and not price else "Fixed",
			"price": price,
			"duration_minutes": minutes,
			"operations": [{"operation": operation, "qty": 1} for operation in operations],
			"needs": [
				{"resource_kind": kind, "skill": _known("Service Skill", skill), "count": 1}
				for kind, skill in needs
			],
			"search_words": words,
			"is_popular": popular,
			"is_bookable_online": online,
			"sort_order": order * 10,
		}
		_make("Service Offering", name, made, offering_name=name, **values)


def _make_resources(made: dict[str, list[str]]) -> None:
	for order, (name, (kind, capacity, calendar, skills, login)) in enumerate(RESOURCES.items(), 1):
		user = login and email_of(login)
		if user and frappe.db.exists("Service Resource", {"user": user, "resource_kind": kind}):
			user = None
		values = {
			"resource_kind": kind,
			"capacity": capacity,
			"working_calendar": calendar,
			"skills": [{"skill": skill} for skill in skills if _known("Service Skill", skill)],
			"user": user if user and frappe.db.exists("User", user) else None,
			"sort_order": order * 10,
		}
		_make("Service Resource", name, made, resource_name=name, **values)


def _known(doctype: str, name: str | None) -> str | None:
	"""An admin may have deleted or renamed what the installation gave."""
	return name if name and frappe.db.exists(doctype, name) else None
