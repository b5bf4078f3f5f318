"""A light HTTP load client: keep-alive connections, prebuilt bodies, one thread a client, numbers for one operation."""

from __future__ import annotations

import http.client
import json
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

Request = tuple[str, str, dict | None]  # method, path, JSON body


@dataclass
class Result:
	"""What a run of one operation gave: seconds per request, whole seconds, answers that were no success."""

	times: list[float] = field(default_factory=list)
	elapsed: float = 0
	errors: list[str] = field(default_factory=list)
	largest: int = 0

	@property
	def median(self) -> float:
		return statistics.median(self.times) if self.times else float("nan")

	@property
	def rate(self) -> float:
		"""Requests per second of all clients together."""
		return len(self.times) / self.elapsed if self.elapsed else 0

	def add(self, other: Result) -> None:
		self.times += other.times
		self.elapsed += other.elapsed
		self.errors += other.errors
		self.largest = max(self.largest, other.largest)


class Target:
	"""One site under load, as the user of one API token."""

	def __init__(self, port: int, site: str, token: str):
		self.port = port
		self.headers = {
			"X-Frappe-Site-Name": site,
			"Authorization": f"token {token}",
			"Accept": "application/json",
			"Content-Type": "application/json",
		}

	def run(self, make: Callable[[int], Request], count: int, clients: int = 1, first: int = 0) -> Result:
		"""Sends `count` requests made by `make(number)` from `clients` threads; numbers start at `first`."""
		requests = [make(first + number) for number in range(count)]
		result, lock = Result(), threading.Lock()

		def work(share: list[Request]) -> None:
			mine = self._send_all(share)
			with lock:
				result.add(mine)

		threads = [
			threading.Thread(target=work, args=(requests[index::clients],)) for index in range(clients)
		]
		started = time.perf_counter()
		for thread in threads:
			thread.start()
		for thread in threads:
			thread.join()
		result.elapsed = time.perf_counter() - started
		return result

	def _send_all(self, requests: list[Request]) -> Result:
		result = Result()
		connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
		for method, path, body in requests:
			payload = None if body is None else json.dumps(body).encode()
			started = time.perf_counter()
			connection.request(method, quote(path, safe="/?&=%:,"), payload, self.headers)
			response = connection.getresponse()
			content = response.read()
			result.times.append(time.perf_counter() - started)
			result.largest = max(result.largest, len(content))
			if response.status >= 400:
				result.errors.append(f"{response.status} {content[:300].decode(errors='replace')}")
		connection.close()
		return result
