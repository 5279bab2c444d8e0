"""X's API as far as one account's filtered stream needs it, on this machine: lines in chunks, as they are said.

It speaks as X's documentation has it (docs.x.com: filtered stream, handling disconnections) and lets an app have one
stream. A request that the published contract does not have is refused, where COMPTOIR_DATASETS has the contract.
"""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.connectors.published_contract import PublishedContract, document

OWN = {"id": "1001", "username": "maisonverte", "name": "Maison Verte"}
_FIRST_ID = 1_900_000_000_000_000_000


def too_many() -> tuple[int, dict[str, Any]]:
    """What X says to a second stream of one app."""
    return 429, {
        "title": "ConnectionException",
        "detail": "This stream is currently at the maximum allowed connection limit.",
        "connection_issue": "TooManyConnections",
        "type": "https://api.x.com/2/problems/streaming-connection",
    }


OPERATIONAL = {
    "title": "operational-disconnect",
    "disconnect_type": "UpstreamOperationalDisconnect",
    "detail": "This stream has been disconnected upstream for operational reasons.",
    "type": "https://api.x.com/2/problems/operational-disconnect",
}


class StreamServer(ThreadingHTTPServer):
    """With ``tls``, it is also a proxy that leads to itself, under whatever name it is asked for.

    ``refusals`` are answered to the next attempts at the stream, first to last; ``beat_s`` is between two empty
    lines, 20 at X. ``asked`` is what was asked, ``streams`` the queries with which streams were opened.
    """

    daemon_threads = True

    def __init__(self, *, beat_s: float = 0.2, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        published = document("x_api_v2_openapi.json")
        self.contract = PublishedContract(published) if published is not None else None
        self.beat_s, self.tls = beat_s, tls
        self.rules: list[dict[str, str]] = [{"id": "1", "value": "cats has:images", "tag": "somebody else’s"}]
        self.refusals: list[tuple[int, dict[str, Any]]] = []
        self.asked: list[str] = []
        self.wrong: list[str] = []
        self.streams: list[dict[str, list[str]]] = []
        self.lines: list[dict[str, Any]] = []
        self.mentions: list[dict[str, Any]] = []
        self.spoke = threading.Condition()
        self.open: list[socket.socket] = []
        self.most_open = 0
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def say(self, text: str = "Où est ma commande ?", *, rule: str | None = None) -> str:
        """Somebody mentions the account; the post's id. It matches ``rule``, or ours."""
        with self.spoke:
            number = len(self.mentions) + 1
            post = _post(number, text)
            self.mentions.append(post)
            ours = rule or next((one["id"] for one in self.rules if one["id"] != "1"), "2")
            self.lines.append({**post, "matching_rules": [{"id": ours, "tag": "comptoir:1001"}]})
            self.spoke.notify_all()
        return str(post["data"]["id"])

    def say_farewell(self, problem: dict[str, Any]) -> None:
        """The stream says why it ends."""
        with self.spoke:
            self.lines.append({"errors": [problem]})
            self.spoke.notify_all()

    def cut(self) -> None:
        """Every open stream is cut in the middle of a chunk."""
        with self.spoke:
            for line in self.open:
                with contextlib.suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)
            self.spoke.notify_all()
            self.spoke.wait_for(lambda: not self.open, timeout=5.0)

    def mentions_after(self, since: str | None) -> dict[str, Any]:
        """The newest mentions, newest first, as X's pages have them."""
        with self.spoke:
            found = [one for one in self.mentions if since is None or int(one["data"]["id"]) > int(since)][::-1]
        if not found:
            return {"meta": {"result_count": 0}}
        users = {one["includes"]["users"][0]["id"]: one["includes"]["users"][0] for one in found[:100]}
        return {
            "data": [one["data"] for one in found[:100]],
            "includes": {"users": list(users.values())},
            "meta": {"newest_id": found[0]["data"]["id"], "result_count": len(found[:100])},
        }


def _post(number: int, text: str) -> dict[str, Any]:
    who = f"{2000 + number % 7}"
    post_id = str(_FIRST_ID + number)
    return {
        "data": {
            "id": post_id, "text": f"@maisonverte {text} ({number})", "author_id": who, "conversation_id": post_id,
            "created_at": "2026-03-02T08:15:00.000Z", "edit_history_tweet_ids": [post_id], "lang": "fr",
        },
        "includes": {"users": [{"id": who, "username": f"client{who}", "name": f"Client {who}"}]},
    }  # fmt: skip


class _Answering(BaseHTTPRequestHandler):
    server: StreamServer
    protocol_version = "HTTP/1.1"

    def do_CONNECT(self) -> None:
        """What follows on this line is said to whom it was for."""
        assert self.server.tls is not None
        self.send_response(200, "Connection established")
        self.end_headers()
        self.wfile.flush()
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)
        self.close_connection = False

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        if not self._is_known(b""):
            return
        if parts.path == "/2/tweets/search/stream":
            with contextlib.suppress(OSError):
                self._stream(query)
        elif parts.path == "/2/tweets/search/stream/rules":
            self._answer(200, {"data": self.server.rules, "meta": {"sent": "2026-03-02T08:15:00.000Z"}})
        elif parts.path == "/2/users/me":
            self._answer(200, {"data": OWN})
        elif parts.path.endswith("/mentions"):
            self._answer(200, self.server.mentions_after(query.get("since_id", [None])[0]))
        else:
            self._answer(200, {"meta": {"result_count": 0}})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if not self._is_known(body):
            return
        change = json.loads(body)
        gone = set(change.get("delete", {}).get("ids", ()))
        self.server.rules = [one for one in self.server.rules if one["id"] not in gone]
        added = [{**one, "id": str(len(self.server.asked) + 10)} for one in change.get("add", ())]
        self.server.rules += added
        self._answer(201 if added else 200, {"data": added, "meta": {"sent": "2026-03-02T08:15:00.000Z"}})

    def _is_known(self, body: bytes) -> bool:
        """Whether the contract has the request, and it shows the app's token where that is wanted."""
        self.server.asked.append(f"{self.command} {urlsplit(self.path).path}")
        request = httpx.Request(self.command, f"https://api.x.com{self.path}", headers=dict(self.headers), content=body)
        try:
            if self.server.contract is not None and "/oauth2/" not in self.path:  # which it leaves out
                self.server.contract.check(request)
        except AssertionError as error:
            self.server.wrong.append(str(error))
            self._answer(400, {"title": "Invalid Request", "detail": str(error)})
            return False
        wanted = "Bearer app-token" if "/search/stream" in self.path else "Bearer user-token"
        if self.headers.get("Authorization") != wanted:
            self._answer(401, {"title": "Unauthorized", "status": 401, "detail": "Unauthorized"})
            return False
        return True

    def _answer(self, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, query: dict[str, list[str]]) -> None:
        server = self.server
        with server.spoke:
            refusal = server.refusals.pop(0) if server.refusals else too_many() if server.open else None
            if refusal is None:
                server.streams.append(query)
                server.open.append(self.connection)
                server.most_open = max(server.most_open, len(server.open))
            told = len(server.lines)
        if refusal is not None:
            self._answer(*refusal)
            return
        try:
            self._tell(told)
        finally:
            with server.spoke:
                server.open.remove(self.connection)
                server.spoke.notify_all()
            self.close_connection = True

    def _tell(self, told: int) -> None:
        server = self.server
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while True:
            with server.spoke:
                server.spoke.wait_for(lambda told=told: len(server.lines) > told, timeout=server.beat_s)
                fresh = server.lines[told:]
            told += len(fresh)
            for line in fresh or [None]:
                self._chunk(b"\r\n" if line is None else json.dumps(line).encode() + b"\r\n")
            if fresh and "errors" in fresh[-1]:
                self._chunk(b"")
                return

    def _chunk(self, content: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(content), content))

    def log_message(self, *_anything: object) -> None:
        return
