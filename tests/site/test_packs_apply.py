"""Packs of pipelines: exported, compared, applied, rolled back; shipped ones on fresh and on old sites."""

from __future__ import annotations

import json

import pytest
from factories import make_pipeline, make_pipeline_deal, make_robot, make_row, make_staff

import frappe

from auto_dealer.packs import api, apply_pack, export_pack, roll_back
from auto_dealer.packs.check_pack import BadPack
from auto_dealer.packs.pack_log import WrittenByHand
from auto_dealer.packs.roll_back import LaterEdits, NotApplied
from auto_dealer.packs.rules.pack_format import write
from auto_dealer.packs.shipped import list_shipped
from auto_dealer.packs.write_pack import PackIsStale
from auto_dealer.pipelines.save_pipeline import PipelineHoldsDeals, StageHoldsDeals
from auto_dealer.robots import drain, load_robots
from auto_dealer.setup.pipelines import add_pipelines
from auto_dealer.setup.robots import add_robots

PIPELINE = "Test Pipeline"
PORTAL = "Dealer Portal Administrator"


@pytest.fixture
def pipeline():
	return make_pipeline()


def exported(pipeline: str = PIPELINE) -> dict:
	return export_pack.export_pack(pipeline)


def file_of(pack: dict) -> str:
	return write(pack)


def apply(pack: dict, **values) -> str:
	"""As the desk does it: look, then apply what was looked at."""
	content = file_of(pack)
	token = apply_pack.preview(content, values.get("pipeline"))["token"]
	return apply_pack.apply_pack(content, token, **values)


def stage(pack: dict, name: str) -> dict:
	return next(row for row in pack["stages"] if row["stage_name"] == name)


def without(pack: dict, name: str) -> dict:
	pack["stages"].remove(stage(pack, name))
	return pack


def lines(preview: dict, part: str) -> dict[str, tuple[str, list]]:
	"""title → (kind, [(label, before, after)])."""
	sections = {section["part"]: section["items"] for section in preview["changes"]}
	return {
		item["title"]: (item["kind"], [tuple(line.values()) for line in item["lines"]])
		for item in sections.get(part, [])
	}


# -- round trip ------------------------------------------------------------------------------------


@pytest.mark.requirement("R58")
def test_a_pipeline_travels_whole(pipeline):
	"""Exported, applied under another name, exported again: the same file but for the name."""
	pipeline.stages[1].update(
		{
			"deadline_hours": 2.5,
			"probability": 40,
			"allowed_roles": "Dealer Appraiser",
			"required_fields": "amount",
			"asks_for_attachment": 1,
			"entry_condition": "doc.amount > 0",
			"condition_message": "The sum is missing",
			"next_step": "Call",
		}
	)
	pipeline.stages[2].is_enabled = 0
	pipeline.save()
	make_robot(stage="Drive", event="Time in Stage", delay=2, title="waits", until_condition="amount > 1")
	make_robot(stage="Payment", action="Move Stage", target_stage="Won", title="closes", is_enabled=0)
	first = exported()
	apply(first, pipeline="Another Pipeline")
	second = exported("Another Pipeline")
	assert second.pop("title") == second["pipeline"].pop("pipeline_name") == "Another Pipeline"
	first.pop("title"), first["pipeline"].pop("pipeline_name")
	for robot in (*first["robots"], *second["robots"]):
		robot.pop("key", None)
	assert second == first
	assert len(first["robots"]) == 2
	assert first["rights"]["roles"] == ["Dealer Appraiser"]
	assert apply_pack.preview(file_of(exported()))["changes"] == []


def test_a_file_is_compared_before_it_is_applied(pipeline):
	make_robot(title="stays")
	make_robot(title="goes", stage="Drive")
	pack = exported()
	stage(pack, "Drive").update({"deadline_hours": 5, "required_fields": "amount\nresponsible"})
	without(pack, "Payment")
	pack["stages"].insert(1, {"stage_name": "Photo", "color": "Pink"})
	pack["robots"] = [robot for robot in pack["robots"] if robot["title"] == "stays"]
	pack["robots"][0]["subject"] = "another text"
	pack["robots"].append({"key": "new", "title": "comes", "stage": "Photo", "subject": "x"})
	pack["pipeline"]["is_strict"] = 1
	before = exported()
	seen = apply_pack.preview(file_of(pack))
	assert exported() == before, "a preview changes nothing"
	assert lines(seen, "stages") == {
		"Drive": (
			"changed",
			[("Deadline (Hours)", "—", "5"), ("Required Fields", "—", "amount\nresponsible")],
		),
		"Photo": ("added", []),
		"Payment": ("removed", []),
	}
	assert lines(seen, "robots") == {
		"stays": ("changed", [("Subject", "{{ doc.title }}", "another text")]),
		"comes": ("added", []),
		"goes": ("removed", []),
	}
	assert lines(seen, "pipeline")[PIPELINE][1][0][1:] == ("No", "Yes")
	assert "Stages: 1 added, 1 changed, 1 removed." in seen["summary"]
	apply(pack)
	assert exported()["stages"] == pack["stages"]
	assert {robot["title"] for robot in exported()["robots"]} == {"stays", "comes"}


def test_stages_that_a_pack_renames_take_their_deals_along(pipeline):
	deal = make_pipeline_deal(stage="New")
	pack = exported()
	stage(pack, "New").update({"stage_name": "Fresh", "former_names": "New"})
	name = apply(pack)
	assert frappe.db.get_value("Auto Deal", deal.name, "stage") == "Fresh"
	roll_back.roll_back(name)
	assert frappe.db.get_value("Auto Deal", deal.name, "stage") == "New"
	assert "former_names" not in stage(exported(), "New")


# -- deals of stages that go -----------------------------------------------------------------------


def deals_in(stage_name: str, count: int = 2) -> list[str]:
	names = []
	for _number in range(count):
		deal = make_pipeline_deal()
		deal.stage = stage_name
		deal.flags.stage_reason = "test"
		names.append(deal.save().name)
	return names


def stage_of(deal: str) -> str:
	return frappe.db.get_value("Auto Deal", deal, "stage")


def test_deals_of_a_stage_that_goes_are_never_lost(pipeline):
	payment, contract = deals_in("Payment"), deals_in("Contract", 1)
	before = exported()
	pack = without(without(exported(), "Payment"), "Contract")
	held = apply_pack.preview(file_of(pack))["held"]
	assert [(row["stage"], row["count"]) for row in held] == [("Contract", 1), ("Payment", 2)]
	assert held[1]["choices"] == ["Drive", "New"]
	with pytest.raises(StageHoldsDeals):
		apply(pack)
	assert (exported(), {stage_of(deal) for deal in payment}) == (before, {"Payment"})
	with pytest.raises(StageHoldsDeals):
		apply(pack, targets={"Payment": "Drive", "Contract": "Won"})
	name = apply(pack, targets={"Payment": "Drive", "Contract": "New"})
	assert {stage_of(deal) for deal in payment} == {"Drive"}
	assert {stage_of(deal) for deal in contract} == {"New"}
	assert frappe.db.get_value("Pipeline Pack", name, "deals_moved") == 3


def test_a_roll_back_returns_the_deals_that_nobody_has_moved_since(pipeline):
	moved_on, stays = deals_in("Payment")
	before = exported()
	name = apply(without(exported(), "Payment"), targets={"Payment": "Drive"})
	deal = frappe.get_doc("Auto Deal", moved_on)
	deal.stage = "Contract"
	deal.save()
	roll_back.roll_back(name)
	assert exported() == before
	assert (stage_of(moved_on), stage_of(stays)) == ("Contract", "Payment")
	log = frappe.get_all(
		"Deal Stage Log", {"deal": stays}, ["from_stage", "to_stage", "reason"], order_by="changed_at desc"
	)
	assert log[0] == {"from_stage": "Drive", "to_stage": "Payment", "reason": "The pack was rolled back"}


# -- the way back ----------------------------------------------------------------------------------


def test_a_roll_back_restores_exactly_what_was(pipeline):
	kept = make_robot(title="stays", stage="Drive")
	gone = make_robot(title="goes", stage="Payment", event="Repeat in Stage", repeat_every=1)
	rows = {row.stage_name: row.name for row in pipeline.stages}
	before = exported()
	pack = without(exported(), "Payment")
	stage(pack, "Drive").update({"stage_name": "Test Drive", "former_names": "Drive", "color": "Red"})
	pack["stages"].insert(0, {"stage_name": "Very New", "deadline_hours": 1})
	pack["robots"] = [{"key": kept.name, "title": "stays", "stage": "Test Drive", "subject": "y"}]
	pack["robots"].append({"key": "k", "title": "new", "stage": "Very New", "subject": "z", "is_enabled": 1})
	pack["pipeline"] |= {"deal_kind": "Repair", "sort_order": 99}
	name = apply(pack)
	assert exported() != before
	roll_back.roll_back(name)
	assert exported() == before
	pipeline.reload()
	assert {row.stage_name: row.name for row in pipeline.stages} == rows
	assert frappe.db.exists("Stage Robot", gone.name), "it is the same robot again, with its log"
	log = frappe.get_doc("Pipeline Pack", name)
	assert (log.status, log.rolled_back_by) == ("Rolled Back", "Administrator")
	with pytest.raises(NotApplied):
		roll_back.roll_back(name)
	assert load_robots.find(gone.name)
	told = api.get_changes(name)
	assert "Stages: 1 added, 1 changed, 1 removed." in told["summary"]
	assert lines(told, "stages")["Payment"] == ("removed", [])
	frappe.local.lang = "ru"
	assert "добавлено" in api.get_changes(name)["summary"]
	frappe.local.lang = "en"


def test_later_edits_are_not_lost_unseen(pipeline):
	pack = exported()
	stage(pack, "Drive")["color"] = "Red"
	first = apply(pack)
	stage(pack, "Drive")["color"] = "Green"
	second = apply(pack)
	with pytest.raises(LaterEdits) as refused:
		roll_back.roll_back(first)
	assert frappe.response["later_edits"][0]["items"][0]["title"] == "Drive"
	assert "Roll these packs back first" in str(refused.value)
	roll_back.roll_back(second)
	make_robot(title="typed by hand")
	with pytest.raises(LaterEdits) as refused:
		roll_back.roll_back(first)
	assert "Robots: 1 added." in str(refused.value)
	assert frappe.db.get_value("Pipeline Pack", first, "status") == "Applied"
	roll_back.roll_back(first, lose_later_edits=True)
	assert exported()["robots"] == []


def test_a_pipeline_that_a_pack_made_goes_again_unless_deals_came(pipeline):
	name = apply(exported(), pipeline="Made by a Pack")
	make_pipeline_deal("Made by a Pack")
	with pytest.raises(PipelineHoldsDeals):
		roll_back.roll_back(name)
	frappe.db.rollback()


def test_an_unused_pipeline_that_a_pack_made_goes_with_its_robots(pipeline):
	make_robot(stage="Drive")
	name = apply(exported(), pipeline="Made by a Pack")
	assert frappe.db.count("Stage Robot", {"pipeline": "Made by a Pack"}) == 1
	roll_back.roll_back(name)
	assert not frappe.db.exists("Deal Pipeline", "Made by a Pack")
	assert not frappe.db.exists("Stage Robot", {"pipeline": "Made by a Pack"})
	assert frappe.db.get_value("Pipeline Pack", name, "status") == "Rolled Back"


# -- templates and scripts -------------------------------------------------------------------------


def script(name: str = "Packed script", code: str = "made = 'x'"):
	return make_row("Server Script", name=name, script_type="API", api_method="packed_script", script=code)


def test_scripts_travel_and_come_back(pipeline):
	script()
	make_robot(action="Run Server Script", server_script="Packed script", stage="Drive")
	pack = exported()
	assert pack["server_scripts"] == [
		{"name": "Packed script", "api_method": "packed_script", "script": "made = 'x'"}
	]
	pack["server_scripts"][0]["script"] = "made = 'y'"
	assert lines(apply_pack.preview(file_of(pack)), "server_scripts")["Packed script"][1][0][1:] == (
		"made = 'x'",
		"made = 'y'",
	)
	name = apply(pack)
	assert frappe.db.get_value("Server Script", "Packed script", "script") == "made = 'y'"
	roll_back.roll_back(name)
	assert frappe.db.get_value("Server Script", "Packed script", "script") == "made = 'x'"


def test_a_script_that_the_pack_did_not_bring_stays(pipeline):
	"""The robot of the pack names a script that the site has: neither a change nor the pack's to take away."""
	script()
	pack = exported()
	pack["robots"] = [
		{
			"key": "s",
			"title": "s",
			"stage": "Drive",
			"action": "Run Server Script",
			"server_script": "Packed script",
		}
	]
	name = apply(pack)
	assert api.get_changes(name)["summary"] == "Robots: 1 added."
	roll_back.roll_back(name)
	assert frappe.db.exists("Server Script", "Packed script")


def test_a_script_comes_as_type_api_and_goes_with_the_roll_back(pipeline):
	pack = exported()
	pack["server_scripts"] = [{"name": "Brought", "api_method": "brought", "script": "made = 1"}]
	pack["robots"] = [
		{
			"key": "s",
			"title": "s",
			"stage": "Drive",
			"action": "Run Server Script",
			"server_script": "Brought",
		}
	]
	name = apply(pack)
	assert frappe.db.get_value("Server Script", "Brought", ["script_type", "allow_guest"]) == ("API", 0)
	roll_back.roll_back(name)
	assert not frappe.db.exists("Server Script", "Brought")


def test_templates_travel_with_the_robots_that_use_them(pipeline):
	"""Exported with the robot, brought to a site that lacks it, restored by the roll-back; a client gets its text."""
	body = "<p>Hello, {{ contact.full_name }}!</p><p>Deal&nbsp;{{ doc.name }}</p>"
	make_row(
		"Email Template", name="Packed letter", subject="About {{ doc.title }}", response=body, use_html=0
	)
	make_robot(stage="Drive", action="Message Client", email_template="Packed letter", send_by="Email")
	pack = exported()
	assert [row["name"] for row in pack["email_templates"]] == ["Packed letter"]
	deal = make_pipeline_deal()
	deal.stage = "Drive"
	deal.save()
	drain.drain()
	message = frappe.get_last_doc("Client Message", {"reference_name": deal.name})
	assert (message.subject, message.text) == (
		f"About {deal.title}",
		f"Hello, Иван Петров!\nDeal {deal.name}",
	)
	frappe.db.sql("delete from `tabStage Robot` where pipeline = %s", PIPELINE)
	frappe.db.sql("delete from `tabEmail Template` where name = 'Packed letter'")
	name = apply(pack)
	assert frappe.db.get_value("Email Template", "Packed letter", "response") == body
	roll_back.roll_back(name)
	assert not frappe.db.exists("Email Template", "Packed letter")


# -- what cannot be applied ------------------------------------------------------------------------


def broken(**changes) -> str:
	return json.dumps({**exported(), **changes})


@pytest.mark.parametrize(
	("content", "words"),
	[
		(lambda: "", "empty"),
		(lambda: file_of(exported())[:-40], "damaged: line and column"),
		(lambda: "[1, 2]", "no pack of a pipeline"),
		(lambda: '{"doctype": "Deal Pipeline"}', "no pack of a pipeline"),
		(lambda: broken(format_version=2), "newer version of the app (format 2)"),
		(lambda: broken(format_version="1"), "does not say its version"),
		(lambda: broken(stages="New"), "wrong kind"),
		(lambda: broken(pipeline=None), "missing"),
		(lambda: broken(pipeline={"pipeline_name": "x", "colour": "Red"}), "Customize Form"),
		(lambda: broken(stages=[{"stage_name": "A"}, {"stage_name": "A"}]), "there twice"),
		(lambda: broken(stages=[{"stage_name": "A", "color": "Ultraviolet"}]), "none of the choices"),
		(lambda: broken(stages=[{"stage_name": "A", "deadline_hours": "two"}]), "wrong kind"),
		(lambda: broken(robots=[{"title": "keyless"}]), "missing"),
	],
)
def test_files_that_are_no_packs_say_what_is_wrong(pipeline, content, words):
	with pytest.raises(BadPack) as refused:
		apply_pack.preview(content())
	assert words in str(refused.value)


def test_what_the_site_lacks_is_named_with_what_to_do(pipeline):
	pack = exported()
	stage(pack, "Drive").update({"allowed_roles": "Wizard", "required_fields": "amount\nmana"})
	pack["robots"] = [
		{"key": "a", "title": "a", "stage": "New", "recipient": "Role", "recipient_role": "Druid"},
		{"key": "b", "title": "b", "action": "Create Document", "target_doctype": "Spell"},
	]
	told = "\n".join(apply_pack.preview(file_of(pack))["obstacles"])
	assert "no role Wizard, which is named in: Drive. Make it in the list of roles" in told
	assert "no role Druid" in told
	assert "asks for the field mana, which deals do not have here. Add it in Customize Form" in told
	assert "Robot b: there is no DocType Spell here" in told
	with pytest.raises(BadPack):
		apply(pack)


@pytest.mark.parametrize(
	("change", "words"),
	[
		(lambda pack: without(pack, "Won"), "kind Won"),
		(lambda pack: stage(pack, "Drive").update(entry_condition="doc.mana > 1"), "no field mana"),
		(
			lambda pack: pack["robots"].append({"key": "r", "title": "r", "stage": "Nowhere"}),
			"no stage Nowhere",
		),
		(
			lambda pack: pack["robots"].append({"key": "r", "title": "r", "condition": "mana > 1"}),
			"no field mana",
		),
		(
			lambda pack: pack["robots"].append(
				{"key": "r", "title": "r", "action": "Move Stage", "target_stage": "Nowhere"}
			),
			"no stage Nowhere",
		),
	],
)
def test_what_could_not_be_saved_by_hand_is_no_pack_either(pipeline, change, words):
	pack = exported()
	change(pack)
	assert words in "\n".join(apply_pack.preview(file_of(pack))["obstacles"])


def test_people_and_departments_of_another_site_are_left_out(pipeline):
	pack = exported()
	pack["pipeline"]["department"] = "Elsewhere"
	pack["robots"] = [
		{
			"key": "r",
			"title": "r",
			"is_enabled": 1,
			"recipient": "User",
			"recipient_user": "no@body.example",
			"subject": "x",
		}
	]
	seen = apply_pack.preview(file_of(pack))
	assert len(seen["notes"]) == 2
	assert seen["obstacles"] == []
	apply(pack)
	assert frappe.db.get_value("Stage Robot", {"pipeline": PIPELINE}, ["is_enabled", "recipient_user"]) in (
		(0, None),
		(0, ""),
	)


def test_differences_that_are_out_of_date_are_not_applied(pipeline):
	pack = exported()
	stage(pack, "Drive")["color"] = "Red"
	token = apply_pack.preview(file_of(pack))["token"]
	make_robot(title="came in between")
	with pytest.raises(PackIsStale):
		apply_pack.apply_pack(file_of(pack), token)
	assert frappe.db.count("Pipeline Pack", {"pipeline": PIPELINE}) == 0


# -- who may ---------------------------------------------------------------------------------------


@pytest.mark.requirement("R3")
@pytest.mark.parametrize(
	"role", ["Dealer Administrator", "Dealer Sales Head", "Dealer Buyout Head", "Dealer Sales Manager"]
)
def test_others_neither_export_nor_apply(pipeline, as_user, role):
	content = file_of(exported())
	pack = exported()
	stage(pack, "Drive")["color"] = "Red"
	name = apply(pack)
	with as_user(make_staff("other", role)):
		for call in (
			lambda: api.get_pack(PIPELINE),
			lambda: api.get_shipped_packs(),
			lambda: api.preview_pack(content),
			lambda: api.apply_pack("x", content),
			lambda: api.get_changes(name),
			lambda: api.preview_roll_back(name),
			lambda: api.roll_back(name),
			lambda: frappe.get_list("Pipeline Pack"),
			lambda: frappe.get_doc("Pipeline Pack", name).check_permission(),
		):
			with pytest.raises(frappe.PermissionError):
				call()


def test_a_portal_administrator_applies_what_he_could_type(pipeline, as_user):
	pack = exported()
	stage(pack, "Drive")["color"] = "Red"
	pack["robots"] = [{"key": "r", "title": "r", "stage": "New", "subject": "x"}]
	with as_user(make_staff("portal", PORTAL)):
		content = api.get_pack(PIPELINE)["content"]
		assert json.loads(content) == exported()
		content = file_of(pack)
		name = api.apply_pack(api.preview_pack(content)["token"], content)
		api.roll_back(name)
		pack["robots"] = [
			{"key": "w", "title": "w", "action": "Webhook", "webhook_url": "https://example.com"}
		]
		assert "System Manager" in api.preview_pack(file_of(pack))["obstacles"][0]
		pack["robots"] = []
		pack["server_scripts"] = [{"name": "S", "api_method": "s", "script": "1"}]
		assert "System Manager" in api.preview_pack(file_of(pack))["obstacles"][0]


def test_the_log_is_not_written_by_hand(pipeline):
	pack = exported()
	stage(pack, "Drive")["color"] = "Red"
	log = frappe.get_doc("Pipeline Pack", apply(pack))
	log.state_before = "{}"
	for call in (
		log.save,
		log.delete,
		frappe.get_doc({"doctype": "Pipeline Pack", "title": "forged"}).insert,
	):
		with pytest.raises(WrittenByHand):
			call()


# -- the shipped packs -----------------------------------------------------------------------------


@pytest.mark.requirement("R58", "R59")
def test_shipped_pipelines_are_packs():
	for name, text in list_shipped().items():
		seen = apply_pack.preview(text)
		assert (seen["pipeline"], seen["obstacles"], seen["is_new"]) == (name, [], False)
		apply(json.loads(text), pipeline=f"{name} again", source="Shipped")
		assert apply_pack.preview(text, f"{name} again")["changes"] == []


def test_edits_survive_and_nothing_is_doubled():
	names = frappe.get_all("Deal Pipeline", pluck="name", order_by="name")
	for robot in frappe.get_all("Stage Robot", {"pipeline": "Short Payment"}, pluck="name"):
		frappe.delete_doc("Stage Robot", robot)
	robots = frappe.db.count("Stage Robot")
	pipeline = frappe.get_doc("Deal Pipeline", "Body Repair")
	pipeline.stages[0].next_step = "Typed by hand"
	pipeline.save()
	robot = frappe.get_doc("Stage Robot", {"seed_key": "body_repair_waiting"})
	robot.delete()
	frappe.get_doc("Deal Pipeline", "Short Payment").delete()
	add_pipelines()
	add_robots()
	assert frappe.get_all("Deal Pipeline", pluck="name", order_by="name") == [
		name for name in names if name != "Short Payment"
	]
	assert frappe.db.count("Stage Robot") == robots - 1
	assert frappe.get_doc("Deal Pipeline", "Body Repair").stages[0].next_step == "Typed by hand"


def test_a_fresh_site_gets_the_pipelines_of_the_packs():
	frappe.db.sql("delete from `tabStage Robot`")
	frappe.db.sql("delete from `tabDeal Stage` where parent = 'Body Repair'")
	frappe.db.sql("delete from `tabDeal Pipeline` where name = 'Body Repair'")
	frappe.db.sql("delete from tabDefaultValue where defkey like 'auto_dealer_seeded:%'")
	frappe.clear_cache()
	add_pipelines()
	add_robots()
	pack = json.loads(list_shipped()["Body Repair"])
	assert apply_pack.preview(file_of(pack))["changes"] == []
	assert len(pack["robots"]) == frappe.db.count("Stage Robot", {"pipeline": "Body Repair"}) >= 18


def test_a_shipped_pack_brings_a_pipeline_back_to_what_was_shipped():
	pipeline = frappe.get_doc("Deal Pipeline", "Maintenance")
	shipped = exported("Maintenance")
	pipeline.stages[0].color = "Red"
	pipeline.save()
	token = api.preview_pack(shipped="Maintenance")["token"]
	name = api.apply_pack(token, shipped="Maintenance")
	assert exported("Maintenance") == shipped
	assert frappe.db.get_value("Pipeline Pack", name, "source") == "Shipped"
