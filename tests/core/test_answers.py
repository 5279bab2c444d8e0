"""Answers that never end, or unpack to more than a machine has."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator

import httpx
import pytest

from comptoir.core import answers, http
from comptoir.core.answers import UnendingAnswerError, pieces
from comptoir.core.http import Purpose, new_client, new_public_client

Talk = Callable[[socket.socket], None]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Talk], str]]:
    """The address of a host that talks as it is told to everybody who calls."""
    monkeypatch.setenv(Purpose.FILES.value, "1")
    listening = socket.create_server(("127.0.0.1", 0))

    def begin(talk: Talk) -> str:
        def answer() -> None:
            while True:
                try:
                    line, _peer = listening.accept()
                except OSError:
                    return
                with line:
                    line.recv(65_536)
                    try:
                        talk(line)
                    except OSError:
                        continue

        threading.Thread(target=answer, daemon=True).start()
        return f"http://127.0.0.1:{listening.getsockname()[1]}/"

    yield begin
    listening.close()


def says(body: bytes, *headers: str) -> Talk:
    head = HEAD + "".join(f"{one}\r\n" for one in headers).encode() + f"Content-Length: {len(body)}\r\n\r\n".encode()
    return lambda line: line.sendall(head + body)


def test_an_answer_is_read_whole(serve: Callable[[Talk], str]) -> None:
    with new_client() as client:
        assert client.get(serve(says(b"bonjour"))).text == "bonjour"


def test_headers_stay_as_they_came(serve: Callable[[Talk], str]) -> None:
    with new_client() as client:
        answer = client.get(serve(says(b"x", "X-Name: L\u00e9a", "Link: <a>", "Link: <b>")))
    assert (answer.headers["x-name"], answer.headers["link"]) == ("L\u00e9a", "<a>, <b>")


@pytest.mark.parametrize("way", ["gzip", "deflate", "raw deflate"])
def test_a_packed_answer_is_unpacked(serve: Callable[[Talk], str], way: str) -> None:
    raw = zlib.compressobj(wbits=-15)
    packed = {
        "gzip": gzip.compress(b"bonjour" * 30_000),
        "deflate": zlib.compress(b"bonjour" * 30_000),
        "raw deflate": raw.compress(b"bonjour" * 30_000) + raw.flush(),
    }[way]
    with new_client() as client:
        answer = client.get(serve(says(packed, f"Content-Encoding: {way.split()[-1]}")))
    assert answer.content == b"bonjour" * 30_000


def test_what_unpacks_to_more_than_anybody_wants_is_refused(
    serve: Callable[[Talk], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MAX_ANSWER_BYTES", 1_000_000)
    bomb = gzip.compress(b"\0" * 50_000_000)
    with new_client() as client, pytest.raises(UnendingAnswerError):
        client.get(serve(says(bomb, "Content-Encoding: gzip")))


def test_what_is_packed_twice_is_not_unpacked(serve: Callable[[Talk], str]) -> None:
    bomb = gzip.compress(gzip.compress(b"\0" * 50_000_000))
    url = serve(says(bomb, "Content-Encoding: gzip, gzip"))
    with new_client() as client, pytest.raises(httpx.DecodingError):
        client.get(url)
    with new_public_client(Purpose.FILES) as client, client.stream("GET", url) as answer:
        with pytest.raises(httpx.DecodingError):
            list(pieces(answer, deadline=time.monotonic() + 10))


def test_a_small_piece_unpacks_to_small_pieces(serve: Callable[[Talk], str]) -> None:
    url = serve(says(gzip.compress(b"\0" * 20_000_000), "Content-Encoding: gzip"))
    with new_public_client(Purpose.FILES) as client, client.stream("GET", url) as answer:
        sizes = [len(piece) for piece in pieces(answer, deadline=time.monotonic() + 30)]
    assert (sum(sizes), max(sizes) <= 65_536) == (20_000_000, True)


def test_packing_that_holds_nothing_ends_in_time(serve: Callable[[Talk], str]) -> None:
    def talk(line: socket.socket) -> None:
        line.sendall(HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"")[:10])
        while True:
            line.sendall(b"\x00\x00\x00\xff\xff")  # an empty block
            time.sleep(0.01)

    with new_public_client(Purpose.FILES, within_s=30) as client, client.stream("GET", serve(talk)) as answer:
        with pytest.raises(UnendingAnswerError):
            list(pieces(answer, deadline=time.monotonic() + 0.2))


def test_an_answer_that_drips_is_left_in_time(serve: Callable[[Talk], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "ANSWERED_WITHIN_S", 0.2)

    def talk(line: socket.socket) -> None:
        line.sendall(HEAD + b"\r\n")
        while True:
            line.sendall(b".")
            time.sleep(0.01)

    with new_client() as client, pytest.raises(UnendingAnswerError):
        client.get(serve(talk))


def test_a_stranger_whose_headers_drip_is_left_in_time(serve: Callable[[Talk], str]) -> None:
    def talk(line: socket.socket) -> None:
        line.sendall(HEAD + b"X-Slow: ")
        while True:
            line.sendall(b"x")
            time.sleep(0.01)

    begun = time.monotonic()
    with new_public_client(Purpose.FILES, within_s=0.3) as client, pytest.raises(httpx.ReadTimeout):
        client.get(serve(talk))
    assert time.monotonic() - begun < 5


def test_each_request_to_a_stranger_has_its_own_time(serve: Callable[[Talk], str]) -> None:
    url = serve(says(b"bonjour"))
    with new_public_client(Purpose.FILES, within_s=0.5) as client:
        assert client.get(url).text == "bonjour"
        time.sleep(0.6)
        assert client.get(url).text == "bonjour"


def test_no_way_of_packing_is_asked_for_that_is_not_unpacked_here() -> None:
    with new_client() as client:
        assert client.headers["accept-encoding"] == answers.UNPACKED
    assert http.TIMEOUT.read is not None
