"""A language model of the tests' own: an OpenAI-compatible server that says what a test tells it to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Model:
    """``text`` is what it writes next; ``asked`` what it was asked, as it came over the wire."""

    text: str = ""
    status: int = 200
    body: bytes | None = None
    trickles_s: float = 0.0
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    url: str = ""

    @property
    def read(self) -> str:
        """Everything that left the house."""
        return json.dumps(self.asked, ensure_ascii=False)

    def answer(self) -> bytes:
        content = json.dumps({"text": self.text})
        return self.body or json.dumps({"choices": [{"message": {"content": content}}]}).encode()


@contextmanager
def model_running() -> Iterator[Model]:
    """One that listens until the test is over."""
    model = Model()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            model.asked.append(json.loads(self.rfile.read(length)))
            model.keys.append(self.headers.get("Authorization", ""))
            answer = model.answer()
            self.send_response(model.status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            try:
                for place in range(0, len(answer), 8) if model.trickles_s else [0]:
                    self.wfile.write(answer[place : place + 8] if model.trickles_s else answer)
                    self.wfile.flush()
                    time.sleep(model.trickles_s)
            except OSError:
                return  # who asked has gone

        def log_message(self, *arguments: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    model.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()
