"""Fixtures for tests on a real site.

Run by `./dealer test site`, or by hand as the bench's user, with the bench's Python, against a site that exists:

	BENCH=/path/to/bench SITE=test.localhost env/bin/python -m pytest tests/site

A test runs as Administrator in a transaction that is rolled back after it. In it `frappe.db.commit()` runs the
callbacks of a commit and writes nothing. A test that needs its data seen by another process (HTTP, a worker)
asks for `committed`, `api`, `http` or `jobs`, which undo afterwards what was written.

Factories (`make_deal(...)`, ...) are imported with `from factories import make_deal`.
"""

from __future__ import annotations

import contextlib
import functools
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

BENCH = os.environ.get("BENCH") or os.environ.get("DEALER_BENCH")
SITE = os.environ.get("SITE") or os.environ.get("DEALER_TEST_SITE")

if not BENCH or not SITE:
	pytest.exit("The site tests need a bench and a site: run ./dealer test site, or set BENCH and SITE", 4)
if os.geteuid() != (owner := (Path(BENCH) / "sites").stat().st_uid):
	pytest.exit(f"The site tests must run as the bench's user (uid {owner}): run ./dealer test site", 4)
sys.path.insert(0, str(Path(BENCH) / "apps/auto_dealer"))

import requests  # noqa: E402
from live_site import LiveSite  # noqa: E402

import frappe  # noqa: E402
from frappe.utils.password import update_password  # noqa: E402

TEST_PASSWORD = "Test-dealer-2024"
APP_MODULE = "Auto Dealer"
# Framework records that our documents write or compile: restored as a whole, like our own small tables.
RESTORED_TABLES = (
	"Custom DocPerm",
	"Kanban Board",
	"Kanban Board Column",
	"Property Setter",
	"Workflow",
	"Workflow Action Master",
	"Workflow Document State",
	"Workflow State",
	"Workflow Transition",
)
WHOLE_TABLE_ROWS = 2000


# -- the site --------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def live() -> Iterator[LiveSite]:
	"""The site's processes; Redis runs at once, the others when they are asked for."""
	site = LiveSite(BENCH, SITE)
	site.start_redis()
	yield site
	site.stop()


@pytest.fixture(scope="session", autouse=True)
def _site(live: LiveSite) -> Iterator[None]:
	"""One connection to the site for the whole run, with the private Redis."""
	for name in ("FRAPPE_REDIS_CACHE", "FRAPPE_REDIS_QUEUE", "FRAPPE_BENCH_ROOT"):
		os.environ[name] = live.environment()[name]
	os.chdir(Path(BENCH) / "sites")
	frappe.init(site=SITE, sites_path=str(Path(BENCH) / "sites"))
	frappe.connect()
	frappe.flags.in_test = True
	frappe.flags.mute_emails = True
	frappe.local.lang = "en"
	yield
	frappe.db.rollback()
	frappe.destroy()


@pytest.fixture(autouse=True)
def _transaction(
	request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, _site: None
) -> Iterator[None]:
	"""Each test starts as Administrator in English and leaves nothing behind."""
	frappe.db.rollback()
	frappe.set_user("Administrator")
	frappe.local.lang = "en"
	if not {"committed", "api", "http", "jobs"} & set(request.fixturenames):
		monkeypatch.setattr(frappe.db, "commit", _pretended_commit)
	yield
	monkeypatch.undo()
	frappe.set_user("Administrator")
	frappe.db.rollback()
	frappe.clear_messages()
	frappe.local.document_cache = {}
	for flag in ("dealer_now", "dealer_robots_changed", "robot_chain"):
		frappe.flags.pop(flag, None)
	frappe.cache.delete_value("auto_dealer:robots")
	frappe.clear_document_cache("Dealer Settings", "Dealer Settings")
	# A request forgets the mail accounts that it has found; here all tests are one request.
	frappe.local.outgoing_email_account = {}
	frappe.local.incoming_email_account = {}
	frappe.flags.pop("warehouse_account_map", None)


def _pretended_commit() -> None:
	"""What a commit calls, without the COMMIT: the transaction stays open and is rolled back after the test."""
	frappe.db.before_rollback.reset()
	frappe.db.after_rollback.reset()
	frappe.db.before_commit.run()
	frappe.db.after_commit.run()


# -- users -----------------------------------------------------------------------------------------


@pytest.fixture
def as_user() -> Callable[[str], contextlib.AbstractContextManager]:
	"""`with as_user("anna@example.com"): ...` runs the block with that user's rights."""

	@contextlib.contextmanager
	def switch(user: str) -> Iterator[str]:
		before = frappe.session.user
		frappe.set_user(user)
		try:
			yield user
		finally:
			frappe.set_user(before)

	return switch


@pytest.fixture
def user_with() -> Callable[..., str]:
	"""`user_with("Dealer Sales Manager", name="anna")` gives the e-mail of an enabled desk user with these roles."""
	return ensure_user


def ensure_user(*roles: str, name: str | None = None, language: str = "en", **fields: Any) -> str:
	"""The user's e-mail; made when missing, in the open transaction. One user a set of roles unless named."""
	email = f"{(name or '-'.join(roles) or 'nobody').lower().replace(' ', '-')}@test.example"
	if not frappe.db.exists("User", email):
		user = frappe.get_doc(
			{
				"doctype": "User",
				"email": email,
				"first_name": name or (roles[0] if roles else "Nobody"),
				"send_welcome_email": 0,
				"user_type": "System User",
				"language": language,
				"roles": [{"role": role} for role in roles],
				**fields,
			}
		)
		user.flags.no_welcome_mail = True
		user.insert()
	return email


# -- the outside view ------------------------------------------------------------------------------


class ApiSession(requests.Session):
	"""A logged-in HTTP session; paths are relative to the site: `api("a@b.c").get("/api/resource/Auto Deal")`."""

	def __init__(self, live: LiveSite):
		super().__init__()
		self.base = live.url
		self.trust_env = False
		self.headers.update({"Accept": "application/json"})

	def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:
		kwargs.setdefault("timeout", 60)
		return super().request(method, self.base + url if url.startswith("/") else url, **kwargs)

	def call(self, method: str, /, **arguments: Any) -> requests.Response:
		"""POST to a whitelisted function, as the desk does."""
		return self.post(f"/api/method/{method}", json=arguments)

	def login(self, user: str, password: str = TEST_PASSWORD) -> ApiSession:
		self.post("/api/method/login", json={"usr": user, "pwd": password}).raise_for_status()
		return self


@pytest.fixture
def http(live: LiveSite, committed: Committed) -> Callable[[], ApiSession]:
	"""`http()` gives a new anonymous session against a real gunicorn (2 workers, 4 threads each)."""
	live.start_web()

	def open_session() -> ApiSession:
		frappe.db.commit()
		return ApiSession(live)

	return open_session


@pytest.fixture
def api(http: Callable[[], ApiSession]) -> Callable[..., ApiSession]:
	"""`api("anna@example.com")` gives a session logged in over HTTP; commits what the test has made so far.

	Called twice for one user it gives two independent sessions, for tests of what happens in parallel.
	"""

	def log_in(user: str = "Administrator") -> ApiSession:
		update_password(user, TEST_PASSWORD)
		return http().login(user)

	return log_in


class Jobs:
	"""The queue of the test's own Redis: a real worker in a process of its own, or the jobs run right here."""

	def __init__(self, live: LiveSite):
		self.live = live

	def work_off(self) -> str:
		"""Commits, then a real worker empties the queues; returns the worker's output."""
		frappe.db.commit()
		output = self.live.work_off()
		frappe.db.rollback()
		return output

	def start_worker(self):
		"""Commits and starts a worker that goes on until `live.end(process)`; for tests that kill it."""
		frappe.db.commit()
		return self.live.start_worker()

	def queued(self) -> list[str]:
		"""The methods that wait in the queues."""
		return [str(job.kwargs["job_name"]) for job in self._jobs()]

	def run_here(self) -> int:
		"""Runs the waiting jobs in this connection and transaction, in order; returns how many."""
		count = 0
		while jobs := self._jobs():
			for job in jobs:
				method, kwargs = job.kwargs["method"], job.kwargs["kwargs"]
				job.delete()
				frappe.call(method, **kwargs)
				count += 1
		return count

	def clear(self) -> None:
		for job in self._jobs():
			job.delete()

	def _jobs(self) -> list:
		from frappe.utils.background_jobs import get_queue

		return [job for name in ("short", "default", "long") for job in get_queue(name).jobs if job]


@pytest.fixture
def jobs(live: LiveSite, committed: Committed) -> Iterator[Jobs]:
	"""The background queue, empty at the start and at the end."""
	queue = Jobs(live)
	queue.clear()
	yield queue
	queue.clear()


@pytest.fixture
def queue(live: LiveSite) -> Iterator[Jobs]:
	"""As `jobs`, but inside the rolled-back transaction: `queue.queued()` and `queue.run_here()`."""
	waiting = Jobs(live)
	waiting.clear()
	yield waiting
	waiting.clear()


# -- undoing commits -------------------------------------------------------------------------------


@pytest.fixture
def committed(_transaction: None) -> Iterator[Committed]:
	"""Lets a test commit for real; afterwards every row it made is deleted and changed settings are put back.

	Our own tables, workflows, boards, property setters and all Singles are restored to what they were. In all
	other tables the rows created during the test go; a changed older row stays changed there.
	"""
	frappe.db.rollback()
	state = Committed()
	yield state
	frappe.set_user("Administrator")
	state.restore()


class Committed:
	"""The state of the database before a test, and the way back to it."""

	def __init__(self) -> None:
		self.started = frappe.utils.now_datetime()
		self.clock = frappe.db.sql("select now(6)")[0][0]
		self.ahead = _rows_dated_ahead()
		self.whole = {table: _rows(table) for table in self._small_tables()}
		self.whole["tabSingles"] = _rows("tabSingles")

	@staticmethod
	def _small_tables() -> list[str]:
		ours = frappe.get_all("DocType", {"module": APP_MODULE, "issingle": 0, "is_virtual": 0}, pluck="name")
		tables = [f"tab{name}" for name in (*ours, *RESTORED_TABLES)]
		return [t for t in tables if frappe.db.sql(f"select count(*) from `{t}`")[0][0] <= WHOLE_TABLE_ROWS]

	def restore(self) -> None:
		"""Puts the database back; the caches that know the old rows are cleared."""
		frappe.db.rollback()
		touched = {table for table, rows in self.whole.items() if self._put_back(table, rows)}
		for table in self._changed_tables() - set(self.whole):
			older = tuple(self.ahead.get(table, ())) or ("",)
			frappe.db.sql(
				f"delete from `{table}` where creation >= %s and name not in %s", (self.started, older)
			)
		frappe.db.commit()
		frappe.local.document_cache = {}
		frappe.cache.delete_keys("document_cache")
		frappe.cache.delete_keys("auto_dealer")
		if touched & {f"tab{name}" for name in RESTORED_TABLES} | touched & {"tabSingles"}:
			frappe.clear_cache()

	@staticmethod
	def _put_back(table: str, rows: list[tuple]) -> bool:
		if sorted(map(repr, _rows(table))) == sorted(map(repr, rows)):
			return False
		frappe.db.sql(f"delete from `{table}`")
		if rows:
			marks = ", ".join(["%s"] * len(rows[0]))
			frappe.db._cursor.executemany(f"insert into `{table}` values ({marks})", rows)
		return True

	def _changed_tables(self) -> set[str]:
		"""Tables with a `creation` column that were written to since the test began, as far as MariaDB remembers.

		It forgets the time of a table that falls out of its cache: 400 by default, a site has 800, and the benches
		of `./dealer` have room for all.
		"""
		changed = frappe.db.sql(
			"""select table_name from information_schema.tables
			where table_schema = database()
			and (update_time >= %s - interval 1 second or (update_time is null and @@table_definition_cache < 2000))""",
			self.clock,
		)
		return {row[0] for row in changed} & set(_tables_with_creation())


@functools.cache
def _rows_dated_ahead() -> dict[str, set[str]]:
	"""Names of rows dated later than now, by table, read once a run.

	A site is born in Frappe's default time zone (India's); once its own is set, a young site's rows lie ahead of now.
	"""
	now = frappe.utils.now_datetime()
	ahead = {}
	for table in _tables_with_creation():
		if rows := frappe.db.sql(f"select name from `{table}` where creation >= %s", now):
			ahead[table] = {str(row[0]) for row in rows}
	return ahead


def _tables_with_creation() -> list[str]:
	rows = frappe.db.sql(
		"""select table_name from information_schema.columns
		where table_schema = database() and column_name = 'creation'"""
	)
	return [row[0] for row in rows]


def _rows(table: str) -> list[tuple]:
	return list(frappe.db.sql(f"select * from `{table}`"))
