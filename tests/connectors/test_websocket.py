"""Our WebSocket client against the server of another's making."""

from __future__ import annotations

import base64
import hashlib
import socket
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from comptoir.connectors.shared.websocket import ClosedError, RefusedHandshakeError, connected

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def answer(connection: ServerConnection) -> None:
    """Say what is asked for."""
    try:
        for said in connection:
            if said == "ping":
                connection.ping().wait(5)
                connection.send("pong came")
            elif said == "pieces":
                connection.send(iter(["Bon", "jour ", "é" * 70_000]))
            elif said == "only pings":
                for _ping in range(400):
                    connection.ping()
                    time.sleep(0.01)
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
    with httpx.Client() as http, connected(http, url) as line:
        line.send(text)
        assert line.receive(5) == text


def test_pieces_are_put_together_and_pings_are_answered(url: str) -> None:
    with httpx.Client() as http, connected(http, url) as line:
        line.send("pieces")
        assert line.receive(5) == "Bonjour " + "é" * 70_000
        line.send("ping")
        assert line.receive(5) == "pong came"


def test_patience_ends_and_nothing_is_lost(url: str) -> None:
    with httpx.Client() as http, connected(http, url) as line:
        assert line.receive(0.05) is None
        line.send("encore")
        assert line.receive(5) == "encore"


def test_the_code_of_a_closing_is_told(url: str) -> None:
    with httpx.Client() as http, connected(http, url) as line:
        line.send("close")
        with pytest.raises(ClosedError) as raised:
            line.receive(5)
    assert raised.value.code == 4004


def test_a_server_that_speaks_no_websocket_is_told() -> None:
    http = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(404)))
    with pytest.raises(RefusedHandshakeError) as raised, connected(http, "wss://example.org/"):
        pass
    assert raised.value.status == 404


def test_pings_without_end_do_not_outlast_patience(url: str) -> None:
    with httpx.Client() as http, connected(http, url) as line:
        line.send("only pings")
        begun = time.monotonic()
        assert line.receive(0.2) is None
        assert time.monotonic() - begun < 2


def test_a_frame_that_drips_does_not_outlast_patience_and_is_not_lost() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            line, _peer = listening.accept()
            with line:
                asked = line.recv(65_536).decode()
                key = asked.partition("Sec-WebSocket-Key: ")[2].partition("\r")[0].encode()
                accepted = base64.b64encode(hashlib.sha1(key + MAGIC).digest()).decode()
                upgrade = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                line.sendall(f"{upgrade}Sec-WebSocket-Accept: {accepted}\r\n\r\n".encode())
                for letter in b"\x81\x28" + b"x" * 40:
                    line.sendall(bytes([letter]))
                    time.sleep(0.02)
                line.recv(100)

        threading.Thread(target=drip, daemon=True).start()
        with httpx.Client() as http, connected(http, f"ws://127.0.0.1:{listening.getsockname()[1]}/") as line:
            begun = time.monotonic()
            assert line.receive(0.2) is None
            assert time.monotonic() - begun < 0.7
            assert line.receive(10) == "x" * 40
