"""The Bluesky connector against the AT Protocol's own servers."""

from __future__ import annotations

import dataclasses
import itertools
import json
import os
import pickle
import signal
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
    EventKind,
    NetworkEvent,
    Outgoing,
    OutgoingFile,
    PermanentError,
    UncertainError,
)
from comptoir.connectors.bluesky.connector import Bluesky
from tests.peers.bluesky_network import BlueskyNetwork, Person, bluesky_network, eventually, now

__all__ = ["bluesky_network"]

pytestmark = pytest.mark.peers

_numbers = itertools.count(1)


class Counter:
    """The brand's account as Comptoir holds it: a connector, a cursor, what was received."""

    def __init__(self, network: BlueskyNetwork, brand: Person) -> None:
        self.brand = brand
        self.credentials = network.credentials_of(brand)
        self.cursor: dict[str, Any] = {"round": 1, "own": []}  # as the first round, which only notes, leaves it
        self.received: list[NetworkEvent] = []

    def connector(self, transport: httpx.BaseTransport | None = None) -> Bluesky:
        return Bluesky(self.credentials, httpx.Client(timeout=20, transport=transport), own_id=self.brand.did)

    def poll(self) -> list[NetworkEvent]:
        """One round as the poller makes it: stored pages only move the cursor on."""
        connector = self.connector()
        events = []
        for page in connector.poll(self.cursor):
            events += [event for delivery in page.deliveries for event in connector.parse(delivery)]
            self.cursor = json.loads(json.dumps(page.cursor))
        self.credentials = dict(connector.renewed_credentials() or self.credentials)
        self.received += events
        return events

    def hear(self, uri: str) -> NetworkEvent:
        """Poll until the message with this address has come."""

        def heard() -> NetworkEvent | None:
            self.poll()
            return next((event for event in self.received if event.external_id == uri), None)

        return eventually(heard)


@pytest.fixture
def customer(bluesky_network: BlueskyNetwork) -> Person:
    return bluesky_network.join(f"customer{next(_numbers)}")


@pytest.fixture
def counter(bluesky_network: BlueskyNetwork) -> Iterator[Counter]:
    return Counter(bluesky_network, bluesky_network.join(f"brand{next(_numbers)}"))


def reply_to(event: NetworkEvent, text: str, **fields: Any) -> Outgoing:
    assert event.external_id is not None
    return Outgoing(
        key=f"message-{next(_numbers)}-{event.external_id}",
        queued_at=datetime.now(UTC),
        text=text,
        visibility="public",
        recipient=event.author,
        thread_id=event.thread_id,
        parent_id=event.external_id,
        parent_custom=event.custom,
        **fields,
    )


def test_check_says_who_we_are(counter: Counter) -> None:
    health = counter.connector().check()
    assert (health.own_id, health.handle, health.name) == (
        counter.brand.did,
        counter.brand.handle,
        counter.brand.handle.removesuffix(".test").capitalize(),
    )


def test_a_mention_arrives_as_a_post_of_its_author(counter: Counter, customer: Person) -> None:
    uri = customer.mention(counter.brand, "mon colis n’arrive pas 😡", langs=["fr"])["uri"]
    event = counter.hear(uri)
    assert event.event is EventKind.POST
    assert event.direction == "incoming"
    assert (event.author.id, event.author.handle) == (customer.did, customer.handle)
    assert event.text == f"@{counter.brand.handle} mon colis n’arrive pas 😡"
    assert (event.language, event.thread_id) == ("fr", uri)


def test_what_was_said_before_is_read_with_the_history(counter: Counter, customer: Person) -> None:
    uris = [customer.mention(counter.brand, f"bonjour ({number})")["uri"] for number in range(3)]
    counter.hear(uris[-1])
    since, connector = datetime.now(UTC) - timedelta(days=30), counter.connector()
    pages = list(connector.history(since, {}))
    told = [event for page in pages for delivery in page.deliveries for event in connector.parse(delivery)]
    assert {event.external_id for event in told} >= set(uris)
    assert pages[-1].cursor == {"stage": "messages"}
    assert [page.deliveries for page in connector.history(datetime.now(UTC) + timedelta(days=1), {})] == [()]


def test_a_reply_to_our_post_arrives_with_the_post_it_answers(counter: Counter, customer: Person) -> None:
    ours = counter.brand.post("Nos magasins ouvrent dimanche.")
    reference = {"uri": ours["uri"], "cid": ours["cid"]}
    customer.see(ours["uri"])
    uri = customer.post("À quelle heure ?", reply={"root": reference, "parent": reference})["uri"]
    event = counter.hear(uri)
    assert (event.event, event.parent_id, event.thread_id) == (EventKind.COMMENT, ours["uri"], ours["uri"])
    (context,) = [event for event in counter.received if event.external_id == ours["uri"]]
    assert (context.direction, context.custom["context"]) == ("outgoing", True)


def test_what_we_answer_elsewhere_arrives_as_ours(counter: Counter, customer: Person) -> None:
    uri = customer.mention(counter.brand, "allô ?")["uri"]
    counter.hear(uri)
    reference = customer_reference(customer, uri)
    answer = counter.brand.post("Répondu depuis le téléphone.", reply={"root": reference, "parent": reference})
    event = counter.hear(answer["uri"])
    assert (event.event, event.direction, event.thread_id) == (EventKind.COMMENT, "outgoing", uri)
    assert event.counterpart is not None
    assert event.counterpart.id == customer.did


def test_a_quote_of_our_post_arrives_with_what_it_quotes(counter: Counter, customer: Person) -> None:
    ours = counter.brand.post("Notre nouvelle boutique.")
    embed = {"$type": "app.bsky.embed.record", "record": {"uri": ours["uri"], "cid": ours["cid"]}}
    event = counter.hear(customer.post("Bof.", embed=embed)["uri"])
    assert (event.event, event.related_ids) == (EventKind.POST, (ours["uri"],))


def test_a_like_and_a_follow_arrive(counter: Counter, customer: Person) -> None:
    ours = counter.brand.post("Bonjour.")
    like = {"$type": "app.bsky.feed.like", "subject": {"uri": ours["uri"], "cid": ours["cid"]}, "createdAt": now()}
    follow = {"$type": "app.bsky.graph.follow", "subject": counter.brand.did, "createdAt": now()}
    for record in (like, follow):
        body = {"repo": customer.did, "collection": record["$type"], "record": record}
        made = customer.call("POST", "com.atproto.repo.createRecord", json=body)
        event = counter.hear(made["uri"])
        expected = (EventKind.REACTION, ours["uri"]) if record is like else (EventKind.FOLLOW, counter.brand.did)
        assert (event.event, event.target_id, event.author.id) == (*expected, customer.did)


def test_our_reply_stands_in_the_customers_thread_with_facets_and_image(counter: Counter, customer: Person) -> None:
    uri = customer.mention(counter.brand, "où est mon colis ?")["uri"]
    text = f"Bonjour @{customer.handle} 👋, suivez-le ici : https://exemple.fr/suivi (et @personne.test) #colis"
    image = OutgoingFile("plan.png", "image/png", a_png(), alt_text="Le plan du dépôt")
    outgoing = reply_to(counter.hear(uri), text, files=(image,), language="fr")
    sent = counter.connector().send(outgoing)
    thread = eventually(lambda: (thread := customer.thread(uri)).get("replies") and thread)
    (reply,) = thread["replies"]
    record = reply["post"]["record"]
    assert reply["post"]["uri"] == sent.external_id == counter.connector().reserve_external_id(outgoing)
    assert reply["post"]["author"]["did"] == counter.brand.did
    assert (record["text"], record["langs"]) == (text, ["fr"])
    assert [(covered(text, facet), feature_of(facet)) for facet in record["facets"]] == [
        (f"@{customer.handle}", customer.did),
        ("https://exemple.fr/suivi", "https://exemple.fr/suivi"),
        ("#colis", "colis"),
    ]
    assert [shown["alt"] for shown in reply["post"]["embed"]["images"]] == ["Le plan du dépôt"]


def test_an_answer_to_an_answer_keeps_the_root(counter: Counter, customer: Person) -> None:
    uri = customer.mention(counter.brand, "bonjour ?")["uri"]
    first = counter.connector().send(reply_to(counter.hear(uri), "Bonjour !"))
    root, parent = customer_reference(customer, uri), {"uri": first.external_id, "cid": first.custom["cid"]}
    customer.see(first.external_id)
    again = customer.post("Toujours rien.", reply={"root": root, "parent": parent})["uri"]
    second = counter.connector().send(reply_to(counter.hear(again), "Nous regardons."))
    assert (first.thread_id, second.thread_id) == (uri, uri)
    standing = next(post for post in counter.brand.posts() if post["uri"] == second.external_id)
    assert (standing["value"]["reply"]["root"]["uri"], standing["value"]["reply"]["parent"]["uri"]) == (uri, again)


def test_a_parent_without_its_hash_is_looked_up(counter: Counter, customer: Person) -> None:
    uri = customer.mention(counter.brand, "bonjour ?")["uri"]
    event = counter.hear(uri)
    sent = counter.connector().send(reply_to(dataclasses.replace(event, custom={}), "Bonjour !"))
    assert sent.custom["root"] == {"uri": uri, "cid": event.custom["cid"]}


def test_the_same_reply_sent_twice_is_one_post(counter: Counter, customer: Person) -> None:
    outgoing = reply_to(counter.hear(customer.mention(counter.brand, "allô")["uri"]), "Bonjour !")
    first, second = counter.connector().send(outgoing), counter.connector().send(outgoing)
    assert (first.external_id, first.custom) == (second.external_id, second.custom)
    assert [post["value"]["text"] for post in counter.brand.posts()] == ["Bonjour !"]


def test_a_reply_whose_mention_resolves_differently_the_second_time_is_still_one_post(
    counter: Counter, customer: Person
) -> None:
    outgoing = reply_to(counter.hear(customer.mention(counter.brand, "allô")["uri"]), f"@{customer.handle} bonjour")
    with pytest.raises(UncertainError):
        counter.connector(Cut("putRecord")).send(outgoing)
    first = counter.connector().find_sent(outgoing)
    second = counter.connector(Forgets("resolveHandle")).send(outgoing)
    assert first is not None
    assert (first.external_id, first.custom["cid"]) == (second.external_id, second.custom["cid"])
    assert len(counter.brand.posts()) == 1


def test_an_answer_that_was_cut_is_found_and_sent_again_as_one_post(counter: Counter, customer: Person) -> None:
    outgoing = reply_to(counter.hear(customer.mention(counter.brand, "allô")["uri"]), "Bonjour !")
    assert counter.connector().find_sent(outgoing) is None
    with pytest.raises(UncertainError):
        counter.connector(Cut("putRecord")).send(outgoing)
    found = counter.connector().find_sent(outgoing)
    assert found is not None
    assert counter.connector().send(outgoing).external_id == found.external_id
    assert len(counter.brand.posts()) == 1


_KILLED = """
import json, os, pickle, signal, sys
import httpx
from comptoir.connectors.bluesky.connector import Bluesky

class DiesAfter(httpx.HTTPTransport):
    def handle_request(self, request):
        response = super().handle_request(request)
        if "putRecord" in request.url.path:
            response.read()
            os.kill(os.getpid(), signal.SIGKILL)
        return response

credentials, own_id, outgoing = pickle.load(sys.stdin.buffer)
Bluesky(credentials, httpx.Client(timeout=20, transport=DiesAfter()), own_id=own_id).send(outgoing)
"""


def test_a_process_killed_while_sending_leaves_one_post(counter: Counter, customer: Person) -> None:
    outgoing = reply_to(counter.hear(customer.mention(counter.brand, "allô")["uri"]), "Bonjour !")
    attempt = pickle.dumps((counter.credentials, counter.brand.did, outgoing))
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    died = subprocess.run([sys.executable, "-c", _KILLED], input=attempt, env=environment, timeout=60, check=False)
    assert died.returncode == -signal.SIGKILL
    assert counter.connector().send(outgoing).external_id
    assert len(counter.brand.posts()) == 1


def test_our_post_is_deleted_and_deleting_it_again_is_a_success(counter: Counter, customer: Person) -> None:
    sent = counter.connector().send(reply_to(counter.hear(customer.mention(counter.brand, "allô")["uri"]), "Erreur"))
    for _ in range(2):
        counter.connector().delete(sent.external_id, sent.custom)
    assert counter.brand.posts() == []


def test_the_post_of_another_cannot_be_deleted(counter: Counter, customer: Person) -> None:
    uri = customer.mention(counter.brand, "allô")["uri"]
    with pytest.raises(PermanentError):
        counter.connector().delete(uri, {})
    assert len(customer.posts()) == 1


def test_a_customers_deleted_post_gives_a_deletion(counter: Counter, customer: Person) -> None:
    uri = customer.mention(counter.brand, "je retire ce que j’ai dit")["uri"]
    counter.hear(uri)
    customer.delete(uri)
    assert eventually(lambda: next((e for e in counter.poll() if e.event is EventKind.DELETE), None)).target_id == uri


def test_what_was_read_is_not_read_again_and_nothing_is_missed(counter: Counter, customer: Person) -> None:
    uris = [customer.mention(counter.brand, f"numéro {number}")["uri"] for number in range(3)]
    for uri in uris:
        counter.hear(uri)
    later = customer.mention(counter.brand, "encore")["uri"]
    counter.hear(later)
    heard = [event.external_id for event in counter.received if event.event is EventKind.POST]
    assert sorted(heard) == sorted([*uris, later])


def test_a_wrong_password_is_told(counter: Counter) -> None:
    counter.credentials["app_password"] = "wrong-wrong-wrong-wrong"
    with pytest.raises(AuthError):
        counter.connector().check()


def test_an_expired_token_is_renewed_without_the_password(counter: Counter) -> None:
    connector = counter.connector()
    connector.check()
    renewed = dict(connector.renewed_credentials() or {})
    counter.credentials = {**renewed, "access_token": "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.AA"}
    log = Logged()
    assert counter.connector(log).check().own_id == counter.brand.did
    assert "com.atproto.server.createSession" not in log.methods
    assert "com.atproto.server.refreshSession" in log.methods


def test_the_kept_session_is_used_by_the_next_process(counter: Counter) -> None:
    connector = counter.connector()
    connector.check()
    counter.credentials = dict(connector.renewed_credentials() or {})
    log = Logged()
    counter.connector(log).check()
    assert not [method for method in log.methods if method.startswith("com.atproto.server.") and "Session" in method][
        1:
    ]


class Cut(httpx.HTTPTransport):
    """The server gets the request; its answer is lost on the way."""

    def __init__(self, method: str) -> None:
        super().__init__()
        self.method = method

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        if self.method in request.url.path:
            response.read()
            raise httpx.ReadError("cut", request=request)
        return response


class Forgets(Cut):
    """The server no longer knows one thing."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.method in request.url.path:
            return httpx.Response(400, json={"error": "InvalidRequest", "message": "Unable to resolve handle"})
        return super().handle_request(request)


class Logged(httpx.HTTPTransport):
    def __init__(self) -> None:
        super().__init__()
        self.methods: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.methods.append(request.url.path.rpartition("/")[2])
        return super().handle_request(request)


def customer_reference(customer: Person, uri: str) -> dict[str, str]:
    return next({"uri": post["uri"], "cid": post["cid"]} for post in customer.posts() if post["uri"] == uri)


def covered(text: str, facet: dict[str, Any]) -> str:
    return text.encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()


def feature_of(facet: dict[str, Any]) -> str:
    (feature,) = facet["features"]
    return str(next(value for key, value in feature.items() if key != "$type"))


def a_png() -> bytes:
    """A red dot."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\x00" + b"\xff\x00\x00" * 8 for _ in range(8)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
