"""The promises of the fixtures that every other site test stands on."""

from __future__ import annotations

import pytest

import frappe


def make_note(title: str = "Fixture note") -> str:
	return frappe.get_doc({"doctype": "Note", "title": title, "public": 1}).insert().name


def count_notes() -> int:
	"""Counted over a connection of its own, which sees only what was committed."""
	frappe.db.rollback()
	return frappe.db.count("Note")


class TestTransaction:
	def test_commit_in_a_plain_test_writes_nothing(self):
		ran = []
		make_note()
		frappe.db.after_commit.add(lambda: ran.append(1))
		frappe.db.commit()
		assert ran == [1]
		assert count_notes() == 0

	def test_a_failed_login_of_nobody_is_refused(self, http):
		answer = http().call("frappe.client.get_count", doctype="Note")
		assert answer.status_code == 403


class TestCommitted:
	def test_first_a_note_is_committed_and_seen_over_http(self, api):
		name = make_note()
		frappe.db.set_single_value("System Settings", "session_expiry", "01:00")
		answer = api().get(f"/api/resource/Note/{name}")
		assert answer.status_code == 200
		assert answer.json()["data"]["title"] == "Fixture note"

	def test_then_it_is_gone_and_the_setting_is_back(self):
		assert count_notes() == 0
		assert frappe.db.get_single_value("System Settings", "session_expiry") != "01:00"

	def test_a_user_logs_in_with_own_rights(self, api, user_with):
		session = api(user_with("Dealer Sales Manager"))
		assert (
			session.get("/api/method/frappe.auth.get_logged_user").json()["message"].endswith("@test.example")
		)
		assert session.get("/api/resource/Patch Log").status_code == 403


class TestJobs:
	def test_a_real_worker_runs_a_committed_job(self, jobs):
		note = make_note()
		frappe.enqueue(
			"frappe.client.set_value", doctype="Note", name=note, fieldname="title", value="By worker"
		)
		assert len(jobs.queued()) >= 1
		jobs.work_off()
		assert frappe.db.get_value("Note", note, "title") == "By worker"

	def test_jobs_run_here_in_the_open_transaction(self, queue):
		note = make_note()
		frappe.enqueue("frappe.client.set_value", doctype="Note", name=note, fieldname="title", value="Here")
		queue.run_here()
		assert frappe.db.get_value("Note", note, "title") == "Here"

	def test_redis_comes_back_empty_after_a_restart(self, jobs, live):
		frappe.enqueue("frappe.ping")
		live.restart_redis()
		assert jobs.queued() == []


def test_as_user_switches_and_returns(as_user, user_with):
	with as_user(user_with("Dealer Sales Manager")) as user:
		assert frappe.session.user == user
		with pytest.raises(frappe.PermissionError):
			frappe.get_doc("System Settings").save()
	assert frappe.session.user == "Administrator"
