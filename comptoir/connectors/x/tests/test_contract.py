"""Every request against X’s published contract."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from comptoir.connectors.base import (
    Delivery,
    Outgoing,
    OutgoingFile,
)
from comptoir.connectors.x.connector import X
from comptoir.connectors.x.tests.far_side import CREDENTIALS, DATE, OUTGOING, PRIVATE, Far, _fields, x
from tests.connectors.published_contract import contract


def test_every_request_fits_the_published_contract() -> None:
    published = contract("x_api_v2_openapi.json")
    sent = {"data": {"id": "42", "dm_event_id": "43", "text": "t", "subscribed": True}, "meta": {"newest_id": "9"}}

    def far(request: httpx.Request) -> httpx.Response:
        if "/oauth2/" not in request.url.path:
            published.check(request)
        if request.url.path == "/2/webhooks" and request.method == "GET":
            return httpx.Response(200, json={"data": [{"id": "9", "url": "https://a.example/", "valid": False}]})
        listed = (
            request.method == "GET" and request.url.path not in ("/2/users/me",) and "subscr" not in str(request.url)
        )
        return httpx.Response(200, json={"meta": {}, "data": []} if listed else sent, headers=DATE)

    account = X(CREDENTIALS, httpx.Client(transport=httpx.MockTransport(far)), own_id="1001")
    picture = OutgoingFile("a.png", "image/png", b"abc", alt_text="Un colis")
    account.check()
    account.subscribe("https://a.example/")
    account.subscribe("https://b.example/")
    list(account.poll({"mentions": "20", "own": "20", "messages": "7"}))
    list(account.history(datetime(2026, 2, 1, tzinfo=UTC), {}))
    account.send(Outgoing(**{**_fields(OUTGOING), "files": (picture,)}))
    account.send(Outgoing(**{**_fields(PRIVATE), "files": (picture,)}))
    account.find_sent(OUTGOING)
    account.find_sent(PRIVATE)
    account.hide("7", thread_id="1")
    account.show("7", thread_id="1")
    account.like("7", {})
    account.unlike("7", {})
    account.delete("7", {})
    account.delete("7", {"private": True})
    account.figures(["7"])


def test_nothing_at_all_is_no_payload_of_x() -> None:
    with pytest.raises(Exception, match="JSON"):
        x(Far({})).parse(Delivery(b""))
