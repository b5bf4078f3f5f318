"""Pipelines as an admin edits them: what is refused, what the deals do, what Frappe's own records say then."""

from __future__ import annotations

import json

import pytest
from factories import make_pipeline, make_pipeline_deal

import frappe
from frappe.model.workflow import get_transitions

from auto_dealer.packs.shipped import list_shipped
from auto_dealer.pipelines.check_pipeline import BadPipeline
from auto_dealer.pipelines.compile_pipeline import compile_pipelines
from auto_dealer.pipelines.save_pipeline import PipelineHoldsDeals, StageHoldsDeals
from auto_dealer.setup.pipelines import add_pipelines

SHIPPED = ["New Cars", "Used Cars", "Buyout", "Commission", "Body Repair", "Maintenance", "Short Payment"]


@pytest.fixture
def pipeline():
	return make_pipeline()


def row(pipeline, stage: str):
	return next(row for row in pipeline.stages if row.stage_name == stage)


def remove(pipeline, stage: str) -> None:
	pipeline.remove(row(pipeline, stage))


def options() -> list[str]:
	return frappe.get_meta("Auto Deal").get_field("stage").options.split("\n")


def columns(pipeline) -> list[tuple]:
	board = frappe.get_doc(
		"Kanban Board", frappe.db.get_value("Deal Pipeline", pipeline.name, "kanban_board")
	)
	return [(column.column_name, column.indicator) for column in board.columns]


# -- what is shipped -------------------------------------------------------------------------------


@pytest.mark.requirement("R18", "R19", "R50", "R51", "R52", "R58", "R59")
def test_shipped_pipelines():
	for name, text in list_shipped().items():
		pipeline, seed = frappe.get_doc("Deal Pipeline", name), json.loads(text)
		assert [stage.stage_name for stage in pipeline.stages] == [
			stage["stage_name"] for stage in seed["stages"]
		]
		for stage in pipeline.stages:
			assert stage.kind != "Open" or (stage.next_step and stage.deadline_hours > 0), stage.stage_name
	assert list(list_shipped()) == SHIPPED
	stages = {name: [s.stage_name for s in frappe.get_doc("Deal Pipeline", name).stages] for name in SHIPPED}
	assert stages["New Cars"] == stages["Used Cars"]
	assert len(stages["New Cars"]) == 8 + 2
	assert "Deal Done" in stages["Buyout"]
	assert "Contract Signed" in stages["Commission"]
	required = frappe.get_all("Deal Pipeline", {"lead_required": 1, "name": ("in", SHIPPED)}, pluck="name")
	assert sorted(required) == ["New Cars", "Used Cars"]


@pytest.mark.requirement("R58", "R70", "R73")
def test_body_repair_asks_for_a_photo_and_ships_the_calculation_switched_off():
	pipeline = frappe.get_doc("Deal Pipeline", "Body Repair")
	assert row(pipeline, "Inspection/Photo").asks_for_attachment
	calculation = row(pipeline, "Cost Calculation")
	assert not calculation.is_enabled
	assert calculation.allowed_roles == "Dealer Appraiser"
	assert "Cost Calculation" not in [name for name, _colour in columns(pipeline)]


@pytest.mark.requirement("R21", "R30", "R31")
def test_admins_edits_and_deletions_survive_a_migrate():
	maintenance = frappe.get_doc("Deal Pipeline", "Maintenance")
	row(maintenance, "Due").stage_name = "ТО скоро"
	row(maintenance, "Contacted").next_step = "Our own text"
	remove(maintenance, "Booked")
	maintenance.save()
	for robot in frappe.get_all("Stage Robot", {"pipeline": "Short Payment"}, pluck="name"):
		frappe.delete_doc("Stage Robot", robot)
	frappe.delete_doc("Deal Pipeline", "Short Payment")
	frappe.delete_doc("Lost Reason", "Spam")
	add_pipelines()
	maintenance.reload()
	assert [stage.stage_name for stage in maintenance.stages] == ["ТО скоро", "Contacted", "Won", "Lost"]
	assert row(maintenance, "Contacted").next_step == "Our own text"
	assert not frappe.db.exists("Deal Pipeline", "Short Payment")
	assert not frappe.db.exists("Lost Reason", "Spam")
	assert not frappe.db.exists("Kanban Board", "Short Payment")


# -- compiling -------------------------------------------------------------------------------------


@pytest.mark.requirement("R20", "R21", "R33")
def test_a_new_pipeline_is_compiled(pipeline):
	workflow = frappe.get_doc("Workflow", "Auto Deal")
	states = [state.state for state in workflow.states]
	assert {"New", "Drive", "Contract", "Payment", "Won", "Lost"} <= set(states)
	assert len(states) == len(set(states))
	assert all(state.is_optional_state for state in workflow.states)
	assert workflow.is_active
	assert options() == ["", *states]
	assert columns(pipeline) == [(stage.stage_name, stage.color) for stage in pipeline.stages]
	board = frappe.get_doc("Kanban Board", pipeline.kanban_board or "Test Pipeline")
	assert json.loads(board.filters)[0] == ["Auto Deal", "pipeline", "=", "Test Pipeline"]
	assert {column.order for column in board.columns} == {"[]"}


def test_compiling_twice_writes_nothing(pipeline):
	before = [
		frappe.db.get_all(doctype, fields=["*"], order_by="name")
		for doctype in (
			"Workflow",
			"Workflow Transition",
			"Property Setter",
			"Kanban Board",
			"Kanban Board Column",
		)
	]
	compile_pipelines()
	after = [
		frappe.db.get_all(doctype, fields=["*"], order_by="name")
		for doctype in (
			"Workflow",
			"Workflow Transition",
			"Property Setter",
			"Kanban Board",
			"Kanban Board Column",
		)
	]
	assert before == after


@pytest.mark.requirement("R111")
def test_the_workflow_offers_the_moves_that_the_guard_allows(pipeline, as_user, user_with):
	row(pipeline, "Payment").allowed_roles = "Dealer Appraiser"
	pipeline.save()
	deal = make_pipeline_deal()
	seen = {}
	for role in ("Dealer Sales Manager", "Dealer Appraiser"):
		with as_user(user_with(role)):
			deal.flags.ignore_permissions = True
			seen[role] = {transition["next_state"] for transition in get_transitions(deal)}
	assert seen["Dealer Sales Manager"] == {"Drive", "Contract", "Won", "Lost"}
	assert seen["Dealer Appraiser"] == {"Drive", "Contract", "Payment", "Won", "Lost"}


@pytest.mark.requirement("R21")
@pytest.mark.parametrize(
	("typed", "kept"),
	[
		("O'Brien & Co", "O'Brien & Co"),
		('Договор "Лада"', "Договор “Лада”"),
		("<b>Hot</b>", "‹b›Hot‹/b›"),
		("🚗 Подбор", "🚗 Подбор"),
		("back\\slash {0} %s {{ x }}", "back\\slash {0} %s {{ x }}"),
	],
)
def test_any_name_works_on_every_way(typed, kept, as_user, user_with):
	pipeline = make_pipeline(f"Воронка {typed}".replace("<b>", "").replace("</b>", ""))
	row(pipeline, "Drive").stage_name = typed
	pipeline.save()
	assert kept in options()
	assert kept in [name for name, _colour in columns(pipeline)]
	deal = make_pipeline_deal(pipeline.name)
	assert kept in {transition["next_state"] for transition in get_transitions(deal)}
	deal.stage = typed
	deal.save()
	assert deal.stage == kept
	assert frappe.db.get_value("Auto Deal", deal.name, "stage") == kept
	assert frappe.db.exists("Deal Stage Log", {"deal": deal.name, "to_stage": kept})


# -- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
	("field", "value", "named"),
	[
		("required_fields", "amount\nnosuch", "nosuch"),
		("required_fields", "stage", "stage"),
		("required_fields", "stage_bar", "stage_bar"),
		("required_fields", "is_closed", "is_closed"),
		("allowed_roles", "Dealer Sales Manager\nNo Such Role", "No Such Role"),
		("entry_condition", "doc.amount >", "entry condition"),
		("entry_condition", "doc.nosuch > 1", "nosuch"),
		("entry_condition", "amount > 1", "amount"),
		("entry_condition", "__import__('os').getcwd()", "entry condition"),
		("entry_condition", "doc.amount / 0 > 1", "division"),
		("entry_condition", "doc.client_name + 1", "entry condition"),
		("stage_name", "  ", "no name"),
		("stage_name", "new", "twice"),
		("stage_name", "Paymént", "tell"),
	],
)
def test_bad_stages_are_refused(pipeline, field, value, named):
	row(pipeline, "Drive").set(field, value)
	with pytest.raises(BadPipeline, match=named):
		pipeline.save()


@pytest.mark.parametrize("stage", ["Won", "Lost"])
def test_a_pipeline_has_all_three_kinds(pipeline, stage):
	remove(pipeline, stage)
	with pytest.raises(BadPipeline, match=stage):
		pipeline.save()


def test_conditions_that_work_are_taken(pipeline):
	stage = row(pipeline, "Drive")
	for condition in (
		"doc.amount > 0 and doc.responsible",
		"doc.get('vehicle') or len(doc.vehicle_of_interest) > 0",
		"doc.expected_close > frappe.utils.now_datetime().date()",
	):
		stage.entry_condition = condition
		pipeline.save()


def test_lists_are_kept_one_per_line(pipeline):
	row(pipeline, "Drive").required_fields = " amount, vehicle\n\namount"
	pipeline.save()
	assert row(pipeline, "Drive").required_fields == "amount\nvehicle"


def test_only_one_default_pipeline():
	make_pipeline("Mine", is_default=1)
	assert frappe.get_all("Deal Pipeline", {"is_default": 1}, pluck="name") == ["Mine"]


# -- deals follow ----------------------------------------------------------------------------------


@pytest.mark.requirement("R21")
def test_a_renamed_stage_takes_its_deals_along(pipeline):
	deal = make_pipeline_deal()
	elsewhere = make_pipeline("Other")
	other = make_pipeline_deal("Other")
	before = frappe.db.get_value("Auto Deal", deal.name, ["modified", "stage_changed_at", "probability"])
	pipeline.reload()
	row(pipeline, "New").stage_name = "Новая заявка"
	pipeline.save()
	assert frappe.db.get_value("Auto Deal", deal.name, "stage") == "Новая заявка"
	assert (
		frappe.db.get_value("Auto Deal", deal.name, ["modified", "stage_changed_at", "probability"]) == before
	)
	assert frappe.db.get_value("Auto Deal", other.name, "stage") == "New"
	logs = frappe.get_all("Deal Stage Log", {"deal": deal.name}, ["from_stage", "to_stage"])
	assert [(log.from_stage, log.to_stage) for log in logs] == [(None, "Новая заявка")]
	assert "Новая заявка" in options()
	assert "New" in options()
	assert columns(pipeline)[0][0] == "Новая заявка"
	assert columns(elsewhere)[0][0] == "New"


@pytest.mark.requirement("R21")
def test_who_still_uses_the_old_name_lands_in_the_renamed_stage(pipeline):
	deal = make_pipeline_deal()
	open_form = frappe.get_doc("Auto Deal", deal.name)
	pipeline.reload()
	row(pipeline, "New").stage_name = "Fresh"
	row(pipeline, "Drive").stage_name = "Ride"
	pipeline.save()
	open_form.competitor = "typed meanwhile"
	open_form.save()
	assert (open_form.stage, open_form.competitor) == ("Fresh", "typed meanwhile")
	open_form.stage = "Drive"
	open_form.save()
	assert open_form.stage == "Ride"


def test_two_stages_swap_their_names(pipeline):
	first, second = make_pipeline_deal(), make_pipeline_deal(stage="Drive")
	pipeline.reload()
	row(pipeline, "New").stage_name = "~"
	row(pipeline, "Drive").stage_name = "New"
	row(pipeline, "~").stage_name = "Drive"
	pipeline.save()
	assert frappe.db.get_value("Auto Deal", first.name, "stage") == "Drive"
	assert frappe.db.get_value("Auto Deal", second.name, "stage") == "New"


@pytest.mark.requirement("R21")
@pytest.mark.parametrize("way", ["removed", "switched off", "made final"])
def test_a_stage_that_holds_deals_goes_only_with_a_target(pipeline, way):
	deal = make_pipeline_deal(stage="Drive")

	def edit():
		fresh = frappe.get_doc("Deal Pipeline", pipeline.name)
		stage = row(fresh, "Drive")
		if way == "removed":
			fresh.remove(stage)
		elif way == "switched off":
			stage.is_enabled = 0
		else:
			stage.kind = "Won"
		return fresh

	with pytest.raises(StageHoldsDeals):
		edit().save()
	held = frappe.response["stage_holds_deals"]
	assert held["stages"] == {"Drive": 1}
	assert held["choices"] == ["New", "Contract", "Payment"]
	for wrong in ("Drive", "Nowhere", "Lost"):
		fresh = edit()
		fresh.move_removed_to = wrong
		with pytest.raises(StageHoldsDeals):
			fresh.save()
	fresh = edit()
	row(fresh, "Contract").probability = 55
	fresh.move_removed_to = "Contract"
	fresh.save()
	deal.reload()
	assert (deal.stage, deal.probability, deal.is_closed) == ("Contract", 55, 0)
	log = frappe.get_last_doc("Deal Stage Log", {"deal": deal.name, "to_stage": "Contract"})
	assert (log.from_stage, log.changed_by) == ("Drive", "Administrator")
	assert log.reason
	assert not frappe.db.get_value("Deal Pipeline", pipeline.name, "move_removed_to")


def test_a_target_that_takes_the_name_of_the_stage_that_goes(pipeline):
	"""Drive goes, and Contract is from now on called Drive."""
	deal = make_pipeline_deal(stage="Drive")
	standing = make_pipeline_deal(stage="Contract")
	pipeline.reload()
	remove(pipeline, "Drive")
	row(pipeline, "Contract").stage_name = "Drive"
	pipeline.move_removed_to = "Drive"
	pipeline.save()
	for name in (deal.name, standing.name):
		assert frappe.db.get_value("Auto Deal", name, "stage") == "Drive"


def test_deadline_and_probability_follow_an_edit(pipeline):
	deal = make_pipeline_deal()
	pipeline.reload()
	row(pipeline, "New").update({"deadline_hours": 1.5, "probability": 33})
	pipeline.save()
	deal.reload()
	assert deal.probability == 33
	assert (deal.stage_deadline - deal.stage_changed_at).total_seconds() == 5400
	row(pipeline, "New").deadline_hours = 0
	pipeline.save()
	assert frappe.db.get_value("Auto Deal", deal.name, "stage_deadline") is None


def test_a_reordered_pipeline_changes_no_deal(pipeline):
	deal = make_pipeline_deal(stage="Drive")
	pipeline.reload()
	pipeline.stages.insert(0, pipeline.stages.pop(1))
	for number, stage in enumerate(pipeline.stages, 1):
		stage.idx = number
	pipeline.save()
	assert [name for name, _colour in columns(pipeline)][:2] == ["Drive", "New"]
	assert frappe.db.get_value("Auto Deal", deal.name, "stage") == "Drive"


# -- rename and delete of the pipeline -------------------------------------------------------------


@pytest.mark.requirement("R20")
def test_renamed_pipeline_keeps_deals_board_and_workflow(pipeline):
	deal = make_pipeline_deal()
	frappe.rename_doc("Deal Pipeline", "Test Pipeline", "Тест «Б»")
	deal.reload()
	assert deal.pipeline == "Тест «Б»"
	board = frappe.get_doc("Kanban Board", "Тест «Б»")
	assert json.loads(board.filters)[0][3] == "Тест «Б»"
	assert not frappe.db.exists("Kanban Board", "Test Pipeline")
	assert "Drive" in {transition["next_state"] for transition in get_transitions(deal)}
	deal.stage = "Drive"
	deal.save()
	assert deal.stage == "Drive"


def test_pipelines_are_not_merged(pipeline):
	make_pipeline("Other")
	with pytest.raises(frappe.ValidationError, match="merged"):
		frappe.rename_doc("Deal Pipeline", "Other", "Test Pipeline", merge=True)


@pytest.mark.requirement("R20")
def test_a_pipeline_with_deals_or_history_is_not_deleted(pipeline):
	make_pipeline("Empty")
	for _number in range(2):
		deal = make_pipeline_deal()
	with pytest.raises(PipelineHoldsDeals, match="2 deals"):
		frappe.delete_doc("Deal Pipeline", "Test Pipeline")
	frappe.delete_doc("Deal Pipeline", "Empty")
	assert not frappe.db.exists("Kanban Board", "Empty")
	assert "Empty" not in str([t.condition for t in frappe.get_doc("Workflow", "Auto Deal").transitions])
	frappe.db.sql("update `tabAuto Deal` set pipeline = 'Buyout' where pipeline = 'Test Pipeline'")
	with pytest.raises(PipelineHoldsDeals, match="history"):
		frappe.delete_doc("Deal Pipeline", "Test Pipeline")
	assert frappe.db.exists("Deal Stage Log", {"deal": deal.name})


# -- who may edit ----------------------------------------------------------------------------------


@pytest.mark.requirement("R21", "R108")
@pytest.mark.parametrize(
	("role", "may"),
	[
		("Dealer Administrator", True),
		("Dealer Portal Administrator", True),
		("Dealer Sales Head", True),
		("Dealer Sales Manager", False),
		("Dealer Marketer", False),
	],
)
def test_who_edits_pipelines(pipeline, as_user, user_with, role, may):
	"""The compiled records are written for whoever may edit the pipeline, without a right on Workflow."""
	with as_user(user_with(role)):
		doc = frappe.get_doc("Deal Pipeline", pipeline.name)
		row(doc, "Drive").stage_name = "Ride"
		if may:
			doc.save()
			assert "Ride" in options()
		else:
			with pytest.raises(frappe.PermissionError):
				doc.save()
