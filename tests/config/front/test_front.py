"""What slow, cut, large and hostile connections do to a real server, over real sockets: they keep nobody waiting."""

from __future__ import annotations

import contextlib
import hashlib
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.config.front.server import ANSWER_BYTES, LARGE_BYTES, MOST_SENT_WAITING, PATIENCE_S
from tests.ports import own_port

SOON_S = 60.0  # on a machine that has much else to do


class Server:
    """One of ours, with two threads."""

    def __init__(self) -> None:
        self.port = own_port()
        self.running = subprocess.Popen([sys.executable, "-m", "tests.config.front.server", str(self.port)])
        deadline = time.monotonic() + SOON_S
        while not self._listens():
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.05)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> int:
        self.running.send_signal(signal.SIGTERM)
        return self.running.wait(SOON_S)

    def connected(self, first: bytes = b"") -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=SOON_S)
        connection.sendall(first)
        return connection

    def ask(self, head: str, body: bytes = b"") -> bytes:
        """One request on a connection of its own; everything that is answered."""
        with self.connected(f"{head}\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode() + body) as connection:
            return received(connection)

    def told(self, head: str, body: bytes = b"") -> dict[str, str]:
        """What the application behind was given."""
        answer: dict[str, str] = json.loads(self.ask(head, body).partition(b"\r\n\r\n")[2])
        return answer

    def times_called(self) -> int:
        return int(self.ask("GET /counted HTTP/1.1").partition(b"\r\n\r\n")[2])


def received(connection: socket.socket) -> bytes:
    """Everything until the other side closes."""
    pieces = []
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(65536):
            pieces.append(piece)
    return b"".join(pieces)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


SLOW_BODY = b"POST /counted HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nx"


def test_a_body_comes_whole_with_its_length(server):
    told = server.told("POST /caf%C3%A9?q=%20 HTTP/1.1\r\nContent-Length: 7\r\nX-Thing: a\r\nX-Thing: b", b"bonjour")
    assert (told["body"], told["CONTENT_LENGTH"], told["HTTP_X_THING"]) == ("bonjour", "7", "a,b")
    assert (told["PATH_INFO"].encode("latin-1").decode(), told["QUERY_STRING"]) == ("/café", "q=%20")
    assert (told["REMOTE_ADDR"], told["SERVER_PORT"]) == ("127.0.0.1", str(server.port))


def test_a_body_in_pieces_has_its_length_too(server):
    told = server.told("POST / HTTP/1.1\r\nTransfer-Encoding: chunked", b"3\r\nbon\r\n4\r\njour\r\n0\r\n\r\n")
    assert (told["body"], told["CONTENT_LENGTH"]) == ("bonjour", "7")
    assert "HTTP_TRANSFER_ENCODING" not in told


def test_no_header_passes_for_another(server):
    told = server.told("GET / HTTP/1.1\r\nX_Forwarded_For: 10.0.0.1")
    assert "HTTP_X_FORWARDED_FOR" not in told


def test_one_connection_asks_more_than_once(server):
    with server.connected() as connection:
        for text in (b"un", b"deux", b""):
            connection.sendall(
                b"POST /counted HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(text) + text
            )
            assert connection.recv(4096).startswith(b"HTTP/1.1 200")


def test_slow_bodies_keep_nobody_waiting(server):
    slow = [server.connected(SLOW_BODY) for _number in range(50)]
    begun = time.monotonic()
    assert server.ask("GET / HTTP/1.1").startswith(b"HTTP/1.1 200")
    assert server.told("POST / HTTP/1.1\r\nContent-Length: 2", b"ok")["body"] == "ok"
    assert time.monotonic() - begun < PATIENCE_S
    for connection in slow:
        connection.close()


def test_a_slow_body_is_told_so_in_its_language_and_its_connection_closed(server):
    called = server.times_called()
    with server.connected(SLOW_BODY.replace(b"Host", b"Accept-Language: fr\r\nHost")) as connection:
        answer = received(connection).decode()
    assert answer.startswith("HTTP/1.1 408")
    assert "L’envoi est arrivé trop lentement" in answer
    assert server.times_called() == called


def test_every_slow_connection_is_closed_and_not_only_told(server):
    slow = [server.connected(SLOW_BODY) for _number in range(60)]
    assert all(received(connection).startswith(b"HTTP/1.1 408") for connection in slow)


def test_a_body_that_trickles_is_slow_however_regularly_it_comes(server):
    with server.connected(SLOW_BODY.replace(b"100", b"100000")) as connection:  # at this pace whole in hours
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            trickle(connection)


def trickle(connection: socket.socket) -> None:
    deadline = time.monotonic() + SOON_S
    while time.monotonic() < deadline:
        connection.sendall(b"x")
        time.sleep(PATIENCE_S / 8)


@pytest.mark.parametrize("first", [b"", b"P", b"GET / HTTP/1.1\r\nHost: localhost\r\n"])
def test_a_connection_that_never_says_what_it_wants_is_closed(server, first):
    with server.connected(first) as connection:
        assert received(connection) == b""


@pytest.mark.parametrize(
    "head",
    ["Content-Length: 100\r\n\r\nhalf", "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"],
    ids=["length", "pieces"],
)
@pytest.mark.parametrize("has_gone", [True, False], ids=["gone", "listens"])
def test_a_body_that_is_cut_never_reaches_the_application(server, head, has_gone):
    called = server.times_called()
    with server.connected(f"POST /counted HTTP/1.1\r\nHost: localhost\r\n{head}".encode()) as connection:
        if not has_gone:
            connection.shutdown(socket.SHUT_WR)
            assert received(connection).startswith(b"HTTP/1.1 400")
    assert server.times_called() == called


def test_a_large_body_is_refused_before_it_comes(server):
    head = f"POST /refused HTTP/1.1\r\nHost: localhost\r\nContent-Length: {LARGE_BYTES * 500}\r\n\r\n"
    with server.connected(head.encode()) as connection:
        answer = received(connection)
    assert answer.startswith(b"HTTP/1.1 413")
    assert answer.endswith(b"refused")


def test_a_body_of_no_announced_length_is_refused_once_it_is_large(server):
    piece = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    head = b"POST /counted HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    called = server.times_called()
    with server.connected(head) as connection:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for _number in range(4 * LARGE_BYTES // 65536):
                connection.sendall(piece)
        assert server.times_called() == called


def test_a_large_body_is_never_held_in_memory(server):
    body, before = bytes(range(256)) * 4096 * 64, server.ask("GET /summed HTTP/1.1").split()
    head = f"POST /summed HTTP/1.1\r\nX-Colleague: 1\r\nContent-Length: {len(body)}"
    digest, memory_mb = server.ask(head, body).split()[-2:]
    assert digest.decode() == hashlib.sha256(body).hexdigest()
    assert int(memory_mb) - int(before[-1]) < 20 < len(body) // 1024**2


def test_colleagues_who_send_large_bodies_slowly_keep_no_other_colleague_waiting(server):
    head = f"POST /summed HTTP/1.1\r\nHost: localhost\r\nX-Colleague: 1\r\nContent-Length: {LARGE_BYTES * 2}\r\n\r\nx"
    slow = [server.connected(head.encode()) for _number in range(10)]
    begun = time.monotonic()
    assert server.ask("GET / HTTP/1.1").startswith(b"HTTP/1.1 200")
    large = b"x" * LARGE_BYTES * 2
    answer = server.ask(f"POST /summed HTTP/1.1\r\nX-Colleague: 1\r\nContent-Length: {len(large)}", large)
    assert hashlib.sha256(large).hexdigest().encode() in answer
    assert time.monotonic() - begun < PATIENCE_S * 5  # one after another, they would take twice as long
    assert received(slow[0]).startswith(b"HTTP/1.1 408")
    for connection in slow:
        connection.close()


def test_a_large_body_that_is_cut_never_reaches_the_application(server):
    called = server.times_called()
    head = f"POST /counted HTTP/1.1\r\nHost: localhost\r\nX-Colleague: 1\r\nContent-Length: {LARGE_BYTES * 2}\r\n\r\nx"
    with server.connected(head.encode()) as connection:
        connection.shutdown(socket.SHUT_WR)
        assert received(connection).startswith(b"HTTP/1.1 400")
    assert server.times_called() == called


def test_a_strangers_large_body_is_not_read_whatever_the_application_does_with_it(server):
    with server.connected(
        f"POST /summed HTTP/1.1\r\nHost: localhost\r\nContent-Length: {LARGE_BYTES * 2}\r\n\r\n".encode()
    ) as connection:
        assert received(connection).endswith(b"TooLargeError")


def test_whoever_reads_slowly_keeps_nobody_waiting(server):
    slow = [server.connected(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n") for _number in range(10)]
    begun = time.monotonic()
    assert server.ask("GET / HTTP/1.1").startswith(b"HTTP/1.1 200")
    assert time.monotonic() - begun < PATIENCE_S * 5
    for connection in slow:
        connection.close()


def test_whoever_asks_and_leaves_takes_no_turn_of_a_thread(server):
    began_at = time.monotonic()
    for _number in range(100):  # each holds one of the two threads for a second
        server.connected(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n").close()
    server.told("GET / HTTP/1.1")
    assert time.monotonic() - began_at < 100 / 2 / 2


def test_a_large_answer_comes_whole(server):
    assert server.ask("GET /large HTTP/1.1").partition(b"\r\n\r\n")[2].count(b"x") == ANSWER_BYTES


def test_large_answers_together_take_so_much_of_the_disk_and_no_more(server):
    asked = b"GET /large HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    for _round in range(2):  # who has gone gives the room back
        many = [server.connected(asked) for _number in range(16)]
        try:
            firsts = [connection.recv(12) for connection in many]
        finally:
            for connection in many:
                connection.close()
        assert b"HTTP/1.1 503" in firsts
        assert b"HTTP/1.1 200" in firsts
        until_it_comes_whole(server)


def until_it_comes_whole(server):
    deadline = time.monotonic() + SOON_S
    while server.ask("GET /large HTTP/1.1").partition(b"\r\n\r\n")[2].count(b"x") != ANSWER_BYTES:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_file_is_sent_from_where_it_lies_however_many_read_it_slowly(server):
    asked = b"GET /lying HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    many = [server.connected(asked) for _number in range(40)]  # copies of it would take three times the room there is
    try:
        assert all(connection.recv(12) == b"HTTP/1.1 200" for connection in many)
        assert server.ask("GET /lying HTTP/1.1").partition(b"\r\n\r\n")[2] == b"x" * ANSWER_BYTES
        assert server.ask("GET /large HTTP/1.1").partition(b"\r\n\r\n")[2].count(b"x") == ANSWER_BYTES
    finally:
        for connection in many:
            connection.close()


def test_only_so_much_that_was_sent_waits(server):
    told = b"Host: localhost\r\nAccept-Language: en\r\nConnection: close\r\nContent-Length: 1"
    head = b"POST /slow?0.25 HTTP/1.1\r\n" + told + b"\r\n\r\nx"
    sent = [server.connected(head) for _number in range(2 * MOST_SENT_WAITING)]
    answers = [received(connection) for connection in sent]
    refused = [answer for answer in answers if answer.startswith(b"HTTP/1.1 503")]
    assert len(refused) + sum(answer.startswith(b"HTTP/1.1 200") for answer in answers) == len(sent)
    assert b"retry-after: 60" in refused[0].lower()
    assert b"nothing of this was kept" in refused[0]


def test_a_large_answer_that_is_only_asked_after_is_not_made(server):
    assert server.ask("HEAD /large HTTP/1.1").startswith(b"HTTP/1.1 200")
    assert server.told("GET / HTTP/1.1")


def test_whoever_stops_reading_is_given_up(server):
    with server.connected(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n") as connection:
        connection.recv(1000)
        time.sleep(PATIENCE_S * 2)
        assert len(received(connection)) < ANSWER_BYTES


def test_an_error_of_the_application_is_told_without_its_cause(server):
    answer = server.ask("GET /broken HTTP/1.1\r\nAccept-Language: en")
    assert answer.startswith(b"HTTP/1.1 500")
    assert b"Something broke here" in answer
    assert b"planted" not in answer


def test_what_is_being_answered_when_the_server_ends_is_answered():
    server = Server()
    with server.connected(b"GET /slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n") as connection:
        time.sleep(0.3)  # it is in a thread by then
        server.running.send_signal(signal.SIGTERM)
        assert received(connection).endswith(b"finished")
    assert server.running.wait(SOON_S) == 0
