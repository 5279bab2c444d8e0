"""Two networks of our own that count: one that knows our keys, and a mail server that knows nothing."""

from __future__ import annotations

import json
import random
import re
import socketserver
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


def think(at_most_s: float) -> None:
    """Take some time, as a network does, so that kills fall in between."""
    threading.Event().wait(random.uniform(0, at_most_s))


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that is killed is what we are here for."""


class KeyedNetwork:
    """Takes signed posts; a post that bears a known key is the message it has. ``posts`` counts, ``kept`` is by key."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.posts: Counter[str] = Counter()
        network = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name is the standard library's
                """Nothing."""

            def do_POST(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                think(0.4)
                if said["event"] == "message":
                    key = self.headers["Idempotency-Key"]
                    network.posts[key] += 1
                    network.kept.setdefault(key, said["text"])
                    think(0.4)
                body = b"{}"
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class BlindMailServer:
    """Takes every mail, once for each time it is handed over, and is slow to say so; ``taken`` counts by Message-ID."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        mails = self

        class Handler(socketserver.StreamRequestHandler):
            def _say(self, line: str) -> None:
                self.wfile.write(f"{line}\r\n".encode())

            def handle(self) -> None:
                self._say("220 blind.test ESMTP")
                while line := self.rfile.readline():
                    word = line.split(b" ")[0].strip().upper()
                    if word == b"DATA":
                        self._say("354 Go ahead")
                        self._take()
                    elif word == b"QUIT":
                        self._say("221 Bye")
                        return
                    else:
                        self._say("250 OK")

            def _take(self) -> None:
                lines: list[bytes] = []
                while (line := self.rfile.readline()) and line != b".\r\n":
                    lines.append(line)
                if line != b".\r\n":
                    return  # cut before the end: no mail
                found = re.search(rb"(?im)^message-id:\s*<([^>]+)>", b"".join(lines))
                mails.taken[found.group(1).decode() if found else "?"] += 1
                think(1.5)
                self._say("250 Taken")

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                """A client that is killed is what we are here for."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
