"""The guard of a deal's stage: every way in (form, Kanban, list, REST, jobs) passes here in `AutoDeal.validate_workflow`.

Calls that the controller of Auto Deal makes, in this order:

	before_validate       guard_stage.read_stage(self)      # stage names as people and old links write them
	validate_workflow     guard_stage.guard(self)           # instead of Frappe's own check; throws StageGateError
	after_insert          log_stage.log_move(self)          # one INSERT, only when the stage changed
	on_update             log_stage.log_move(self)          # the same; what is logged already is not logged again
	run_post_save_methods with workflow_actions.skipped(self.doctype): super()...

Flags that trusted code may set on the document (they cannot come over HTTP):
	deal.flags.initial_stage   a new deal starts in this stage of its pipeline, its gate is not asked (intake, import)
	deal.flags.stage_reason    the reason of this move, instead of the field `stage_change_reason`
	deal.flags.stage_at        the moment of this move (import, demo); default now
	deal.flags.pipeline_change set by move_deal.change_pipeline only
"""


def read_stage(deal) -> None:
	"""Maps a stage's former or differently written name to the present one; see the module's docstring."""


def guard(deal) -> None:
	"""Sets every stage field of the deal, or throws StageGateError (417) naming what is missing."""
