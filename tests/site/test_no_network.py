"""Leads, deals and contacts are saved without the outer network: a name server that hangs delays nobody."""

from __future__ import annotations

import socket

import pytest
from factories import free_phone, make_contact, make_deal, make_lead

import frappe

from auto_dealer.sales.convert_lead import convert_lead

LOOPBACK = {"127.0.0.1", "localhost", "::1", None, ""}


class OuterNetworkUsed(AssertionError):
	"""A name outside this machine was looked up or connected to inside a transaction."""


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch):
	"""Every look-up of a name and every connection to another machine fails the test."""
	look_up, connect = socket.getaddrinfo, socket.socket.connect

	def guarded_look_up(host, *args, **kwargs):
		if host not in LOOPBACK:
			raise OuterNetworkUsed(f"looks up {host}")
		return look_up(host, *args, **kwargs)

	def guarded_connect(self, address):
		if self.family != socket.AF_UNIX and address[0] not in LOOPBACK:
			raise OuterNetworkUsed(f"connects to {address}")
		return connect(self, address)

	monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)
	monkeypatch.setattr(socket.socket, "connect", guarded_connect)


def test_the_guard_of_this_test_works(no_network):
	with pytest.raises(OuterNetworkUsed):
		socket.create_connection(("gravatar.example", 443), timeout=1)


@pytest.mark.requirement("R123")
def test_an_enquiry_is_taken_without_the_network(no_network):
	lead = make_lead(client_name="Пётр Сетев", phone=free_phone(), email="petr@setev.example")
	deal = frappe.get_doc("Auto Deal", convert_lead(lead.name, "New Cars"))
	deal.amount = 1_500_000
	deal.save()
	assert frappe.db.get_value("Auto Deal", deal.name, "contact")


def test_deals_and_contacts_are_saved_without_the_network(no_network):
	contact = make_contact("Анна Сетева", phones=[free_phone()], emails=["anna@setev.example"])
	deal = make_deal(pipeline="Body Repair", contact=contact.name)
	assert deal.contact == contact.name
