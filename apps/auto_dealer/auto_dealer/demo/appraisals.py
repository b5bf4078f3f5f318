"""Appraisals that look worked on: those of open deals at different stages, the others closed with their deals."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import frappe
from frappe.model.workflow import apply_workflow

SEED = 2027
MOST_OPEN = 12
# Model → price of a five years old one with 80 000 km.
CARS = {
	"Toyota Camry": 2_250_000,
	"Kia Rio": 1_150_000,
	"Lada Vesta": 890_000,
	"Hyundai Solaris": 1_120_000,
	"Skoda Octavia": 1_650_000,
}
DAMAGES = (
	{
		"zone": "Bodywork",
		"part": "Бампер передний",
		"kind": "Scratch",
		"severity": "Minor",
		"repair_cost": 12_000,
	},
	{"zone": "Bodywork", "part": "Крыло левое", "kind": "Repainted", "severity": "Minor", "repair_cost": 0},
	{
		"zone": "Wheels and Brakes",
		"part": "Шины",
		"kind": "Wear",
		"severity": "Moderate",
		"repair_cost": 38_000,
	},
	{"zone": "Interior", "part": "Обивка сиденья", "kind": "Wear", "severity": "Minor", "repair_cost": 9_000},
)
WAY = ("Start Inspection", "Research the Market", "Prepare an Offer", "Make the Offer", "Client Agrees")
SOURCES = ("Авито", "Авто.ру", "Дром")


def work_on_appraisals(made: dict[str, list[str]]) -> None:
	"""Of the demo's deals only. The cars are invented, their models are among the dealer's."""
	random = Random(SEED)
	deals = made.get("Auto Deal") or [""]
	rows = frappe.get_all(
		"Vehicle Appraisal", {"deal": ("in", deals)}, ["name", "deal"], order_by="name desc"
	)
	models = [model for model in CARS if frappe.db.exists("Vehicle Model", model)]
	open_ones = 0
	for row in rows:
		deal = frappe.db.get_value("Auto Deal", row.deal, ["is_closed", "creation"], as_dict=True)
		if deal.is_closed or not models or open_ones >= MOST_OPEN:
			decline(row.name)
		else:
			open_ones += 1
			advance(row.name, random.choice(models), open_ones % (len(WAY) + 1), random)
		date_back(row.name, deal.creation)


def advance(name: str, model: str, steps: int, random: Random) -> None:
	"""Inspected and priced, then so many steps along the workflow."""
	appraisal = frappe.get_doc("Vehicle Appraisal", name)
	year, price = random.randint(2018, 2022), CARS[model]
	appraisal.update(
		{"model": model, "year": year, "mileage": random.randint(40, 140) * 1_000, "color": "Белый"}
	)
	if not appraisal.vin:
		appraisal.frame_number = f"DEMO{random.randint(10**6, 10**7)}"
	appraisal.other_preparation = 25_000
	for check in appraisal.checks:
		check.result = "Good" if random.random() < 0.85 else "With Remarks"
	for damage in random.sample(DAMAGES, 2):
		appraisal.append("damages", damage)
	for number in range(4):
		asked = round(price * random.uniform(0.9, 1.1), -4)
		appraisal.append(
			"comparables",
			{
				"title": f"{model}, {('Москва', 'Химки', 'Тула', 'Казань')[number]}",
				"year": year + random.randint(-1, 1),
				"mileage": random.randint(40, 140) * 1_000,
				"price": asked,
				"source": random.choice(SOURCES),
			},
		)
	appraisal.save()
	for action in WAY[:steps]:
		if action == "Make the Offer":
			offer = {"kind": "Our Offer", "price": appraisal.recommended_price, "answer": "Thinking"}
			appraisal.append("offers", offer)
			appraisal.save()
		if action == "Client Agrees":
			appraisal.offers[-1].answer = "Accepted"
			appraisal.save()
		appraisal = apply_workflow(appraisal, action)


def decline(name: str) -> None:
	"""The deal is over, so its appraisal is."""
	appraisal = frappe.get_doc("Vehicle Appraisal", name)
	appraisal.closing_reason = "Клиент решил не сдавать автомобиль"
	appraisal.save()
	apply_workflow(appraisal, "Decline")
	frappe.db.set_value("ToDo", {"reference_name": name}, "status", "Closed")


def date_back(name: str, creation) -> None:
	times = {"creation": creation, "last_event_at": creation + timedelta(hours=3)}
	frappe.db.set_value("Vehicle Appraisal", name, times, update_modified=False)
