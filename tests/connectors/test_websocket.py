"""Our WebSocket client against the server of another's making."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from comptoir.connectors.shared.websocket import ClosedError, RefusedHandshakeError, connected


def answer(connection: ServerConnection) -> None:
    """Say what is asked for."""
    try:
        for said in connection:
            if said == "ping":
                connection.ping().wait(5)
                connection.send("pong came")
            elif said == "pieces":
                connection.send(iter(["Bon", "jour ", "é" * 70_000]))
            elif said == "close":
                connection.close(4004)
            else:
                connection.send(said)
    except ConnectionClosed:
        return


@pytest.fixture
def url() -> Iterator[str]:
    with serve(answer, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        port = server.socket.getsockname()[1]
        yield f"ws://127.0.0.1:{port}/"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("text", ["", "é", "x" * 125, "x" * 126, "x" * 65_535, "x" * 70_000])
def test_what_is_sent_arrives_whatever_its_length(url: str, text: str) -> None:
    with httpx.Client() as http, connected(http, url) as socket:
        socket.send(text)
        assert socket.receive(5) == text


def test_pieces_are_put_together_and_pings_are_answered(url: str) -> None:
    with httpx.Client() as http, connected(http, url) as socket:
        socket.send("pieces")
        assert socket.receive(5) == "Bonjour " + "é" * 70_000
        socket.send("ping")
        assert socket.receive(5) == "pong came"


def test_patience_ends_and_nothing_is_lost(url: str) -> None:
    with httpx.Client() as http, connected(http, url) as socket:
        assert socket.receive(0.05) is None
        socket.send("encore")
        assert socket.receive(5) == "encore"


def test_the_code_of_a_closing_is_told(url: str) -> None:
    with httpx.Client() as http, connected(http, url) as socket:
        socket.send("close")
        with pytest.raises(ClosedError) as raised:
            socket.receive(5)
    assert raised.value.code == 4004


def test_a_server_that_speaks_no_websocket_is_told() -> None:
    http = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(404)))
    with pytest.raises(RefusedHandshakeError) as raised, connected(http, "wss://example.org/"):
        pass
    assert raised.value.status == 404
