"""Tells another program over HTTP. It may be told twice when a worker dies in between: `run` says which run it was."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

import requests

import frappe
from frappe import _

from auto_dealer.robots.effects.create_document import read_values
from auto_dealer.robots.effects.set_field import value_of

SECONDS = 10


class WebhookRefused(frappe.ValidationError):
	"""The address is not allowed, or the other side does not take the message."""


def run(robot, doc, params: dict, run) -> list[str]:
	url = params["webhook_url"]
	check_address(url)
	values = {
		field: value_of(value, doc) if isinstance(value, str) else value
		for field, value in read_values(params.get("field_values")).items()
	}
	body = {"robot": robot.title, "run": run.name, "doctype": doc.doctype, "name": doc.name, "values": values}
	answer = requests.post(
		url,
		data=frappe.as_json(body),
		headers={"Content-Type": "application/json"},
		timeout=SECONDS,
		allow_redirects=False,
	)
	if not 200 <= answer.status_code < 300:
		frappe.throw(_("{0} answered {1}").format(urlsplit(url).hostname, answer.status_code), WebhookRefused)
	return [f"POST {urlsplit(url).hostname}: {answer.status_code}"]


def check_address(url: str) -> None:
	"""Only http(s), and no machine of the inner network unless the site's configuration allows that."""
	parts = urlsplit(url)
	if parts.scheme not in ("http", "https") or not parts.hostname:
		frappe.throw(_("A webhook's address begins with https://"), WebhookRefused)
	if frappe.conf.dealer_allow_inner_webhooks:
		return
	for found in socket.getaddrinfo(parts.hostname, parts.port or 443, proto=socket.IPPROTO_TCP):
		if not ipaddress.ip_address(found[4][0]).is_global:
			frappe.throw(_("{0} is a machine of the inner network.").format(parts.hostname), WebhookRefused)
