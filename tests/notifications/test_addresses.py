"""Webhooks do not reach into the company's own network."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from comptoir.core.crypto import encrypt
from comptoir.events.record import record
from comptoir.notifications.actions import create_endpoint, fan_out
from comptoir.notifications.attempts import deliver_due
from comptoir.notifications.models import WebhookDelivery, WebhookEndpoint
from comptoir.notifications.sending import EndpointRefusedError, check_address, post
from tests.factories import make_conversation
from tests.notifications.conftest import Receiver


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What each name resolves to, one list for each time it is asked."""
    known: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def resolve(host: Any, port: Any, *given: Any, **named: Any) -> Any:
        if isinstance(host, str) and host in known:
            return real(known[host].pop(0), port, *given, **named)
        return real(host, port, *given, **named)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return known


def test_name_that_leads_inside_is_refused_when_it_is_called(receiver: Receiver, names: dict[str, list[str]]) -> None:
    names["crm.example"] = ["127.0.0.1"]
    answer = post(receiver.url.replace("127.0.0.1", "crm.example"), b"{}", {})
    assert "internal network" in answer.error
    assert receiver.calls == []


def test_name_that_changes_its_mind_gets_nothing(receiver: Receiver, names: dict[str, list[str]]) -> None:
    names["crm.example"] = ["192.0.2.1", "127.0.0.1"]  # looked up once: the second answer is never asked for
    port = receiver.url.rpartition(":")[2].partition("/")[0]
    post(f"http://crm.example:{port}/", b"{}", {})
    assert receiver.calls == []
    assert names["crm.example"] == ["127.0.0.1"]


@pytest.mark.django_db
def test_refused_address_is_a_failure_like_any_other(receiver: Receiver) -> None:
    WebhookEndpoint.objects.create(url=receiver.url, encrypted_secret=encrypt({"secret": "whsec_x"}))
    fan_out([record("conversation.resolved", subject=make_conversation())])
    deliver_due(WebhookEndpoint.objects.get().pk)
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, receiver.calls) == ("pending", [])
    assert "internal network" in delivery.last_error


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1/", "https://0.0.0.0/", "https://[fe80::1]/", "https://192.168.0.9/", "http://crm.example/"],
)
def test_private_and_plain_addresses_are_refused_at_once(url: str) -> None:
    with pytest.raises(EndpointRefusedError):
        check_address(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "https://192.168.0.9/hook", "http://crm.intern:8080/"])
def test_company_can_allow_its_own_network(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("COMPTOIR_ALLOW_PRIVATE_WEBHOOKS", "1")
    check_address(url)


@pytest.mark.django_db
def test_refused_endpoint_is_not_stored() -> None:
    with pytest.raises(EndpointRefusedError):
        create_endpoint(url="https://10.0.0.1/")
    assert not WebhookEndpoint.objects.exists()
