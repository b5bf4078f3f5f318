"""Throw-away copies for tests that install and uninstall: a copy of the test site, a bench beside the real one.

The real bench is only read: the spare one has an environment, an `apps` folder and a `sites` folder of its own.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
NOT_CLONED = shutil.ignore_patterns(
	".git", "node_modules", "__pycache__", "*.egg-info", "dist", ".dealer*", ".venv"
)


class Spare:
	"""A bench in a temporary folder with one site, both named by their paths."""

	def __init__(self, path: Path, real_bench: Path):
		self.path = path
		self.real = real_bench
		self.site = f"spare-{secrets.token_hex(3)}.localhost"
		self.settings = json.loads((real_bench / "sites/common_site_config.json").read_text())

	# -- the bench ---------------------------------------------------------------------------------

	def make(self) -> None:
		"""Folders, links to Frappe and ERPNext, and an environment that finds them but not our app."""
		for name in ("apps", "sites", "config/pids", "logs"):
			(self.path / name).mkdir(parents=True)
		for app in ("frappe", "erpnext"):
			(self.path / "apps" / app).symlink_to((self.real / "apps" / app).resolve())
		(self.path / "sites/apps.txt").write_text("frappe\nerpnext\n")
		(self.path / "sites/common_site_config.json").write_text(json.dumps(self.settings))
		(self.path / "sites/assets").mkdir()
		(self.path / "Procfile").write_text("")
		subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(self.path / "env")], check=True)
		libraries = [str(self.path / "apps" / app) for app in ("frappe", "erpnext")]
		libraries.append(sysconfig.get_path("purelib"))
		(self.site_packages() / "zz_real_bench.pth").write_text("\n".join(libraries) + "\n")

	def site_packages(self) -> Path:
		return next((self.path / "env/lib").glob("python3*/site-packages"))

	def run(self, *command: str | Path, folder: Path | None = None) -> str:
		"""Runs a command in the spare bench; what it wrote. A failure shows it."""
		environment = {
			key: value for key, value in os.environ.items() if not key.startswith(("FRAPPE_", "PYTHONPATH"))
		}
		environment |= {"FRAPPE_REDIS_CACHE": os.environ["FRAPPE_REDIS_CACHE"], "CI": "1"}
		environment |= {
			"FRAPPE_REDIS_QUEUE": os.environ["FRAPPE_REDIS_QUEUE"],
			"VIRTUAL_ENV": str(self.path / "env"),
		}
		done = subprocess.run(
			list(map(str, command)),
			cwd=folder or self.path,
			env=environment,
			text=True,
			capture_output=True,
			timeout=300,
		)
		assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
		return done.stdout + done.stderr

	def frappe(self, *command: str) -> str:
		"""A command of Frappe on the site, with the spare environment."""
		start = [
			self.path / "env/bin/python",
			"-m",
			"frappe.utils.bench_helper",
			"frappe",
			"--site",
			self.site,
		]
		return self.run(*start, *command, folder=self.path / "sites")

	def execute(self, code: str) -> object:
		"""The value of `result` after running Python on the site, as JSON."""
		script = (
			f"import frappe, json\nfrappe.init(site={self.site!r}, sites_path='.')\nfrappe.connect()\n{code}\n"
			"frappe.db.commit()\nfrappe.destroy()\nprint('RESULT', json.dumps(result))\n"
		)
		output = self.run(self.path / "env/bin/python", "-c", script, folder=self.path / "sites")
		return json.loads(output.split("RESULT", 1)[1].strip().splitlines()[0])

	# -- the site ----------------------------------------------------------------------------------

	def copy_site(self, original: str) -> None:
		"""A site with the same data in a database of its own; needs the bench's database root."""
		settings = json.loads((self.real / "sites" / original / "site_config.json").read_text())
		source, target = settings["db_name"], f"_{secrets.token_hex(8)}"
		settings |= {"db_name": target, "db_user": target, "db_password": secrets.token_hex(8)}
		for name in ("private/files", "public/files", "private/backups", "locks", "logs"):
			(self.path / "sites" / self.site / name).mkdir(parents=True)
		(self.path / "sites" / self.site / "site_config.json").write_text(json.dumps(settings))
		self.sql(
			f"create database `{target}` character set utf8mb4 collate utf8mb4_unicode_ci;"
			f"create user `{target}`@`%` identified by '{settings['db_password']}';"
			f"grant all on `{target}`.* to `{target}`@`%`;"
		)
		dump = subprocess.Popen(
			["mariadb-dump", *self.client(), "--single-transaction", "--quick", source],
			stdout=subprocess.PIPE,
		)
		subprocess.run(["mariadb", *self.client(), target], stdin=dump.stdout, check=True)
		assert dump.wait() == 0

	def drop_site(self) -> None:
		path = self.path / "sites" / self.site / "site_config.json"
		if path.exists():
			name = json.loads(path.read_text())["db_name"]
			self.sql(f"drop database if exists `{name}`; drop user if exists `{name}`@`%`;")

	def sql(self, text: str) -> None:
		subprocess.run(["mariadb", *self.client()], input=text, text=True, check=True)

	def client(self) -> list[str]:
		"""How to reach the bench's database as root; the password is in a file, not on the command line."""
		path = self.path / "client.cnf"
		if not path.exists():
			path.touch(0o600)
			host, port = self.settings.get("db_host", "127.0.0.1"), self.settings.get("db_port", 3306)
			user, password = self.settings.get("root_login", "root"), self.settings.get("root_password", "")
			path.write_text(f"[client]\nhost={host}\nport={port}\nuser={user}\npassword={password}\n")
		return [f"--defaults-extra-file={path}"]


@contextlib.contextmanager
def spare_bench(folder: Path, real_bench: Path) -> Iterator[Spare]:
	"""A spare bench without our app; its database goes when the block ends."""
	spare = Spare(folder / "bench", real_bench)
	try:
		spare.make()
		yield spare
	finally:
		spare.drop_site()


def clone_source(folder: Path) -> str:
	"""A `file://` URL of a git repository that holds this checkout as it stands, whatever is committed."""
	origin = folder / "some-clone"
	shutil.copytree(REPOSITORY, origin, symlinks=True, ignore=NOT_CLONED)
	git = ["git", "-c", "user.name=test", "-c", "user.email=test@test.example", "-c", "commit.gpgsign=false"]
	for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "checkout"]):
		subprocess.run([*git, *command], cwd=origin, check=True)
	return f"file://{origin}"
