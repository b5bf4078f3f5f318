"""People, firms, phones and plates of the demo, by Faker with a fixed seed. Mobile numbers look true, nobody has them
on purpose: whoever sends real messages from a demo site has switched that on himself."""

from dataclasses import dataclass
from random import Random

# Faker knows every name of the calendar of saints; these are the ones that people bear.
MEN = (
	"Александр Алексей Андрей Антон Артём Вадим Виктор Виталий Владимир Вячеслав Глеб Григорий Денис Дмитрий Евгений "
	"Егор Иван Игорь Илья Кирилл Константин Максим Михаил Никита Николай Олег Павел Роман Руслан Сергей Станислав "
	"Степан Тимур Фёдор Юрий Ярослав"
).split()
WOMEN = (
	"Александра Алина Алла Анастасия Анна Валентина Валерия Вера Виктория Галина Дарья Евгения Екатерина Елена Ирина "
	"Ксения Лариса Людмила Марина Мария Надежда Наталья Оксана Ольга Полина Светлана София Татьяна Юлия Яна"
).split()
FATHERS = (
	"Александров Алексеев Андреев Анатольев Борисов Вадимов Викторов Владимиров Геннадьев Григорьев Дмитриев Евгеньев "
	"Иванов Игорев Михайлов Николаев Олегов Павлов Петров Романов Сергеев Фёдоров Юрьев"
).split()
PLATE_LETTERS = "АВЕКМНОРСТУХ"
REGIONS = (
	"77",
	"97",
	"99",
	"177",
	"197",
	"199",
	"777",
	"797",
	"799",
	"50",
	"150",
	"190",
	"750",
	"790",
	"71",
	"40",
)
OPERATORS = (
	"903",
	"905",
	"906",
	"909",
	"910",
	"915",
	"916",
	"917",
	"925",
	"926",
	"929",
	"962",
	"967",
	"977",
	"985",
	"999",
)
LATIN = str.maketrans(
	{
		**dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziiklmnoprstufye", strict=True)),
		"ё": "e",
		"ж": "zh",
		"х": "kh",
		"ц": "ts",
		"ч": "ch",
		"ш": "sh",
		"щ": "shch",
		"ъ": "",
		"ь": "",
		"ю": "yu",
		"я": "ya",
	}
)


@dataclass(frozen=True)
class Client:
	"""A client of the demo; `company` makes it a firm with this contact person."""

	number: int
	first_name: str
	middle_name: str
	last_name: str
	phones: tuple[str, ...]
	email: str | None
	messenger: str | None
	company: str | None
	kind: str


def make_clients(faker, random: Random, count: int) -> list[Client]:
	"""Different people with different phones."""
	phones: set[str] = set()
	return [_make_client(faker, random, number, phones) for number in range(count)]


def make_plate(random: Random) -> str:
	letters = random.choices(PLATE_LETTERS, k=3)
	return f"{letters[0]}{random.randrange(1, 1000):03d}{letters[1]}{letters[2]}{random.choice(REGIONS)}"


def latin(text: str) -> str:
	"""A Russian name in Latin letters, for an e-mail address."""
	return text.lower().translate(LATIN)


def _make_client(faker, random: Random, number: int, taken: set[str]) -> Client:
	is_woman = random.random() < 0.38
	first = random.choice(WOMEN if is_woman else MEN)
	middle = random.choice(FATHERS) + ("на" if is_woman else "ич")
	last = faker.last_name_female() if is_woman else faker.last_name_male()
	company, kind = None, "Private Person"
	if random.random() < 0.09:
		company = f"ООО «{faker.last_name_male()} {random.choice(('Логистик', 'Строй', 'Трейд', 'Сервис', 'Авто'))}»"
		kind = random.choice(("Company (up to 3 cars)", "Company (5-10 cars)", "Fleet", "Taxi"))
	phones = [_new_phone(random, taken) for _ in range(2 if random.random() < 0.15 else 1)]
	email = f"{latin(first)[:1]}.{latin(last)}{number}@example.com" if random.random() < 0.45 else None
	messenger = f"telegram:{latin(last)}_{number}" if random.random() < 0.2 else None
	return Client(number, first, middle, last, tuple(phones), email, messenger, company, kind)


def _new_phone(random: Random, taken: set[str]) -> str:
	while True:
		phone = f"+7{random.choice(OPERATORS)}{random.randrange(1000000, 9999999)}"
		if phone not in taken:
			taken.add(phone)
			return phone
