from __future__ import annotations

import dataclasses
import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from comptoir.connectors.base import (
    AuthError,
    Author,
    HookRequest,
    Outgoing,
    OutgoingFile,
    Page,
    PermanentError,
    SignatureError,
    Standing,
    TransientError,
    UncertainError,
)
from comptoir.connectors.discord.connector import Discord
from comptoir.connectors.discord.sending import snowflake_at
from tests.connectors.published_contract import contract

KEY = Ed25519PrivateKey.generate()
PUBLIC = KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
ME, LEA, CHANNEL, GUILD = "800000000000000001", "800000000000000002", "600000000000000001", "700000000000000001"
CREDENTIALS = {"bot_token": "t0ken", "public_key": PUBLIC, "channels": CHANNEL}
QUEUED = datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
OUTGOING = Outgoing(
    key="5a0f2c1e-8c1b-4f0a-9a3d-0d3f6f6f7a11", queued_at=QUEUED, text="Bonjour Léa", visibility="public",
    recipient=Author(id=LEA), thread_id=CHANNEL, parent_id="500000000000000001", parent_visibility="public",
)  # fmt: skip
SENT = {
    "id": "500000000000000077", "channel_id": CHANNEL, "timestamp": "2026-03-02T08:15:02+00:00",
    "content": "Bonjour Léa", "author": {"id": ME}, "type": 0,
}  # fmt: skip


class Far:
    """Answers each path as told, and remembers what it was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers = {path.replace("__", "/"): said for path, said in answers.items()}
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        assert request.headers["authorization"] == "Bot t0ken"
        for end, said in self.answers.items():
            if request.url.path.endswith(end):
                said = said(request) if callable(said) else said
                return said if isinstance(said, httpx.Response) else httpx.Response(200, json=said)
        return httpx.Response(404, json={"code": 10008, "message": "Unknown Message"})


def discord(far: Any = None, credentials: dict[str, str] | None = None) -> Discord:
    http = httpx.Client(transport=httpx.MockTransport(far or Far()))
    return Discord(CREDENTIALS if credentials is None else credentials, http, own_id=ME)


def refusal(status: int, code: int, **more: Any) -> httpx.Response:
    return httpx.Response(status, json={"code": code, "message": "no", **more})


# --- webhooks -----------------------------------------------------------------------------------------------------


def signed(body: bytes, *, stamp: str = "1772439300", key: Ed25519PrivateKey = KEY) -> HookRequest:
    signature = key.sign(stamp.encode() + body).hex()
    headers = {"x-signature-ed25519": signature, "x-signature-timestamp": stamp}
    return HookRequest("POST", "https://us.example/h", {}, headers, body)


def test_only_what_the_applications_key_signed_is_discords() -> None:
    genuine = signed(b'{"type":1}')
    discord().verify(genuine)
    for forged in (
        signed(b'{"type":1}', key=Ed25519PrivateKey.generate()),
        dataclasses.replace(genuine, body=b'{"type":2}'),
        dataclasses.replace(genuine, headers={**genuine.headers, "x-signature-timestamp": "1"}),
        dataclasses.replace(genuine, headers={**genuine.headers, "x-signature-ed25519": "é"}),
        dataclasses.replace(genuine, headers={}),
    ):
        with pytest.raises(SignatureError):
            discord().verify(forged)
    for key in ("", "00", "zz"):
        with pytest.raises(SignatureError):
            discord(credentials={**CREDENTIALS, "public_key": key}).verify(genuine)


def test_pings_are_answered_and_commands_are_stored() -> None:
    answered = discord().challenge(signed(b'{"type":1,"token":"x","id":"1"}'))
    assert answered is not None
    assert json.loads(answered.body) == {"type": 1}
    for body in (b'{"type":2,"token":"x"}', b"[", b"[]", b"{}"):
        assert discord().challenge(signed(body)) is None
    probe = discord().challenge(signed(b'{"version":1,"application_id":"1","type":0}'))
    assert probe is not None
    assert probe.status == 204


def test_the_interactions_address_is_set_and_seen() -> None:
    far = Far(**{"applications__@me": {"interactions_endpoint_url": "https://us.example/h"}})
    discord(far).subscribe("https://us.example/h")
    assert json.loads(far.asked[0].content) == {"interactions_endpoint_url": "https://us.example/h"}
    assert discord(far).is_subscribed("https://us.example/h")
    assert not discord(far).is_subscribed("https://us.example/other")


# --- answering ----------------------------------------------------------------------------------------------------


def test_an_answer_names_what_it_answers_and_is_known_by_its_nonce() -> None:
    far = Far(messages=SENT)
    first, second = discord(far).send(OUTGOING), discord(far).send(OUTGOING)
    assert first == second
    bodies = [json.loads(request.content) for request in far.asked]
    assert bodies[0] == bodies[1]
    assert far.asked[0].url.path == f"/api/v10/channels/{CHANNEL}/messages"
    assert bodies[0]["message_reference"] == {"message_id": "500000000000000001", "fail_if_not_exists": False}
    assert bodies[0]["enforce_nonce"] is True
    assert len(bodies[0]["nonce"]) == 25
    assert bodies[0]["allowed_mentions"]["parse"] == ["users"]
    assert (first.external_id, first.thread_id, first.custom) == (SENT["id"], CHANNEL, {"channel": CHANNEL})


def test_a_private_answer_to_what_was_said_in_public_opens_a_private_channel() -> None:
    far = Far(**{"users__@me__channels": {"id": "600000000000000009"}, "messages": SENT})
    discord(far).send(dataclasses.replace(OUTGOING, visibility="private"))
    assert json.loads(far.asked[0].content) == {"recipient_id": LEA}
    assert far.asked[1].url.path == "/api/v10/channels/600000000000000009/messages"
    assert "message_reference" not in json.loads(far.asked[1].content)


def test_files_go_along_with_what_they_show() -> None:
    far = Far(messages=SENT)
    discord(far).send(
        dataclasses.replace(OUTGOING, files=(OutgoingFile("a.png", "image/png", b"\x89PNG", "un colis"),))
    )
    assert b'name="files[0]"; filename="a.png"' in far.asked[0].content
    assert b'"description": "un colis"' in far.asked[0].content


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        (refusal(401, 0), AuthError, "token"),
        (refusal(403, 50013), PermanentError, "permission"),
        (refusal(403, 50007), PermanentError, "private messages"),
        (refusal(404, 10003), PermanentError, "channel"),
        (refusal(400, 50035), PermanentError, "50035"),
        (refusal(400, 20028), TransientError, "slow mode"),
        (httpx.Response(502, text="<html>"), UncertainError, "502"),
    ],
)
def test_refusals_are_told_apart(answer: httpx.Response, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        discord(Far(messages=answer)).send(OUTGOING)


def test_discords_wish_to_wait_is_read() -> None:
    with pytest.raises(TransientError) as raised:
        discord(Far(messages=httpx.Response(429, json={"retry_after": 1.5, "global": False}))).send(OUTGOING)
    assert raised.value.retry_after == timedelta(seconds=1.5)


def test_an_interrupted_answer_is_found_in_its_channel_or_certainly_not_there() -> None:
    far = Far(messages=[{**SENT, "id": "500000000000000076", "content": "autre"}, SENT])
    found = discord(far).find_sent(OUTGOING)
    assert found is not None
    assert found.external_id == SENT["id"]
    assert int(far.asked[0].url.params["after"]) == snowflake_at(QUEUED - timedelta(minutes=2))
    assert discord(Far(messages=[{**SENT, "author": {"id": LEA}}])).find_sent(OUTGOING) is None
    with pytest.raises(UncertainError):
        discord(Far(messages=[{**SENT, "content": "autre"}] * 100)).find_sent(OUTGOING)


def test_snowflakes_count_from_2015() -> None:
    assert snowflake_at(datetime(2015, 1, 1, tzinfo=UTC)) == 0
    assert snowflake_at(datetime(2016, 4, 30, 11, 18, 25, 796000, tzinfo=UTC)) == 175928847298985984


def test_what_was_said_is_changed_removed_and_liked_where_it_stands() -> None:
    far = Far(**{SENT["id"]: SENT, "@me": httpx.Response(204)})
    connector = discord(far)
    connector.edit(SENT["id"], OUTGOING, {"channel": CHANNEL})
    connector.like(SENT["id"], {"channel": CHANNEL})
    connector.unlike(SENT["id"], {"channel": CHANNEL})
    connector.remove("500000000000000001", thread_id=CHANNEL)
    asked = [(request.method, request.url.raw_path.decode().removeprefix("/api/v10")) for request in far.asked]
    place = f"/channels/{CHANNEL}/messages/{SENT['id']}"
    assert asked == [
        ("PATCH", place),
        ("PUT", f"{place}/reactions/%F0%9F%91%8D/@me"),
        ("DELETE", f"{place}/reactions/%F0%9F%91%8D/@me"),
        ("DELETE", f"/channels/{CHANNEL}/messages/500000000000000001"),
    ]
    assert connector.may_remove(Standing(CHANNEL))
    assert not connector.may_remove(Standing("600000000000000002"))


def test_a_message_whose_channel_is_not_known_is_not_acted_upon() -> None:
    for custom in ({}, {"channel": "../users"}):
        with pytest.raises(PermanentError, match="which channel"):
            discord().delete("500000000000000001", custom)


# --- polling ------------------------------------------------------------------------------------------------------


def said(number: int) -> dict[str, Any]:
    return {**SENT, "id": str(number), "author": {"id": LEA, "username": "lea"}}


def spoken(connector: Discord, pages: Any) -> list[tuple[Any, ...]]:
    events = [event for page in pages for delivery in page.deliveries for event in connector.parse(delivery)]
    return [(event.external_id, event.visibility) for event in events]


def channel(messages: Callable[[dict[str, str]], Any]) -> Far:
    place = {f"channels__{CHANNEL}": {"id": CHANNEL, "guild_id": GUILD}}
    return Far(messages=lambda request: messages(dict(request.url.params)), **place)


def test_channels_are_read_on_from_where_they_were() -> None:
    def messages(asked: dict[str, str]) -> Any:
        return [said(8), said(7)] if asked.get("after") == "6" else [] if "after" in asked else [said(6), said(5)]

    connector = discord(channel(messages))
    first = list(connector.poll({"session": {"id": "s"}}))
    assert spoken(connector, first) == [("5", "public"), ("6", "public")]
    assert first[-1].cursor == {"session": {"id": "s"}, "channels": {CHANNEL: "6"}}
    assert [line[0] for line in spoken(connector, connector.poll(first[-1].cursor))] == ["7", "8"]


def test_a_channel_that_the_bot_does_not_see_is_left_out() -> None:
    assert list(discord(Far(**{f"channels__{CHANNEL}": refusal(403, 50001)})).poll({})) == []


def test_history_goes_back_to_the_day_and_can_be_taken_up_again() -> None:
    since = datetime(2026, 1, 1, tzinfo=UTC)
    oldest = snowflake_at(since)

    def messages(asked: dict[str, str]) -> Any:
        return [said(oldest + 1), said(oldest - 1)] if "before" in asked else [said(oldest + 3), said(oldest + 2)]

    connector = discord(channel(messages))
    pages = list(connector.history(since, {}))
    ids = [line[0] for line in spoken(connector, pages)]
    assert ids == [str(oldest + 3), str(oldest + 2), str(oldest + 1)]
    assert [line[0] for line in spoken(connector, connector.history(since, pages[0].cursor))] == ids[2:]
    assert list(connector.history(since, pages[-1].cursor)) == []


# --- the gateway --------------------------------------------------------------------------------------------------

Script = Callable[[ServerConnection, list[dict[str, Any]]], None]


@pytest.fixture
def gateway() -> Iterator[Callable[[Script], tuple[Discord, list[dict[str, Any]]]]]:
    """A gateway that greets, hears what it is told, and goes on as a script says."""
    heard: list[dict[str, Any]] = []
    scripts: list[Script] = []

    def talk(connection: ServerConnection) -> None:
        try:
            connection.send(json.dumps({"op": 10, "d": {"heartbeat_interval": 1000}, "s": None, "t": None}))
            heard.append(json.loads(connection.recv()))
            scripts[0](connection, heard)
            for frame in connection:
                heard.append(json.loads(frame))
                if heard[-1]["op"] == 1:
                    connection.send('{"op":11}')
        except ConnectionClosed:
            return

    with serve(talk, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}"

        def made(script: Script) -> tuple[Discord, list[dict[str, Any]]]:
            scripts.append(script)
            far = Far(gateway__bot={"url": url})
            mounts = {"https://discord.com": httpx.MockTransport(far)}
            return Discord(CREDENTIALS, httpx.Client(mounts=mounts, timeout=10), own_id=ME), heard

        yield made
        server.shutdown()
        thread.join()


def frame(kind: str, number: int, **content: Any) -> str:
    return json.dumps({"op": 0, "t": kind, "s": number, "d": content})


def listened(connector: Discord, cursor: dict[str, Any], until: Callable[[Page], bool]) -> list[Page]:
    stop, pages = threading.Event(), []
    for page in connector.stream(cursor, stop):
        pages.append(page)
        if until(page):
            stop.set()
    return pages


def test_the_gateway_tells_what_is_said_and_where_to_go_on(gateway: Any) -> None:
    def script(connection: ServerConnection, heard: list[dict[str, Any]]) -> None:
        connection.send(frame("READY", 1, session_id="s1", resume_gateway_url="wss://resume.example"))
        connection.send(frame("TYPING_START", 2))
        connection.send(frame("MESSAGE_CREATE", 3, **{**said(9), "guild_id": GUILD}))

    connector, heard = gateway(script)
    pages = listened(connector, {"channels": {}}, lambda page: bool(page.deliveries))
    assert spoken(connector, pages) == [("9", "public")]
    session = {"id": "s1", "url": "wss://resume.example", "sequence": 3}
    assert pages[-1].cursor == {"channels": {}, "session": session}
    assert heard[0]["op"] == 2
    assert heard[0]["d"]["token"] == "t0ken"
    assert heard[0]["d"]["intents"] & (1 << 15)


def test_an_interrupted_session_is_resumed_and_a_dead_one_forgotten(gateway: Any) -> None:
    connector, heard = gateway(lambda connection, heard: connection.send('{"op":9,"d":false}'))
    cursor = {"session": {"id": "s1", "url": None, "sequence": 7}, "channels": {CHANNEL: "6"}}
    pages = listened(connector, cursor, lambda page: False)
    assert heard[0] == {"op": 6, "d": {"token": "t0ken", "session_id": "s1", "seq": 7}}
    assert [page.cursor for page in pages] == [{"channels": {CHANNEL: "6"}}]


def test_heartbeats_are_sent_while_nothing_is_said(gateway: Any) -> None:
    done = threading.Event()

    def script(connection: ServerConnection, heard: list[dict[str, Any]]) -> None:
        beat = json.loads(connection.recv())
        heard.append(beat)
        done.set()
        connection.send('{"op":7}')

    connector, heard = gateway(script)
    assert listened(connector, {}, lambda page: False) == []
    assert done.is_set()
    assert heard[-1] == {"op": 1, "d": None}


@pytest.mark.parametrize(
    ("code", "error"), [(4004, AuthError), (4014, PermanentError), (4009, TransientError), (1001, TransientError)]
)
def test_how_the_gateway_closes_says_what_is_to_be_done(gateway: Any, code: int, error: type[Exception]) -> None:
    connector, _heard = gateway(lambda connection, heard: connection.close(code))
    with pytest.raises(error):
        listened(connector, {}, lambda page: False)


# --- the account --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("flags", "remarks"), [(1 << 19, 0), (1 << 18, 0), (0, 1)])
def test_a_check_says_who_we_are_and_whether_messages_can_be_read(flags: int, remarks: int) -> None:
    far = Far(**{"users__@me": {"id": ME, "username": "marque"}, "applications__@me": {"flags": flags}})
    health = discord(far).check()
    assert (health.own_id, health.handle, len(health.remarks)) == (ME, "marque", remarks)


def test_members_of_all_servers_are_counted() -> None:
    far = Far(**{"users__@me__guilds": [{"approximate_member_count": 3}, {"approximate_member_count": 4}, {}]})
    assert [(one.name, one.value) for one in discord(far).figures([])] == [("members", 7)]


def test_requests_fit_the_published_contract() -> None:
    published = contract("discord_openapi.json")
    far = Far(
        messages=lambda request: SENT if request.method == "POST" else [SENT],
        typing=httpx.Response(204),
        **{"users__@me__guilds": [], "users__@me__channels": {"id": CHANNEL}, "@me": {"id": ME},
           f"channels__{CHANNEL}": {"id": CHANNEL, "guild_id": GUILD}, SENT["id"]: SENT},
    )  # fmt: skip
    connector = discord(far)
    connector.check()
    connector.subscribe("https://us.example/h")
    connector.send(OUTGOING)
    connector.send(dataclasses.replace(OUTGOING, visibility="private"))
    connector.find_sent(OUTGOING)
    connector.edit(SENT["id"], OUTGOING, {"channel": CHANNEL})
    connector.delete(SENT["id"], {"channel": CHANNEL})
    connector.like(SENT["id"], {"channel": CHANNEL})
    connector.signal(Author(), "typing", thread_id=CHANNEL)
    list(connector.poll({"channels": {CHANNEL: "1"}}))
    assert len(far.asked) > 12
    for request in far.asked:
        published.check(request, path=request.url.path.removeprefix("/api/v10"))
