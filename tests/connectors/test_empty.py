"""A body that holds nothing: said so in a word, but where the network itself sends it as a page without anything."""

from __future__ import annotations

import pytest

from comptoir.connectors.base import Delivery, PayloadError
from comptoir.connectors.registry import connector_classes
from tests.connectors.test_contract import built

BODIES = (b"{}", b"[]", b"[{}]", b"[[], {}]")
#: By their documentation: Google's interfaces leave out lists that are empty, WordPress answers with a list alone.
SENT_EMPTY = {("google_reviews", b"{}"), ("play_store", b"{}"), ("wordpress", b"[]")}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("kind", connector_classes())
def test_nothing_is_a_page_only_where_the_network_sends_it(kind: str, body: bytes) -> None:
    try:
        events = built(kind, "us").parse(Delivery(body, "application/json"))
    except PayloadError:
        return
    assert (not events) == ((kind, body) in SENT_EMPTY)
    assert all(event.reason for event in events if event.event == "ignored")


@pytest.mark.parametrize(
    ("kind", "page"),
    [
        ("line", b'{"destination":"U1","events":[]}'),  # how LINE's console tries an address
        ("tiktok", b'{"code":0,"message":"OK","data":{"comments":[],"has_more":false,"cursor":0}}'),
        ("linkedin", b'{"elements":[],"paging":{"start":0,"count":10,"links":[]}}'),
        ("pinterest", b'{"items":[],"bookmark":null}'),
        ("trustpilot", b'{"links":[],"reviews":[]}'),
        ("tripadvisor", b'{"data":[]}'),
        (
            "app_store",
            b'{"data":[],"links":{"self":"https://api.appstoreconnect.apple.com/v1/apps/1/customerReviews"}}',
        ),
        ("youtube", b'{"kind":"youtube#commentThreadListResponse","items":[]}'),
        ("reddit", b'{"kind":"Listing","data":{"children":[],"after":null}}'),
        ("slack", b'{"ok":true,"messages":[],"has_more":false}'),
        ("bluesky", b'{"notifications":[],"seenAt":"2026-03-02T08:15:00Z"}'),
    ],
)
def test_a_page_without_anything_needs_no_word(kind: str, page: bytes) -> None:
    assert built(kind, "us").parse(Delivery(page, "application/json")) == []
