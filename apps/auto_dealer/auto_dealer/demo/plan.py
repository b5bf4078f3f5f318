"""What happens at the demo dealer in twelve months: clients, cars, enquiries and how each deal goes. No database.

Everything follows from the seed and from `now`: the same day gives the same dealer.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from auto_dealer.demo.catalogue import NEW, USED, Model, choose, make_vin, price_of
from auto_dealer.demo.names import Client, make_clients, make_plate

SEED = 20240601
CLIENTS = 200
OWNERS = 42
IN_STOCK = 24
ON_COMMISSION = 6
SOLD = 48

SALE_STAGES = (
	"Unsorted",
	"Vehicle Selection",
	"Test Drive",
	"Trade-in and Credit",
	"Vehicle Order",
	"Contract",
	"Payment",
	"Delivery",
)
NEEDS_CAR = {"Contract", "Payment", "Delivery"}
# Deals about the client's own car.
NEEDS_OWN_CAR = ("Buyout", "Commission")
OPEN_STAGES = {
	"New Cars": SALE_STAGES,
	"Used Cars": SALE_STAGES,
	"Buyout": (
		"New Request",
		"Diagnostics",
		"Price Agreement",
		"Deal Done",
		"Detailing",
		"Detailing Done",
		"Photo Shoot",
	),
	"Commission": (
		"New Request",
		"Diagnostics",
		"Contract Signed",
		"Detailing",
		"Detailing Done",
		"Photo Shoot",
	),
	"Body Repair": (
		"First Contact",
		"Inspection/Photo",
		"Agreement",
		"Waiting for the Car",
		"Car in Work",
		"Waiting for Payment",
	),
	"Maintenance": ("Due", "Contacted", "Booked"),
	"Short Payment": ("Waiting for Payment", "Payment Check"),
}
WON_STAGE = {"Buyout": "Passed to Sales", "Commission": "Passed to Sales"}
# Pipeline: open, won, lost deals; how many of them began with a lead.
DEALS = {
	"New Cars": (42, 26, 37, 105),
	"Used Cars": (33, 22, 30, 85),
	"Buyout": (9, 9, 7, 25),
	"Commission": (6, 6, 3, 15),
	"Body Repair": (17, 17, 6, 30),
	"Maintenance": (9, 9, 2, 0),
	"Short Payment": (4, 6, 0, 0),
}
# Leads that became no deal.
LEADS = {"New": 30, "In Progress": 20, "Attached to Deal": 35, "Junk": 25, "Refused": 30}
# Where open sales deals stand: most of the work is at the beginning.
SALE_WEIGHTS = (16, 24, 18, 13, 11, 8, 5, 5)
CHANNELS = {
	"Main Phone": ("Primary Call", 30),
	"Web Site": ("Web Form", 26),
	"Used Car Marketplace": ("Primary Call", 20),
	"Messenger": ("Message", 12),
	"Sales E-mail": ("E-mail", 3),
	"Showroom Visit": ("Primary Visit", 14),
}
SOURCES = (
	"Авито",
	"Авто.ру",
	"Дром",
	"Яндекс Директ",
	"2ГИС",
	"ВКонтакте",
	"Рекомендация",
	"Наружная реклама",
	"",
)
REPEAT_TYPES = ("Secondary Visit", "Secondary Call", "Visit after Call")
LOST_REASONS = {
	"sale": (
		"Too expensive",
		"Bought from a competitor",
		"No suitable car",
		"Credit refused",
		"Changed their mind",
		"Put off the purchase",
		"Does not answer",
		"Trade-in price did not suit",
		"Delivery takes too long",
	),
	"car": ("Owner kept the car", "Technical condition", "Trade-in price did not suit"),
	"service": ("Repaired elsewhere", "Too expensive", "Does not answer"),
}
COMPETITORS = ("Рольф", "Major", "Автомир", "Авилон", "Fresh Auto", "Фаворит Моторс")
WISHES = (
	"Нужен автомат и полный привод.",
	"Интересует кредит с первым взносом 30 %.",
	"Хочет сдать свою машину в трейд-ин.",
	"Просит перезвонить после 18:00.",
	"Важен цвет: белый или серый.",
	"Рассматривает также соседнюю модель.",
	"Покупает для жены, бюджет ограничен.",
	"Нужна машина до конца месяца.",
	"Спрашивает про зимние шины в подарок.",
	"",
	"",
)
DAMAGE = (
	"Передний бампер и левая фара после ДТП.",
	"Вмятина на задней двери, царапины на крыле.",
	"Замена лобового стекла, скол капота.",
	"Покраска крыла и порога.",
	"Повреждён задний борт, нужна сварка.",
)


@dataclass
class Car:
	"""A car of the demo; `owner` is a client's number, `price` what it is sold for."""

	model: Model
	year: int
	vin: str
	plate: str | None
	mileage: int
	ownership: str
	price: int
	color: str
	owner: int | None = None
	name: str | None = None


@dataclass
class Step:
	"""A move to a stage at a moment."""

	stage: str
	at: datetime


@dataclass
class Enquiry:
	"""One contact of a client and what came of it. `status` is the lead's last one; a deal has `pipeline` and `steps`.

	The first step is where the deal begins.
	"""

	at: datetime
	client: int | None
	channel: str
	status: str
	source: str = ""
	model: Model | None = None
	wish: str = ""
	enquiry_type: str = "Primary Call"
	answered: datetime | None = None
	has_lead: bool = True
	pipeline: str | None = None
	steps: list[Step] = field(default_factory=list)
	result: str = ""
	reason: str | None = None
	competitor: str | None = None
	amount: int = 0
	car: Car | None = None
	needs_credit: bool = False
	needs_appraisal: bool = False
	photos: int = 0
	responsible: str | None = None
	comment: str = ""

	@property
	def last_at(self) -> datetime:
		return self.steps[-1].at if self.steps else self.answered or self.at


@dataclass
class Plan:
	clients: list[Client]
	cars: list[Car]
	enquiries: list[Enquiry]


def make_plan(faker, now: datetime) -> Plan:
	"""The whole year in the order in which it happened; clients with an open deal make no second enquiry."""
	random = Random(SEED)
	faker.seed_instance(SEED)
	now = now.replace(microsecond=0)
	clients = make_clients(faker, random, CLIENTS)
	cars = _make_cars(random, now)
	deals = [
		_make_deal(random, now, pipeline, result, number < with_lead)
		for pipeline, (opened, won, lost, with_lead) in DEALS.items()
		for number, result in enumerate(
			_shuffled(random, ["Open"] * opened + ["Won"] * won + ["Lost"] * lost)
		)
	]
	leads = [
		_make_lead(random, now, status)
		for status, count in LEADS.items()
		for _ in range(count)
		if status != "Attached to Deal"
	]
	enquiries = sorted([*deals, *leads], key=lambda enquiry: enquiry.at)
	_give_clients(random, enquiries, cars)
	_give_cars(random, enquiries, cars)
	attached = _make_repeats(random, now, enquiries)
	return Plan(clients, cars, [*enquiries, *attached])


# -- cars ------------------------------------------------------------------------------------------


def _make_cars(random: Random, now: datetime) -> list[Car]:
	owned = [_make_car(random, now, USED, "Client", owner) for owner in random.sample(range(CLIENTS), OWNERS)]
	stock = [_make_car(random, now, NEW if n % 2 else USED, "Own Stock") for n in range(IN_STOCK)]
	commission = [_make_car(random, now, USED, "Commission") for _ in range(ON_COMMISSION)]
	sold = [_make_car(random, now, NEW if n < DEALS["New Cars"][1] else USED, "Sold") for n in range(SOLD)]
	return [*owned, *stock, *commission, *sold]


def _make_car(
	random: Random, now: datetime, models: tuple[Model, ...], ownership: str, owner: int | None = None
) -> Car:
	model = choose(random, models)
	year = now.year if model.is_new else random.randint(now.year - 9, now.year - 2)
	age = now.year - year
	mileage = random.randrange(3, 40) if model.is_new else int(age * random.uniform(9000, 24000) // 100 * 100)
	plate = None if model.is_new and ownership == "Own Stock" else make_plate(random)
	color = random.choice(
		("Белый", "Чёрный", "Серый", "Серебристый", "Синий", "Красный", "Зелёный", "Бежевый")
	)
	price = price_of(random, model, year, now.year)
	return Car(model, year, make_vin(random, model, year), plate, mileage, ownership, price, color, owner)


# -- deals -----------------------------------------------------------------------------------------


def _make_deal(random: Random, now: datetime, pipeline: str, result: str, has_lead: bool) -> Enquiry:
	channel = _channel(random, pipeline)
	deal = Enquiry(now, None, channel, "Converted" if has_lead else "", has_lead=has_lead, pipeline=pipeline)
	deal.enquiry_type = CHANNELS[channel][0]
	deal.result = "" if result == "Open" else result
	_set_subject(random, deal, now)
	stages = _path(random, pipeline, result)
	_set_times(random, deal, stages, now)
	if result == "Lost":
		kind = "car" if pipeline in ("Buyout", "Commission") else "sale" if "Cars" in pipeline else "service"
		deal.reason = random.choice(LOST_REASONS[kind])
		deal.competitor = random.choice(COMPETITORS) if deal.reason == "Bought from a competitor" else None
	deal.photos = random.choice((1, 1, 2)) if "Inspection/Photo" in stages else 0
	if stages[-1] != OPEN_STAGES[pipeline][0]:
		deal.comment = random.choice(WISHES) if "Cars" in pipeline and random.random() < 0.6 else ""
	return deal


def _set_subject(random: Random, deal: Enquiry, now: datetime) -> None:
	"""What the deal is about and for how much."""
	if deal.pipeline in ("New Cars", "Used Cars"):
		models = NEW if deal.pipeline == "New Cars" else USED
		deal.model = choose(random, models)
		year = now.year if deal.model.is_new else random.randint(now.year - 8, now.year - 2)
		deal.amount = price_of(random, deal.model, year, now.year)
		deal.wish = random.choice(WISHES)
		deal.needs_credit = random.random() < 0.4
		deal.needs_appraisal = random.random() < 0.3
	elif deal.pipeline in ("Buyout", "Commission"):
		deal.wish = random.choice(
			("Хочет продать срочно.", "Один владелец, сервисная книжка.", "Ждёт предложение цены.")
		)
		deal.needs_appraisal = True
	elif deal.pipeline == "Body Repair":
		deal.wish = random.choice(DAMAGE)
		deal.amount = random.randrange(18, 240) * 1000
	elif deal.pipeline == "Maintenance":
		deal.wish = random.choice(
			("ТО-15 000", "ТО-30 000", "ТО-45 000", "ТО-60 000", "Замена масла и фильтров")
		)
		deal.amount = random.randrange(9, 46) * 1000
	else:
		deal.wish = random.choice(("Комплект зимних шин", "Дополнительное оборудование", "Полис ОСАГО"))
		deal.amount = random.randrange(8, 120) * 1000


def _path(random: Random, pipeline: str, result: str) -> list[str]:
	"""The stages a deal has gone through; now and then one is left out, as people do."""
	stages = OPEN_STAGES[pipeline]
	if result == "Won":
		path = [
			stage for n, stage in enumerate(stages) if n == 0 or stage in NEEDS_CAR or random.random() > 0.12
		]
		return [*path, WON_STAGE.get(pipeline, "Won")]
	weights = SALE_WEIGHTS if stages is SALE_STAGES else [len(stages) - n + 1 for n in range(len(stages))]
	last = random.choices(range(len(stages)), weights)[0]
	if result == "Lost":
		last = max(1, min(last, len(stages) - 2))
	path = [stage for n, stage in enumerate(stages[: last + 1]) if n in (0, last) or random.random() > 0.12]
	return [*path, "Lost"] if result == "Lost" else path


def _set_times(random: Random, deal: Enquiry, stages: list[str], now: datetime) -> None:
	"""From the enquiry to the last move; what is closed was closed at some time of the year, what is open ends today."""
	gaps = [random.choice((2, 5, 20, 26, 47, 70, 96, 140)) * random.uniform(0.7, 1.2) for _ in stages[1:]]
	if gaps:
		gaps[0] = random.choice((0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.8, 1.5)) * random.uniform(0.7, 1.3)
		if not deal.result:
			# What is open now has been so for some weeks, the older the further it got.
			gaps[1:] = [gap * 2.5 for gap in gaps[1:]]
	took = timedelta(hours=sum(gaps))
	if deal.result:
		# More and more business from month to month.
		closed_before = timedelta(days=1 + 345 * (1 - random.random() ** 0.9))
		at = _office_time(random, now - closed_before - took)
	elif len(stages) == 1:
		at = now - timedelta(
			minutes=random.choice((3, 8, 14, 22, 28, 45, 90, 300, 900)) * random.uniform(0.8, 1.2)
		)
	else:
		stands = timedelta(
			hours=random.choice((1, 3, 8, 20, 26, 44, 60, 110, 260)) * random.uniform(0.6, 1.3)
		)
		at = now - took - stands
	deal.at = at
	moment = at + timedelta(seconds=random.randrange(20, 600) if deal.has_lead else 0)
	deal.steps = [Step(stages[0], min(moment, now))]
	for stage, gap in zip(stages[1:], gaps, strict=True):
		moment += timedelta(hours=gap)
		wished = _office_time(random, moment) if deal.result else moment
		moment = min(max(wished, deal.steps[-1].at + timedelta(minutes=4)), now)
		deal.steps.append(Step(stage, moment))
	deal.answered = deal.steps[1].at if len(stages) > 1 else None


def _office_time(random: Random, moment: datetime) -> datetime:
	"""The same day between 9:00 and 20:00."""
	if 9 <= moment.hour < 20:
		return moment.replace(microsecond=0)
	return moment.replace(
		hour=random.randint(9, 19), minute=random.randrange(60), second=random.randrange(60), microsecond=0
	)


def _channel(random: Random, pipeline: str | None = None) -> str:
	names = [
		name
		for name in CHANNELS
		if name != "Used Car Marketplace" or pipeline in (None, "Used Cars", "Buyout")
	]
	return random.choices(names, [CHANNELS[name][1] for name in names])[0]


# -- leads -----------------------------------------------------------------------------------------


def _make_lead(random: Random, now: datetime, status: str) -> Enquiry:
	channel = _channel(random)
	if status == "New":
		at = now - timedelta(
			minutes=random.choice((4, 9, 16, 25, 40, 80, 200, 700, 1500)) * random.uniform(0.7, 1.4)
		)
	elif status == "In Progress":
		at = now - timedelta(hours=random.uniform(2, 120))
	else:
		at = _office_time(random, now - timedelta(days=1 + 350 * (1 - random.random() ** 0.9)))
	lead = Enquiry(
		at, None, channel, status, random.choice(SOURCES), choose(random, NEW + USED), random.choice(WISHES)
	)
	lead.enquiry_type = CHANNELS[channel][0]
	if status in ("Junk", "Refused"):
		lead.reason = random.choice(("Spam", "Wrong number") if status == "Junk" else LOST_REASONS["sale"])
		lead.enquiry_type = "Wrong Number" if lead.reason == "Wrong number" else lead.enquiry_type
	if status != "New":
		lead.answered = min(at + timedelta(minutes=random.choice((2, 4, 7, 12, 25, 55, 130))), now)
	return lead


def _make_repeats(random: Random, now: datetime, enquiries: list[Enquiry]) -> list[Enquiry]:
	"""Repeat visits and calls of clients whose deal is open."""
	open_deals = [
		deal
		for deal in enquiries
		if deal.pipeline and not deal.result and len(deal.steps) > 1 and deal.has_lead
	]
	repeats = []
	for number in range(LEADS["Attached to Deal"]):
		deal = open_deals[number % len(open_deals)]
		at = deal.steps[0].at + (now - deal.steps[0].at) * random.uniform(0.2, 0.95)
		repeat = Enquiry(
			at, deal.client, random.choice(("Main Phone", "Showroom Visit")), "Attached to Deal", answered=at
		)
		repeat.enquiry_type = random.choice(REPEAT_TYPES)
		repeat.pipeline, repeat.wish = deal.pipeline, random.choice(WISHES)
		repeats.append(repeat)
	return repeats


# -- who and which car -----------------------------------------------------------------------------


def _give_clients(random: Random, enquiries: list[Enquiry], cars: list[Car]) -> None:
	"""Newcomers and returning clients; nobody enquires anew while a deal of his is open."""
	owners = {car.owner for car in cars if car.owner is not None}
	busy_until: dict[int, datetime] = {}
	fresh = [number for number in range(CLIENTS) if number not in owners]
	random.shuffle(fresh)
	for enquiry in enquiries:
		if enquiry.reason == "Wrong number":
			continue
		free = [n for n in range(CLIENTS) if busy_until.get(n, enquiry.at) <= enquiry.at]
		free_owners = [n for n in free if n in owners]
		known = [n for n in free if n in busy_until]
		if enquiry.pipeline in NEEDS_OWN_CAR:
			enquiry.client = random.choice(free_owners)
		elif enquiry.pipeline in ("Body Repair", "Maintenance") and len(free_owners) > len(owners) // 2:
			enquiry.client = random.choice(free_owners)
		elif fresh and (not known or random.random() < 0.62):
			enquiry.client = fresh.pop()
		else:
			enquiry.client = random.choice(known or free)
		ends_open = enquiry.pipeline and not enquiry.result
		busy_until[enquiry.client] = datetime.max if ends_open else enquiry.last_at + timedelta(days=1)


def _give_cars(random: Random, enquiries: list[Enquiry], cars: list[Car]) -> None:
	"""Each won sale has its own sold car, a contract a car from stock; buy-out and service the client's own."""
	own = {car.owner: car for car in cars if car.owner is not None and car.ownership == "Client"}
	sold = {
		kind: [car for car in cars if car.ownership == "Sold" and car.model.is_new == kind]
		for kind in (True, False)
	}
	stock = {
		kind: [
			car for car in cars if car.ownership in ("Own Stock", "Commission") and car.model.is_new == kind
		]
		for kind in (True, False)
	}
	for deal in enquiries:
		if deal.pipeline in ("New Cars", "Used Cars"):
			kind = deal.pipeline == "New Cars"
			if deal.result == "Won":
				deal.car = sold[kind].pop()
				deal.car.owner = deal.client
			elif NEEDS_CAR & {step.stage for step in deal.steps}:
				deal.car = stock[kind].pop(0)
				stock[kind].append(deal.car)
			if deal.car:
				deal.model, deal.amount = deal.car.model, deal.car.price
		elif deal.pipeline and deal.pipeline != "Short Payment":
			deal.car = own.get(deal.client)
			if deal.car and not deal.amount:
				deal.amount = int(deal.car.price * 0.82 // 10000 * 10000)
				deal.model = deal.car.model


def _shuffled(random: Random, values: list[str]) -> list[str]:
	random.shuffle(values)
	return values
