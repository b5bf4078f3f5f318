"""The models of the demo: share of the market, price in roubles, and how their VINs begin.

The first three characters of each VIN are the true code of the plant's maker (WMI), the next ones look as they do on
such cars. Chinese VINs carry a right check digit, Russian and European ones mostly do not: as in life.
"""

from dataclasses import dataclass
from random import Random

from auto_dealer.vehicles.rules.vin import check_digit

YEAR_CODES = dict(zip(range(2010, 2031), "ABCDEFGHJKLMNPRSTVWXY", strict=True))


@dataclass(frozen=True)
class Model:
	"""`name` is the Vehicle Model's; `price` that of a new car; `vin` the first eight characters."""

	name: str
	price: int
	vin: str
	plant: str
	body: str
	engine: str
	weight: int = 3
	is_new: bool = True

	@property
	def make(self) -> str:
		return next(make for make in MAKES if self.name.startswith(f"{make} "))

	@property
	def short_name(self) -> str:
		return self.name


MAKES = (
	"Lada",
	"Haval",
	"Chery",
	"Geely",
	"Changan",
	"Exeed",
	"Omoda",
	"Tank",
	"Jetour",
	"UAZ",
	"GAZ",
	"Toyota",
	"Kia",
	"Hyundai",
	"Volkswagen",
	"Skoda",
	"Renault",
	"Nissan",
	"Mazda",
	"Mitsubishi",
	"BMW",
	"Mercedes-Benz",
	"Audi",
	"Ford",
	"Lexus",
)
NEW = (
	Model("Lada Vesta", 1490000, "XTAGFL11", "Y", "Sedan", "1.6 (106 л. с.)", 8),
	Model("Lada Granta", 890000, "XTA21907", "0", "Sedan", "1.6 (90 л. с.)", 7),
	Model("Lada Niva Travel", 1390000, "XTA21230", "5", "SUV", "1.7 (80 л. с.)", 4),
	Model("Haval Jolion", 2349000, "XZGFF04A", "A", "Crossover", "1.5T (150 л. с.)", 7),
	Model("Haval F7", 2899000, "XZGFF06A", "A", "Crossover", "2.0T (190 л. с.)", 4),
	Model("Haval Dargo", 3199000, "XZGFF08A", "A", "Crossover", "2.0T (192 л. с.)", 3),
	Model("Chery Tiggo 4 Pro", 1999000, "LVVDB11B", "D", "Crossover", "1.5 (113 л. с.)", 5),
	Model("Chery Tiggo 7 Pro Max", 2690000, "LVVDB21B", "D", "Crossover", "1.6T (150 л. с.)", 6),
	Model("Chery Tiggo 8 Pro Max", 3790000, "LVTDB24B", "D", "Crossover", "2.0T (197 л. с.)", 3),
	Model("Geely Monjaro", 4190000, "LB37922S", "N", "Crossover", "2.0T (238 л. с.)", 5),
	Model("Geely Coolray", 2519990, "Y7W8742S", "B", "Crossover", "1.5T (147 л. с.)", 5),
	Model("Geely Atlas", 3279990, "L6T7922S", "N", "Crossover", "2.0T (200 л. с.)", 4),
	Model("Changan UNI-K", 4399900, "LS5A3AKE", "B", "Crossover", "2.0T (226 л. с.)", 2),
	Model("Changan CS35 Plus", 2249900, "LS5A3DKR", "B", "Crossover", "1.4T (158 л. с.)", 3),
	Model("Exeed RX", 4750000, "LVTDD24B", "D", "Crossover", "2.0T (249 л. с.)", 2),
	Model("Omoda C5", 2459900, "LVVDD21B", "D", "Crossover", "1.5T (147 л. с.)", 4),
	Model("Tank 300", 4399000, "LGWFF7A5", "C", "SUV", "2.0T (220 л. с.)", 3),
	Model("Jetour Dashing", 2729900, "LNNBBDAT", "F", "Crossover", "1.6T (190 л. с.)", 2),
	Model("UAZ Patriot", 1749000, "XTT31638", "0", "SUV", "2.7 (150 л. с.)", 2),
)
USED = (
	Model("Toyota Camry", 2450000, "XW7BN4FK", "S", "Sedan", "2.5 (181 л. с.)", 7, False),
	Model("Toyota RAV4", 2690000, "XW7DFREV", "S", "Crossover", "2.0 (149 л. с.)", 6, False),
	Model("Kia Rio", 1190000, "Z94C241B", "R", "Sedan", "1.6 (123 л. с.)", 8, False),
	Model("Kia Sportage", 2190000, "XWEPH81A", "C", "Crossover", "2.0 (150 л. с.)", 5, False),
	Model("Hyundai Solaris", 1150000, "Z94K241C", "R", "Sedan", "1.6 (123 л. с.)", 8, False),
	Model("Hyundai Creta", 1790000, "Z94G2811", "R", "Crossover", "2.0 (149 л. с.)", 6, False),
	Model("Volkswagen Polo", 1240000, "XW8ZZZ61", "G", "Liftback", "1.6 (110 л. с.)", 6, False),
	Model("Volkswagen Tiguan", 2090000, "XW8ZZZ5N", "G", "Crossover", "1.4T (150 л. с.)", 4, False),
	Model("Skoda Octavia", 1690000, "XW8AC4NE", "H", "Liftback", "1.4T (150 л. с.)", 5, False),
	Model("Skoda Rapid", 1150000, "XW8AC2NH", "K", "Liftback", "1.6 (110 л. с.)", 4, False),
	Model("Renault Duster", 1290000, "X7LHSRGA", "6", "Crossover", "2.0 (143 л. с.)", 5, False),
	Model("Nissan Qashqai", 1790000, "Z8NFBAJ1", "S", "Crossover", "2.0 (144 л. с.)", 4, False),
	Model("Mazda CX-5", 2390000, "RUMKE897", "V", "Crossover", "2.0 (150 л. с.)", 4, False),
	Model("Mitsubishi Outlander", 1990000, "Z8TXTGF3", "M", "Crossover", "2.0 (146 л. с.)", 3, False),
	Model("BMW X5", 5490000, "X4XCV895", "L", "SUV", "3.0d (249 л. с.)", 2, False),
	Model("Mercedes-Benz E-Class", 4290000, "W1K2130U", "A", "Sedan", "2.0 (197 л. с.)", 2, False),
	Model("Audi A6", 3590000, "WAUZZZF2", "N", "Sedan", "2.0T (190 л. с.)", 2, False),
	Model("Ford Focus", 790000, "X9FKXXEE", "B", "Hatchback", "1.6 (105 л. с.)", 4, False),
	Model("Lexus RX", 4690000, "JTJBAMCA", "0", "Crossover", "2.0T (238 л. с.)", 2, False),
	Model("GAZ GAZelle Next", 1990000, "X96A21R2", "0", "Van", "2.7 (107 л. с.)", 3, False),
)


def choose(random: Random, models: tuple[Model, ...]) -> Model:
	return random.choices(models, [model.weight for model in models])[0]


def make_vin(random: Random, model: Model, year: int) -> str:
	"""Seventeen characters that `vehicles.rules.vin` accepts."""
	serial = f"{random.randrange(1000, 999999):06d}"
	vin = f"{model.vin}0{YEAR_CODES[year]}{model.plant}{serial}"
	return vin[:8] + check_digit(vin) + vin[9:] if vin.startswith(("L", "J", "R")) else vin


def price_of(random: Random, model: Model, year: int, this_year: int) -> int:
	"""Rounded as on a price tag; a used car loses about a tenth a year."""
	price = model.price * (1 if model.is_new else 0.91 ** max(this_year - year - 3, 0))
	return int(round(price * random.uniform(0.94, 1.06) / 10000) * 10000)
