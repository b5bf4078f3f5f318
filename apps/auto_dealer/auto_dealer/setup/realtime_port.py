"""Realtime on benches without a reverse proxy."""

from __future__ import annotations

import frappe


def use_direct_port(context: frappe._dict) -> None:
	"""Lets the browser reach socketio on its own port when `dealer_direct_realtime` is set in the site's config.

	Behind nginx (production) the realtime server answers on the web port, and nothing changes. The embedded bench
	of `./dealer up` has no proxy; Frappe's own switch for that, DEV_SERVER, would also turn off caches.
	"""
	if frappe.conf.dealer_direct_realtime:
		context.dev_server = 1
