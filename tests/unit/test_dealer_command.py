"""The pure parts of `./dealer`: what it understands, hides, copies, counts and compares."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import pwd
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load_dealer() -> ModuleType:
	loader = importlib.machinery.SourceFileLoader("dealer_command", str(ROOT / "dealer"))
	module = importlib.util.module_from_spec(importlib.util.spec_from_loader("dealer_command", loader))
	sys.modules["dealer_command"] = module
	sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
	loader.exec_module(module)
	sys.dont_write_bytecode = before
	return module


dealer = load_dealer()


@pytest.fixture
def account():
	return dealer.Account.of(pwd.getpwuid(os.geteuid()))


@pytest.fixture
def bench(tmp_path, account):
	(tmp_path / "bench").mkdir()
	return dealer.Bench(tmp_path / "bench", account)


class TestArguments:
	def test_up_has_the_documented_options(self):
		options = dealer.parse_arguments(
			["up", "--port", "8100", "--no-demo", "--bench", "/x", "--company", "A", "--country", "DE"]
		)
		assert (options.port, options.no_demo, options.bench) == (8100, True, "/x")
		assert (options.company, options.country) == ("A", "DE")

	def test_up_without_options_is_the_demo_dealer_in_russia(self):
		options = dealer.parse_arguments(["up"])
		assert (options.company, options.country, options.no_demo) == ("Автосалон Демо", "RU", False)

	def test_what_follows_two_dashes_goes_to_pytest(self):
		options = dealer.parse_arguments(["test", "unit", "-k", "vin", "--", "-vv", "--maxfail=1"])
		assert (options.suite, options.k, options.pytest) == ("unit", "vin", ["-vv", "--maxfail=1"])

	def test_bench_takes_any_words(self):
		options = dealer.parse_arguments(["bench", "--", "--site", "x.localhost", "list-apps"])
		assert options.words == ["--", "--site", "x.localhost", "list-apps"]

	@pytest.mark.parametrize(
		"words", [[], ["fly"], ["test", "everything"], ["install"], ["up", "--port", "many"]]
	)
	def test_nonsense_is_refused_with_usage(self, words, capsys):
		with pytest.raises(SystemExit) as refusal:
			dealer.parse_arguments(words)
		assert refusal.value.code == 2
		assert "usage: ./dealer" in capsys.readouterr().err

	@pytest.mark.parametrize("name", "up down status doctor test demo bench backup restore install".split())
	def test_each_command_explains_itself(self, name, capsys):
		with pytest.raises(SystemExit) as end:
			dealer.parse_arguments([name, "--help"])
		assert end.value.code == 0
		assert f"./dealer {name}" in capsys.readouterr().out


class TestMask:
	@pytest.mark.parametrize(
		"text",
		[
			"new-site x --admin-password hunter2",
			"--db-root-password=hunter2 x",
			'{"db_password": "hunter2"}',
			"ALTER USER root@localhost IDENTIFIED BY 'hunter2';",
			"git clone https://me:hunter2@example.com/repo",
			"password=hunter2",
			"api_token: hunter2",
		],
	)
	def test_what_looks_like_a_password_is_hidden(self, text):
		assert "hunter2" not in dealer.mask(text)
		assert "***" in dealer.mask(text)

	def test_a_known_password_is_hidden_wherever_it_stands(self):
		secret = dealer.new_secret()
		assert dealer.mask(f"it is {secret}!") == "it is ***!"

	def test_other_text_stays(self):
		text = "Installing frappe from https://github.com/frappe/frappe at 10:20:30"
		assert dealer.mask(text) == text

	def test_the_log_is_masked_and_private(self, tmp_path, monkeypatch):
		monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
		log = dealer.Log()
		log.open("up")
		secret = dealer.new_secret()
		log.write(f"password {secret}\n")
		assert secret not in log.path.read_text()
		assert log.path.stat().st_mode & 0o777 == 0o600

	def test_secrets_stay_out_of_the_plain_state(self, bench):
		bench.state["ports"] = {"mariadb": 1}
		secret = bench.secret("database_root")
		assert secret not in (bench.home / "state.json").read_text()
		assert (bench.home / "secrets.json").stat().st_mode & 0o777 == 0o600
		assert dealer.Bench(bench.path, bench.account).secret("database_root") == secret


class TestAdvice:
	@pytest.mark.parametrize(
		("output", "word"),
		[
			("fatal: unable to access 'https://github.com/': Could not resolve host", "FRAPPE_REPO"),
			("OSError: [Errno 28] No space left on device", "disk"),
			("E: Could not get lock /var/lib/dpkg/lock-frontend", "wait"),
			("FATAL ERROR: JavaScript heap out of memory", "4 GB"),
			("something else", "continues where it stopped"),
		],
	)
	def test_the_cause_gives_the_advice(self, output, word):
		assert word in dealer.find_advice(output)

	def test_a_failed_command_is_told_with_its_code(self, tmp_path):
		with pytest.raises(dealer.Failure, match="ended with code 3"):
			dealer.run(["bash", "-c", "echo No space left on device; exit 3"])

	def test_a_missing_program_is_named(self):
		with pytest.raises(dealer.Failure, match="no-such-program"):
			dealer.run(["no-such-program"])

	def test_a_failed_step_shows_the_error_before_the_traceback(self, tmp_path, monkeypatch):
		monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
		log = dealer.Log()
		log.open("up")
		log.write(
			"$ old\nERROR: of an older command\n$ build\nERROR: Could not resolve ./x\n" + "  frame\n" * 40
		)
		assert log.telling(5) == ["ERROR: Could not resolve ./x", *["  frame"] * 5]


class TestVersions:
	@pytest.mark.parametrize(
		("text", "version"),
		[
			("v18.19.0", (18, 19, 0)),
			("mariadbd Ver 10.11.6-MariaDB", (10, 11, 6)),
			("22.04", (22, 4)),
			("", ()),
			("no number", ()),
		],
	)
	def test_the_first_number_counts(self, text, version):
		assert dealer.parse_version(text) == version

	def test_os_release(self):
		text = 'PRETTY_NAME="Ubuntu 22.04.4 LTS"\nID=ubuntu\nVERSION_ID="22.04"\n'
		assert dealer.read_os_release(text) == ("ubuntu", (22, 4))
		assert dealer.read_os_release("") == ("", ())


class TestKeys:
	def test_a_snapshot_is_new_when_anything_in_it_is(self):
		base = ("frappe15", "code", "Firma", "RU")
		keys = {dealer.snapshot_key(*base)}
		for place in range(4):
			keys.add(
				dealer.snapshot_key(*(part + ("x" if n == place else "") for n, part in enumerate(base)))
			)
		assert len(keys) == 5

	def test_parts_do_not_run_into_each_other(self):
		assert dealer.snapshot_key("a", "bc", "d", "e") != dealer.snapshot_key("ab", "c", "d", "e")

	def test_files_count_by_name_and_content(self, tmp_path):
		one, two = tmp_path / "a", tmp_path / "b"
		one.write_text("x")
		first = dealer.hash_files([one])
		two.write_text("x")
		assert dealer.hash_files([two]) != first
		one.write_text("y")
		assert dealer.hash_files([one]) != first

	def test_ports_are_four_different_free_ones_and_keep_to_the_bench(self):
		ports = dealer.choose_ports("/some/bench")
		assert len(set(ports.values())) == 4
		assert dealer.choose_ports("/some/bench") == ports

	def test_a_deep_bench_gets_a_short_socket(self):
		assert dealer.socket_path(Path("/b/.dealer")) == "/b/.dealer/run/mariadb.sock"
		assert len(dealer.socket_path(Path("/b" * 80))) < 100


class TestMirror:
	@pytest.fixture
	def source(self, tmp_path):
		source = tmp_path / "source"
		(source / "apps/x/public/dist").mkdir(parents=True)
		(source / ".git").mkdir()
		(source / ".git/HEAD").write_text("secret")
		(source / "apps/x/code.py").write_text("a = 1\n")
		(source / "apps/x/public/dist/built.js").write_text("built")
		(source / "run").write_text("#!/bin/sh\n")
		(source / "run").chmod(0o755)
		(source / "link").symlink_to("apps/x")
		return source

	@pytest.fixture
	def target(self, tmp_path):
		target = tmp_path / "target"
		target.mkdir()
		return target

	def test_copies_files_modes_and_links_but_not_what_tools_make(self, source, target, account):
		dealer.mirror(source, target, account)
		assert (target / "apps/x/code.py").read_text() == "a = 1\n"
		assert os.access(target / "run", os.X_OK)
		assert os.readlink(target / "link") == "apps/x"
		assert not (target / ".git").exists()
		assert not (target / "apps/x/public/dist").exists()

	def test_a_second_run_copies_nothing(self, source, target, account):
		assert dealer.mirror(source, target, account) == 3
		assert dealer.mirror(source, target, account) == 0

	def test_only_the_changed_file_is_copied(self, source, target, account):
		dealer.mirror(source, target, account)
		untouched = (target / "run").stat().st_ino
		(source / "apps/x/code.py").write_text("a = 2\n")
		assert dealer.mirror(source, target, account) == 1
		assert (target / "apps/x/code.py").read_text() == "a = 2\n"
		assert (target / "run").stat().st_ino == untouched

	def test_same_content_with_another_date_is_not_copied(self, source, target, account):
		dealer.mirror(source, target, account)
		os.utime(source / "run", (1, 1))
		assert dealer.mirror(source, target, account) == 0

	def test_what_vanished_goes_and_what_was_built_stays(self, source, target, account):
		dealer.mirror(source, target, account)
		(target / "apps/x/public/dist").mkdir(parents=True, exist_ok=True)
		(target / "apps/x/public/dist/mine.js").write_text("mine")
		(source / "apps/x/code.py").unlink()
		dealer.mirror(source, target, account)
		assert not (target / "apps/x/code.py").exists()
		assert (target / "apps/x/public/dist/mine.js").exists()

	def test_a_file_may_become_a_folder_and_a_link_another(self, source, target, account):
		dealer.mirror(source, target, account)
		(source / "run").unlink()
		(source / "run").mkdir()
		(source / "run/inner").write_text("x")
		(source / "link").unlink()
		(source / "link").symlink_to("run")
		dealer.mirror(source, target, account)
		assert (target / "run/inner").read_text() == "x"
		assert os.readlink(target / "link") == "run"


class TestApps:
	def test_an_app_is_added_once_also_without_a_last_newline(self, bench):
		path = bench.path / "apps.txt"
		path.write_text("frappe\nerpnext")
		dealer.add_line(bench, path, "auto_dealer")
		dealer.add_line(bench, path, "auto_dealer")
		assert path.read_text() == "frappe\nerpnext\nauto_dealer\n"


class TestEnvironment:
	def test_certificates_and_proxies_are_handed_on_and_nothing_else(self, account, monkeypatch):
		for name, value in {
			"SSL_CERT_FILE": "/c",
			"https_proxy": "p",
			"MY_SECRET": "s",
			"CI": "true",
		}.items():
			monkeypatch.setenv(name, value)
		environment = account.environment()
		assert (environment["SSL_CERT_FILE"], environment["https_proxy"]) == ("/c", "p")
		assert not {"MY_SECRET", "CI"} & set(environment)
		assert environment["HOME"] == str(account.home)


class TestProcesses:
	def test_a_recorded_process_is_ended_and_a_recycled_pid_is_left_alone(self, bench):
		bench.account.make_folder(bench.home / "logs")
		process = dealer.spawn(bench, "sleeper", ["sleep", "60"])
		assert dealer.recorded_pid(bench, "sleeper") == process.pid
		assert dealer.stop_recorded(bench, "sleeper", process)
		assert process.wait(5) != 0
		bench.account.write(bench.home / "run/sleeper.started", f"{os.getpid()} 1\n")
		assert dealer.recorded_pid(bench, "sleeper") is None
		assert not dealer.stop_recorded(bench, "sleeper")

	def test_waiting_ends(self):
		start = time.monotonic()
		assert not dealer.wait_until(lambda: False, 0.2, 0.05)
		assert time.monotonic() - start < 2


class TestCounts:
	REPORT = '<testsuites><testsuite tests="10" failures="1" errors="1" skipped="2"/></testsuites>'

	def test_counts_of_a_run(self):
		outcome = dealer.read_counts("unit", 1, self.REPORT)
		assert (outcome.passed, outcome.failed, outcome.skipped) == (6, 2, 2)
		assert not outcome.is_good

	def test_a_run_without_a_report_passed_nothing(self):
		assert dealer.read_counts("unit", 2, "").passed == 0

	def test_nothing_collected_is_no_failure_of_one_suite(self):
		assert dealer.read_counts("unit", 5, "").is_good


class TestDoctor:
	FACTS = {
		"versions": {"frappe": "15.72.4", "erpnext": "15.70.1", "auto_dealer": "1.0.0"},
		"scheduler_on": True,
		"last_run_minutes": 1,
		"server_scripts": True,
		"script_robots": ["Count"],
		"scripts_that_stop_saves": ["On save"],
		"queues": {"default": 0},
		"failed": 0,
		"mail": 1,
		"pending": [],
	}

	def test_a_healthy_site_has_no_complaints(self):
		assert {check.verdict for check in dealer.judge_site(self.FACTS)} == {"ok"}

	@pytest.mark.parametrize(
		("change", "name", "verdict"),
		[
			(
				{"versions": {"frappe": "16.0.0", "erpnext": "15.0.0", "auto_dealer": "1"}},
				"versions",
				"problem",
			),
			({"versions": {"frappe": "15.0.0", "auto_dealer": "1"}}, "versions", "problem"),
			({"scheduler_on": False}, "scheduler", "problem"),
			({"last_run_minutes": 90}, "scheduler", "warning"),
			({"last_run_minutes": None}, "scheduler", "warning"),
			({"server_scripts": False, "scripts_that_stop_saves": []}, "server scripts", "warning"),
			({"server_scripts": False}, "server scripts", "problem"),
			({"failed": 3}, "queues", "warning"),
			({"mail": 0}, "mail account", "warning"),
			({"pending": ["auto_dealer.patches.x"]}, "migrations", "problem"),
		],
	)
	def test_each_trouble_is_named_with_its_fix(self, change, name, verdict):
		found = next(check for check in dealer.judge_site({**self.FACTS, **change}) if check.name == name)
		assert found.verdict == verdict
		assert found.fix

	def test_what_does_not_work_without_server_scripts_is_named(self):
		facts = {**self.FACTS, "server_scripts": False}
		found = next(check.found for check in dealer.judge_site(facts) if check.name == "server scripts")
		assert found == (
			"off; robots that cannot run: Count; they stop every save of their documents: On save"
		)


class TestRequirements:
	TABLE = "| id | requirement | state |\n|---|---|---|\n| R1 | Leads. | proven |\n| R2 | Deals \\| more. | planned |\n"

	def make(self, tmp_path, table: str, test: str) -> Path:
		(tmp_path / "docs").mkdir()
		(tmp_path / "tests").mkdir()
		(tmp_path / "docs/requirements.md").write_text(table)
		(tmp_path / "tests/test_x.py").write_text(test)
		return tmp_path

	def test_rows_and_states(self):
		assert dealer.read_requirements(self.TABLE) == {"R1": "proven", "R2": "planned"}

	def test_markers_on_tests_classes_and_modules(self):
		source = (
			'import pytest\npytestmark = pytest.mark.requirement("R1")\n'
			'@pytest.mark.requirement("R2", "R3")\ndef test_a(): pass\n'
		)
		assert dealer.read_markers(source) == {"R1", "R2", "R3"}

	def test_a_proof_that_a_test_names_is_fine(self, tmp_path):
		repo = self.make(
			tmp_path, self.TABLE, 'import pytest\n@pytest.mark.requirement("R1")\ndef test(): pass\n'
		)
		assert dealer.report_coverage(repo) == 0

	def test_a_claim_without_a_test_fails(self, tmp_path, capsys):
		assert dealer.report_coverage(self.make(tmp_path, self.TABLE, "")) == 1
		assert "Called proven, but no test names it: R1" in capsys.readouterr().out

	def test_a_test_of_an_unknown_row_fails(self, tmp_path):
		marks = 'import pytest\n@pytest.mark.requirement("R1", "R99")\ndef test(): pass\n'
		assert dealer.report_coverage(self.make(tmp_path, self.TABLE, marks)) == 1
