"""The demo's people: three departments, one user for each role."""

from dataclasses import dataclass

import frappe
from frappe.utils.password import update_password

DEMO_DOMAIN = "dealer.localhost"
# For a demo that is reached from this machine only; ./dealer gives each bench a password of its own.
DEMO_PASSWORD = "dealer-demo-2026"  # noqa: S105
SALES, SERVICE, BUYOUT = "Отдел продаж", "Сервис", "Отдел выкупа"
DEPARTMENTS = (SALES, SERVICE, BUYOUT)
PIPELINE_DEPARTMENTS = {
	"New Cars": SALES,
	"Used Cars": SALES,
	"Short Payment": SALES,
	"Buyout": BUYOUT,
	"Commission": BUYOUT,
	"Body Repair": SERVICE,
	"Maintenance": SERVICE,
}


@dataclass(frozen=True)
class Person:
	login: str
	first_name: str
	last_name: str
	role: str
	department: str | None

	@property
	def email(self) -> str:
		return f"{self.login}@{DEMO_DOMAIN}"


STAFF = (
	Person("head", "Дмитрий", "Соколов", "Dealer Sales Head", SALES),
	Person("manager", "Анна", "Лебедева", "Dealer Sales Manager", SALES),
	Person("credit", "Ольга", "Кравцова", "Dealer Credit Specialist", SALES),
	Person("appraiser", "Сергей", "Мельников", "Dealer Appraiser", SALES),
	Person("admin", "Екатерина", "Громова", "Dealer Administrator", SALES),
	Person("portal", "Павел", "Орлов", "Dealer Portal Administrator", None),
	Person("marketer", "Мария", "Зайцева", "Dealer Marketer", SALES),
	Person("service", "Игорь", "Фомин", "Dealer Service Advisor", SERVICE),
	Person("mechanic", "Алексей", "Кузьмин", "Dealer Mechanic", SERVICE),
	Person("parts", "Виктор", "Романов", "Dealer Parts Manager", SERVICE),
	Person("buyout", "Николай", "Беляев", "Dealer Buyout Head", BUYOUT),
	Person("diagnostician", "Андрей", "Тихонов", "Dealer Diagnostician", BUYOUT),
	Person("detailing", "Светлана", "Панова", "Dealer Detailing Administrator", BUYOUT),
	Person("photographer", "Роман", "Ершов", "Dealer Photographer", BUYOUT),
)


def email_of(login: str) -> str:
	return f"{login}@{DEMO_DOMAIN}"


def make_staff(made: dict[str, list[str]], password: str | None) -> dict[str, str]:
	"""Departments, users and whose pipeline is whose; returns the departments' document names."""
	departments = {name: _make_department(name, made) for name in DEPARTMENTS}
	for person in STAFF:
		_make_user(person, departments, made)
		update_password(person.email, password or DEMO_PASSWORD)
	for pipeline, department in PIPELINE_DEPARTMENTS.items():
		_give_pipeline(pipeline, departments[department], made)
	return departments


def _make_department(name: str, made: dict[str, list[str]]) -> str:
	company = frappe.db.get_single_value("Dealer Settings", "company") or frappe.defaults.get_global_default(
		"company"
	)
	found = frappe.db.get_value("Department", {"department_name": name, "company": company})
	if found:
		return found
	root = frappe.db.get_value("Department", {"is_group": 1, "parent_department": ("is", "not set")})
	document = frappe.get_doc(
		{"doctype": "Department", "department_name": name, "company": company, "parent_department": root}
	).insert()
	made.setdefault("Department", []).append(document.name)
	return document.name


def _make_user(person: Person, departments: dict[str, str], made: dict[str, list[str]]) -> None:
	if frappe.db.exists("User", person.email):
		return
	user = frappe.get_doc(
		{
			"doctype": "User",
			"email": person.email,
			"first_name": person.first_name,
			"last_name": person.last_name,
			"send_welcome_email": 0,
			"user_type": "System User",
			"dealer_department": departments[person.department] if person.department else None,
			"roles": [{"role": person.role}],
		}
	)
	user.flags.no_welcome_mail = True
	user.insert()
	made.setdefault("User", []).append(user.name)


def _give_pipeline(pipeline: str, department: str, made: dict[str, list[str]]) -> None:
	"""A pipeline that an admin has renamed, or given to somebody, stays as it is."""
	if frappe.db.get_value("Deal Pipeline", pipeline, "department") or not frappe.db.exists(
		"Deal Pipeline", pipeline
	):
		return
	document = frappe.get_doc("Deal Pipeline", pipeline)
	document.department = department
	document.save()
	made.setdefault("Deal Pipeline", []).append(pipeline)
