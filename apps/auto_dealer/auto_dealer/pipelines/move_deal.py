"""Moves of a deal by people and by code: to another stage, or to another pipeline."""

from __future__ import annotations


def move_deal(deal_name, to_stage, values=None, reason=None, from_stage=None):
	"""Moves the deal and returns it saved."""


def change_pipeline(deal_name, pipeline, stage, reason=None):
	"""The one way from a pipeline to another; lands in `stage` and returns the deal saved."""
