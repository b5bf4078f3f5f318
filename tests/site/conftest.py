"""The fixtures of the site tests; see site_fixtures.py for what each one promises."""

from site_fixtures import (  # noqa: F401
	_site,
	_transaction,
	api,
	as_user,
	committed,
	http,
	jobs,
	live,
	queue,
	user_with,
)
