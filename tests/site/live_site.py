"""A test site brought to life: private Redis, gunicorn, socketio and workers on free loopback ports.

The site and the browser tests share it. Everything it starts is its own and is ended by `stop()`;
a bench that is running at the same time is not touched, nor are its queues.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

HOST = "127.0.0.1"
# One site under whatever name it is asked for: nothing but a browser resolves *.localhost on every machine.
WSGI = """import frappe.app
frappe.app._site = {site!r}
application = frappe.app.application_with_statics()
"""


def free_port() -> int:
	"""A loopback port that was free a moment ago."""
	with socket.socket() as probe:
		probe.bind((HOST, 0))
		return probe.getsockname()[1]


def wait_for_port(port: int, process: subprocess.Popen, log: Path, seconds: float = 60) -> None:
	"""Returns when something listens on the port; raises with the log's end when the process died or is late."""
	deadline = time.monotonic() + seconds
	while time.monotonic() < deadline:
		with socket.socket() as probe:
			probe.settimeout(1)
			if probe.connect_ex((HOST, port)) == 0:
				return
		if process.poll() is not None:
			break
		time.sleep(0.05)
	tail = log.read_text(errors="replace")[-2000:]
	raise RuntimeError(f"{' '.join(process.args)[:120]} does not answer on port {port}:\n{tail}")


class LiveSite:
	"""The processes around one site of one bench; each part starts when it is first asked for."""

	def __init__(self, bench: str | Path, site: str):
		self.bench = Path(bench).resolve()
		self.site = site
		self.python = str(self.bench / "env/bin/python")
		self.folder = tempfile.TemporaryDirectory(prefix="auto-dealer-test-")
		self.logs = Path(self.folder.name)
		self.processes: list[subprocess.Popen] = []
		self.redis_port = self.web_port = self.socketio_port = 0
		self.redis_process: subprocess.Popen | None = None
		self.config_path = self.bench / "sites" / site / "site_config.json"
		self.config_before: str | None = None

	def configure(self, **settings: object) -> None:
		"""Changes the site's configuration until `stop()`; the next request sees it."""
		text = self.config_path.read_text()
		if self.config_before is None:
			self.config_before = text
		self.config_path.write_text(json.dumps({**json.loads(text), **settings}, indent=1))

	# -- processes ---------------------------------------------------------------------------------

	def spawn(self, name: str, command: list[str], cwd: Path | None = None) -> subprocess.Popen:
		"""Starts a process of this site; its output goes to `<logs>/<name>.log`."""
		with open(self.logs / f"{name}.log", "ab") as log:
			process = subprocess.Popen(
				command,
				cwd=cwd or self.bench / "sites",
				env=self.environment(),
				stdin=subprocess.DEVNULL,
				stdout=log,
				stderr=subprocess.STDOUT,
				start_new_session=True,
			)
		self.processes.append(process)
		return process

	def environment(self) -> dict[str, str]:
		"""The environment of every process of this site: this Redis instead of the bench's."""
		url = f"redis://{HOST}:{self.redis_port}"
		return {
			**os.environ,
			"FRAPPE_REDIS_CACHE": url,
			"FRAPPE_REDIS_QUEUE": url,
			"FRAPPE_SITE": self.site,
			"FRAPPE_SOCKETIO_PORT": str(self.socketio_port),
			"FRAPPE_BENCH_ROOT": str(self.bench),
			"SITES_PATH": str(self.bench / "sites"),
		}

	def end(self, process: subprocess.Popen, signal_number: int = signal.SIGTERM) -> None:
		"""Ends one process and what it forked; returns when it is gone."""
		if process in self.processes:
			self.processes.remove(process)
		for number in (signal_number, signal.SIGKILL):
			if process.poll() is not None:
				return
			os.killpg(process.pid, number)
			try:
				process.wait(15)
			except subprocess.TimeoutExpired:
				continue

	def stop(self) -> None:
		"""Ends everything this object started, the last first."""
		for process in reversed(self.processes[:]):
			self.end(process)
		if self.config_before is not None:
			self.config_path.write_text(self.config_before)
		self.folder.cleanup()

	# -- Redis -------------------------------------------------------------------------------------

	def start_redis(self) -> None:
		"""One Redis for cache and queues, in memory only."""
		self.redis_port = self.redis_port or free_port()
		self.redis_process = self.spawn(
			"redis",
			[
				"redis-server",
				"--port",
				str(self.redis_port),
				"--bind",
				HOST,
				"--save",
				"",
				"--appendonly",
				"no",
			],
			cwd=self.logs,
		)
		wait_for_port(self.redis_port, self.redis_process, self.logs / "redis.log")

	def restart_redis(self) -> None:
		"""Redis dies and comes back empty on the same port."""
		self.end(self.redis_process, signal.SIGKILL)
		self.start_redis()

	# -- web ---------------------------------------------------------------------------------------

	@property
	def url(self) -> str:
		"""Where the site is served."""
		return f"http://{HOST}:{self.web_port}"

	def start_web(self, workers: int = 2, threads: int = 4) -> None:
		"""The production server, gunicorn with threads, serving assets too."""
		if self.web_port:
			return
		port = free_port()
		(self.logs / "test_site_wsgi.py").write_text(WSGI.format(site=self.site))
		process = self.spawn(
			"web",
			[
				str(self.bench / "env/bin/gunicorn"),
				"test_site_wsgi:application",
				f"--pythonpath={self.logs}",
				f"--bind={HOST}:{port}",
				f"--workers={workers}",
				"--worker-class=gthread",
				f"--threads={threads}",
				"--timeout=120",
				"--keep-alive=5",
				"--graceful-timeout=5",
			],
		)
		wait_for_port(port, process, self.logs / "web.log")
		self.web_port = port

	def start_socketio(self) -> None:
		"""Frappe's realtime server, for pages that change by themselves."""
		if self.socketio_port:
			return
		self.socketio_port = free_port()
		self.configure(socketio_port=self.socketio_port, dealer_direct_realtime=1)
		process = self.spawn(
			"socketio", ["node", str(self.bench / "apps/frappe/socketio.js")], cwd=self.bench
		)
		wait_for_port(self.socketio_port, process, self.logs / "socketio.log")

	# -- jobs --------------------------------------------------------------------------------------

	def start_worker(self, burst: bool = False, queues: str = "short,default,long") -> subprocess.Popen:
		"""A real background worker; with `burst` it ends when the queues are empty."""
		command = [self.python, "-m", "frappe.utils.bench_helper", "frappe", "worker", "--queue", queues]
		return self.spawn("worker", command + (["--burst"] if burst else []))

	def work_off(self, seconds: float = 120) -> str:
		"""Runs a real worker until the queues are empty; returns what it wrote."""
		worker = self.start_worker(burst=True)
		try:
			worker.wait(seconds)
		finally:
			self.end(worker)
		return self.log("worker")

	def log(self, name: str) -> str:
		"""What the named process (`web`, `worker`, `redis`, `socketio`) wrote so far."""
		path = self.logs / f"{name}.log"
		return path.read_text(errors="replace") if path.exists() else ""
