"""What every registered connector keeps to, over its own fixtures and over what is left of them when they are damaged.

A fixture is ``connectors/<kind>/fixtures/X`` beside ``X.expected.json`` (the suffix of X left out): a list of what
the lines of
`comptoir connector parse` must hold, in order, each in the keys it names. Our own id is the author of what is outgoing.
"""

from __future__ import annotations

import copy
import json
import random
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir import connectors
from comptoir.config.payloads import content_type_of, event_lines
from comptoir.connectors.base import (
    Attachment,
    Author,
    Connector,
    Delivery,
    EventKind,
    LocatesMedia,
    NetworkEvent,
    PayloadError,
    is_kept_at,
)
from comptoir.connectors.registry import connector_classes

ROOT = Path(connectors.__file__).parent
NO_NETWORK = httpx.Client(transport=httpx.MockTransport(lambda request: pytest.fail("parse asked the network")))
#: What is no file: nothing is fetched from there.
POINTERS = ("link", "location", "contact")
RESERVED = (".example", "example.com", "example.org", "example.net", "exemple.fr", "localhost")
IDS = ("external_id", "target_id", "parent_id", "thread_id", "thread_token", "scope")


def fixtures() -> list[tuple[str, Path]]:
    found = []
    for kind in connector_classes():
        for expected in sorted((ROOT / kind / "fixtures").glob("*.expected.json")):
            name = expected.name.removesuffix(".expected.json")
            payloads = [file for file in expected.parent.glob(f"{name}.*") if file != expected and file.stem == name]
            found += [(kind, payload) for payload in payloads]
    return found


FIXTURES = fixtures()
KINDS = sorted(connector_classes())
NAMES = [f"{kind}/{payload.name}" for kind, payload in FIXTURES]


def payloads_of(kind: str) -> list[Path]:
    return [payload for its, payload in FIXTURES if its == kind]


def expected_of(payload: Path) -> list[dict[str, Any]]:
    return list(json.loads(payload.with_name(f"{payload.stem}.expected.json").read_text()))


def own_ids(payload: Path) -> list[str | None]:
    """Who we may be in it: nobody known, the author of what is outgoing, whom something is about, or whom it was
    sent to.
    """
    named: list[str | None] = [None]
    for line in expected_of(payload):
        author = (line.get("author") or {}).get("id")
        if author and line.get("direction") == "outgoing" and author not in named:
            named.insert(0, author)
    return named


def built(kind: str, own_id: str | None) -> Connector:
    return connector_classes()[kind]({}, NO_NETWORK, own_id=own_id)


def delivery_of(payload: Path, body: bytes | None = None) -> Delivery:
    body = payload.read_bytes() if body is None else body
    return Delivery(body, content_type_of(payload.name, body))


def parsed(kind: str, delivery: Delivery, own_id: str | None) -> list[NetworkEvent]:
    try:
        return built(kind, own_id).parse(delivery)
    except PayloadError as error:
        reason = str(error)
    assert reason.strip()
    return [NetworkEvent(EventKind.ERROR, reason=reason)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_connector_says_from_which_hosts_its_files_may_come(kind: str) -> None:
    said = [vars(known)["media_hosts"] for known in connector_classes()[kind].__mro__ if "media_hosts" in vars(known)]
    assert len(said) > 1, "it does not"
    assert all(host == "*" or ("." in host and host == host.lower().strip("./")) for host in said[0])


@pytest.mark.parametrize("kind", KINDS)
def test_recorded_files_come_from_those_hosts(kind: str) -> None:
    """Names that stand for nobody's host (RFC 2606) tell nothing of where a network keeps its files."""
    connector = built(kind, None)
    recorded = [(payload, event) for payload in payloads_of(kind) for event in parsed(kind, delivery_of(payload), None)]
    for payload, event in recorded:
        for file in event.attachments:
            if file.kind in POINTERS or not (file.url or "").startswith("http"):
                continue
            url = connector.locate(file.url or "").url if isinstance(connector, LocatesMedia) else file.url
            host = urlsplit(url or "").hostname or ""
            is_theirs = host.endswith(RESERVED) or is_kept_at(host, connector.media_hosts_here())
            assert is_theirs, f"{payload.name}: {host} ({file.kind})"


def differences(found: Any, wanted: Any, where: str = "") -> list[str]:
    """Where what was found does not hold what is wanted; what is wanted may be partial."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return [line for key, part in wanted.items() for line in differences(found.get(key), part, f"{where}.{key}")]
    if isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        pairs = zip(found, wanted, strict=True)
        return [line for number, pair in enumerate(pairs) for line in differences(*pair, f"{where}[{number}]")]
    same = found == wanted or (where.endswith("sent_at") and _instant(found) == _instant(wanted))
    return [] if same else [f"{where}: {found!r} instead of {wanted!r}"]


def _instant(text: Any) -> Any:
    return datetime.fromisoformat(text) if isinstance(text, str) else text


def test_every_connector_has_fixtures():
    assert {kind for kind, _payload in FIXTURES} == set(connector_classes())


@pytest.mark.parametrize(("kind", "payload"), FIXTURES, ids=NAMES)
def test_a_fixture_is_read_as_expected(kind, payload):
    wanted = expected_of(payload)
    tries = [
        differences(list(event_lines(connector_classes()[kind], str(payload), own_id=own_id)), wanted)
        for own_id in own_ids(payload)
    ]
    assert min(tries, key=len) == []


@pytest.mark.parametrize("kind", KINDS)
def test_reading_is_pure_and_gives_each_event_once(kind):
    for payload in payloads_of(kind):
        delivery = delivery_of(payload)
        before = copy.deepcopy(delivery)
        first, second = parsed(kind, delivery, None), parsed(kind, delivery, None)
        assert first == second, payload.name
        assert delivery == before, payload.name
        assert len({repr(event) for event in first}) == len(first), payload.name
        named = [(event.event, event.external_id) for event in first if event.external_id]
        assert len(set(named)) == len(named), payload.name


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_read_has_the_types_the_contract_names(kind):
    for payload in payloads_of(kind):
        for own_id in own_ids(payload):
            for event in parsed(kind, delivery_of(payload), own_id):
                check_types(event)


def check_types(event: NetworkEvent) -> None:
    assert isinstance(event.event, EventKind)
    assert event.direction in ("incoming", "outgoing", None)
    assert event.visibility in ("public", "private", None)
    assert all(
        isinstance(getattr(event, name), str | None) for name in (*IDS, "text", "subject", "language", "reason", "html")
    )
    assert all(getattr(event, name) != "" for name in IDS if name != "scope")
    assert event.sent_at is None or event.sent_at.utcoffset() is not None
    assert event.event is not EventKind.IGNORED or event.reason
    for author in (event.author, event.counterpart or Author()):
        assert all(isinstance(part, str | None) for part in (author.id, author.handle, author.name, author.avatar_url))
    for file in event.attachments:
        assert isinstance(file, Attachment)
        assert isinstance(file.size_bytes, int | None)
    assert all(isinstance(related, str) for related in event.related_ids)
    json.dumps(dict(event.custom))
    hash(event.event)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(number=st.integers(0, max(0, len(FIXTURES) - 1)), seed=st.integers(0, 2**32))
def test_a_damaged_payload_is_read_or_refused_in_words(number, seed):
    kind, payload = FIXTURES[number]
    body = damaged(payload.read_bytes(), random.Random(seed))
    for event in parsed(kind, delivery_of(payload, body), "us"):
        check_types(event)


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(KINDS),
    body=st.binary(max_size=400),
    type_=st.sampled_from(["application/json", "message/rfc822", ""]),
)
def test_garbage_is_read_or_refused_in_words(kind, body, type_):
    for event in parsed(kind, Delivery(body, type_), "us"):
        check_types(event)


def damaged(body: bytes, chance: random.Random) -> bytes:
    """Cut off, with bytes changed, pieces left out or twice, or values of JSON exchanged for others."""
    how = chance.choice(("cut", "bytes", "piece", "twice", "values", "values"))
    start, end = sorted(chance.randrange(len(body) + 1) for _end in range(2))
    if how == "cut":
        return body[:end]
    if how == "piece":
        return body[:start] + body[end:]
    if how == "twice":
        return body[:end] + body[start:]
    if how == "bytes":
        changed = bytearray(body)
        for _time in range(chance.randint(1, 8)):
            if changed:
                changed[chance.randrange(len(changed))] = chance.randrange(256)
        return bytes(changed)
    try:
        return json.dumps(_exchanged(json.loads(body), chance)).encode()
    except ValueError:
        return body[start:]


def _exchanged(tree: Any, chance: random.Random) -> Any:
    if chance.random() < 0.04:
        return chance.choice(
            (None, True, -1, 2**70, 1.5e300, "", "\x00", "\ud800", "9999999999999999999", [], {}, [[]], {"a": None})
        )
    if isinstance(tree, dict):
        return {key: _exchanged(part, chance) for key, part in tree.items() if chance.random() > 0.02}
    if isinstance(tree, list):
        return [_exchanged(part, chance) for part in tree]
    return tree
