"""What a fresh site gets, and what every migrate makes sure of. All steps are idempotent: what exists is left alone."""

from auto_dealer.setup.appraisal import add_appraisal
from auto_dealer.setup.client_index import index_clients
from auto_dealer.setup.contracts import add_contract_kinds
from auto_dealer.setup.credit import add_credit
from auto_dealer.setup.custom_fields import add_custom_fields
from auto_dealer.setup.enquiry_masters import add_enquiry_masters
from auto_dealer.setup.masters import add_masters
from auto_dealer.setup.payments import add_payments
from auto_dealer.setup.pipelines import add_pipelines
from auto_dealer.setup.portal import add_portal
from auto_dealer.setup.preparation import add_preparation
from auto_dealer.setup.retention import add_retention
from auto_dealer.setup.robots import add_robots
from auto_dealer.setup.roles import add_foreign_rights, add_role_scopes, add_roles
from auto_dealer.setup.sequences import add_sequences
from auto_dealer.setup.vehicle_register import add_register_stages
from auto_dealer.setup.work_orders import add_work_orders
from auto_dealer.setup.workshop import add_workshop


def after_install():
	make_sure()


def after_migrate():
	make_sure()


def make_sure():
	"""Everything the app needs on a site besides its DocTypes."""
	add_roles()
	add_sequences()
	add_custom_fields()
	add_role_scopes()
	add_foreign_rights()
	add_masters()
	add_pipelines()
	add_register_stages()
	add_enquiry_masters()
	add_portal()
	add_robots()
	add_payments()
	add_contract_kinds()
	add_credit()
	add_preparation()
	add_workshop()
	add_work_orders()
	add_appraisal()
	add_retention()
	index_clients()
