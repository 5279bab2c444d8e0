"""The gateway, from a WebSocket server of another’s making."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from comptoir.connectors.base import (
    AuthError,
    Page,
    PermanentError,
    TransientError,
)
from comptoir.connectors.discord.connector import Discord
from comptoir.connectors.discord.tests.far_side import CHANNEL, CREDENTIALS, GUILD, ME, Far, said, spoken

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
