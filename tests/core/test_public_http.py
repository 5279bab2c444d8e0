"""Addresses that strangers choose reach public hosts only."""

from __future__ import annotations

import socket
from typing import Any

import httpx
import pytest

from comptoir.core import http
from comptoir.core.http import Purpose, UnsafeAddressError, is_internal_literal, new_public_client, public_address

INTERNAL = [
    "127.0.0.1",
    "10.1.2.3",
    "192.168.0.10",
    "169.254.169.254",
    "0.0.0.0",
    "224.0.0.1",
    "::1",
    "fe80::1",
    "fd00::1",
    "fec0::1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "::127.0.0.1",
    "::ffff:0:127.0.0.1",
]


@pytest.mark.parametrize("address", INTERNAL)
def test_an_internal_address_is_refused(address: str) -> None:
    with pytest.raises(UnsafeAddressError):
        public_address(address, 443)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_an_address_of_the_open_internet_is_taken(address: str) -> None:
    assert public_address(address, 443) == address


def test_a_name_with_one_internal_address_is_refused_whatever_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def two_faced(*_given: Any, **_named: Any) -> list[Any]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in ("93.184.216.34", "127.0.0.1")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", two_faced)
    with pytest.raises(UnsafeAddressError):
        public_address("rebinding.example", 443)


def test_the_address_that_was_checked_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    connected: list[httpx.Request] = []

    def handle(_self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        connected.append(request)
        return httpx.Response(200)

    monkeypatch.setattr(http, "public_address", lambda host, port: "93.184.216.34")
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", handle)
    with new_public_client(Purpose.FILES) as client:
        client.get("https://files.example/facture.pdf")
    assert connected[0].url.host == "93.184.216.34"
    assert connected[0].headers["host"] == "files.example"
    assert connected[0].extensions["sni_hostname"] == "files.example"


def test_a_client_for_strangers_addresses_does_not_reach_this_machine() -> None:
    with new_public_client(Purpose.FILES) as client, pytest.raises(UnsafeAddressError):
        client.get("http://127.0.0.1:9/")


@pytest.mark.parametrize(("purpose", "other"), [(Purpose.FILES, Purpose.WEBHOOKS), (Purpose.WEBHOOKS, Purpose.FILES)])
def test_what_one_purpose_may_reach_another_may_not(
    purpose: Purpose, other: Purpose, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(other.value, "1")
    with new_public_client(purpose) as client, pytest.raises(UnsafeAddressError):
        client.get("http://127.0.0.1:9/")
    with new_public_client(other) as client, pytest.raises(httpx.ConnectError):
        client.get("http://127.0.0.1:9/")


@pytest.mark.parametrize("host", ["localhost", "crm.localhost", "10.0.0.1", "[::1]", "::ffff:10.0.0.1"])
def test_an_internal_host_is_seen_without_asking_anybody(host: str) -> None:
    assert is_internal_literal(host)


@pytest.mark.parametrize("host", ["crm.example", "93.184.216.34", "localhost.example"])
def test_any_other_host_is_looked_up_when_it_is_called(host: str) -> None:
    assert not is_internal_literal(host)
