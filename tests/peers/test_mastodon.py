"""The Mastodon connector against a server with state that speaks Mastodon's client API."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
    Author,
    EventKind,
    NetworkEvent,
    Outgoing,
    OutgoingFile,
    PermanentError,
    UncertainError,
)
from comptoir.connectors.mastodon.connector import Mastodon
from tests.peers.mastodon_server import MastodonServer, mastodon_server

__all__ = ["mastodon_server"]

pytestmark = pytest.mark.peers

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


class Counter:
    """The brand's account as Comptoir holds it."""

    def __init__(self, server: MastodonServer) -> None:
        self.server = server
        self.own_id = server.id_of("marque")
        self.cursor: dict[str, Any] = {}

    def connector(self, transport: httpx.BaseTransport | None = None) -> Mastodon:
        http = httpx.Client(timeout=20, transport=transport)
        return Mastodon(self.server.credentials_of("marque"), http, own_id=self.own_id)

    def poll(self) -> list[NetworkEvent]:
        events: list[NetworkEvent] = []
        connector = self.connector()
        for page in connector.poll(self.cursor):
            events += [event for delivery in page.deliveries for event in connector.parse(delivery)]
            self.cursor = json.loads(json.dumps(page.cursor))
        return events


@pytest.fixture
def counter(mastodon_server: MastodonServer) -> Counter:
    counter = Counter(mastodon_server)
    counter.poll()
    return counter


def say(counter: Counter, text: str, **more: Any) -> dict[str, Any]:
    said = counter.server.call("lea", "POST", "/api/v1/statuses", json={"status": text, **more})
    assert isinstance(said, dict)
    return said


def answer_to(event: NetworkEvent, text: str, key: str, **changed: Any) -> Outgoing:
    return replace(
        Outgoing(
            key=key,
            queued_at=datetime.now(UTC),
            text=text,
            visibility=event.visibility or "public",
            recipient=event.author,
            parent_id=event.external_id,
            parent_visibility=event.visibility,
            parent_custom=event.custom,
        ),
        **changed,
    )


def test_who_we_are_and_what_the_server_allows(counter: Counter) -> None:
    connector = counter.connector()
    health = connector.check()
    assert (health.own_id, health.handle, health.remarks) == (counter.own_id, "marque", ())
    assert connector.limits_here().max_text_chars == 500


def test_a_wrong_token_is_told_as_such(counter: Counter) -> None:
    wrong = {"instance": counter.server.base_url, "access_token": "wrong"}
    with pytest.raises(AuthError):
        Mastodon(wrong, httpx.Client()).check()


def test_a_mention_comes_in_and_its_answer_arrives_in_the_thread_under_its_warning(counter: Counter) -> None:
    say(counter, "@marque mon colis est cassé", visibility="unlisted", spoiler_text="colis")
    mention = next(event for event in counter.poll() if event.event is EventKind.POST)
    assert (mention.author.handle, mention.subject, mention.visibility) == ("lea", "colis", "public")
    sent = counter.connector().send(
        answer_to(mention, "Bonjour, nous regardons.", "k1", files=(OutgoingFile("a.png", "image/png", PNG, "colis"),))
    )
    seen = counter.server.call("lea", "GET", f"/api/v1/statuses/{sent.external_id}")
    assert (seen["in_reply_to_id"], seen["visibility"], seen["spoiler_text"]) == (
        mention.external_id, "unlisted", "colis",
    )  # fmt: skip
    assert seen["media_attachments"][0]["description"] == "colis"
    told = counter.server.call("lea", "GET", "/api/v1/notifications")
    assert told[0]["status"]["id"] == sent.external_id


def test_a_private_message_is_answered_in_private(counter: Counter) -> None:
    say(counter, "@marque ma commande 4711", visibility="direct")
    message = next(event for event in counter.poll() if event.event is EventKind.MESSAGE)
    assert message.visibility == "private"
    sent = counter.connector().send(answer_to(message, "Merci.", "k2"))
    assert counter.server.call("lea", "GET", f"/api/v1/statuses/{sent.external_id}")["visibility"] == "direct"


def test_sending_twice_with_the_same_key_makes_one_post_and_it_is_found(counter: Counter) -> None:
    say(counter, "@marque une fois")
    outgoing = answer_to(next(event for event in counter.poll() if event.event is EventKind.POST), "Une fois.", "k3")
    assert counter.connector().find_sent(outgoing) is None
    first, second = counter.connector().send(outgoing), counter.connector().send(outgoing)
    assert first.external_id == second.external_id
    found = counter.connector().find_sent(outgoing)
    assert found is not None
    assert found.external_id == first.external_id


def test_an_answer_whose_acknowledgement_was_cut_is_found(counter: Counter) -> None:
    say(counter, "@marque coupure")
    outgoing = answer_to(next(event for event in counter.poll() if event.event is EventKind.POST), "Reçu.", "k4")

    class Cutting(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            super().handle_request(request).read()
            raise httpx.ReadError("cut")

    with pytest.raises(UncertainError):
        counter.connector(Cutting()).send(outgoing)
    assert counter.connector().find_sent(outgoing) is not None


def test_likes_boosts_and_follows_are_told(counter: Counter) -> None:
    ours = counter.server.call("marque", "POST", "/api/v1/statuses", json={"status": "Bonjour à tous"})
    counter.server.call("tom", "POST", f"/api/v1/statuses/{ours['id']}/favourite")
    counter.server.call("tom", "POST", f"/api/v1/statuses/{ours['id']}/reblog")
    counter.server.call("tom", "POST", f"/api/v1/accounts/{counter.own_id}/follow")
    told = {event.event: event for event in counter.poll()}
    assert told[EventKind.REACTION].target_id == ours["id"]
    assert told[EventKind.REPOST].target_id == ours["id"]
    assert told[EventKind.FOLLOW].author.handle == "tom"
    names = {figure.name: figure.value for figure in counter.connector().figures([ours["id"]])}
    assert (names["likes"], names["shares"]) == (1, 1)


def test_our_answer_is_edited_liked_back_and_taken_back(counter: Counter) -> None:
    said = say(counter, "@marque bravo")
    mention = next(event for event in counter.poll() if event.event is EventKind.POST)
    connector = counter.connector()
    outgoing = answer_to(mention, "Mercii", "k5")
    sent = connector.send(outgoing)
    connector.edit(sent.external_id, replace(outgoing, text="Merci"), sent.custom)
    assert counter.server.call("lea", "GET", f"/api/v1/statuses/{sent.external_id}/source")["text"] == "@lea Merci"
    connector.like(said["id"], {})
    assert counter.server.call("lea", "GET", f"/api/v1/statuses/{said['id']}")["favourites_count"] == 1
    connector.unlike(said["id"], {})
    for _time in range(2):
        connector.delete(sent.external_id, sent.custom)
    with pytest.raises(PermanentError):
        connector.edit(sent.external_id, outgoing, sent.custom)


def test_what_happens_is_streamed_at_once_and_stopping_is_noticed(counter: Counter) -> None:
    stop, heard = threading.Event(), threading.Event()
    events: list[NetworkEvent] = []
    connector = counter.connector()

    def listen() -> None:
        for page in connector.stream(counter.cursor, stop):
            events.extend(event for delivery in page.deliveries for event in connector.parse(delivery))
            heard.set()

    listener = threading.Thread(target=listen)
    listener.start()
    pause = threading.Event()
    for _try in range(20):
        say(counter, "@marque par le flux")
        if heard.wait(0.5):
            break
    pause.wait(0.1)
    stop.set()
    listener.join(3)
    assert not listener.is_alive()
    assert {event.text for event in events} == {"@marque par le flux"}


def test_history_brings_past_mentions_newest_first(counter: Counter) -> None:
    said = [say(counter, f"@marque autrefois {number}")["id"] for number in range(3)]
    connector = counter.connector()
    pages = connector.history(datetime(2020, 1, 1, tzinfo=UTC), {})
    events = [event for page in pages for delivery in page.deliveries for event in connector.parse(delivery)]
    assert [event.external_id for event in events][:3] == list(reversed(said))
    assert events[0].author == Author(events[0].author.id, "lea", events[0].author.name, events[0].author.avatar_url)
