"""What can go wrong with an outer service; the texts are shown to staff and hold no secret."""

from __future__ import annotations


class ServiceError(Exception):
	"""Either of the two below."""


class ServiceUnavailable(ServiceError):
	"""No answer, a broken one, too many requests, an error on their side: to be asked again later.

	`retry_after`: seconds that the service asks to wait, 0 when it says nothing.
	"""

	def __init__(self, message: str, retry_after: int = 0):
		super().__init__(message)
		self.retry_after = retry_after


class ServiceRefused(ServiceError):
	"""The service understood and refuses (no right, wrong data): asking again is of no use. `status`: of HTTP."""

	def __init__(self, message: str, status: int = 0):
		super().__init__(message)
		self.status = status
