"""The intake's own endpoint behind a web server in this process, which can be slow."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.db import connections

from comptoir.channels.models import ChannelAccount
from comptoir.intake import endpoint, hooks


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = False  # whoever closes it waits for what it still does

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()
            own = getattr(endpoint._thread, "connection", None)
            if own is not None:
                own.close()


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_said: Any) -> None:
        """Nothing."""


@dataclass
class IntakeServer:
    """Where deliveries are taken; each answer waits ``slow_s``. ``seen`` are the methods and statuses, in order.

    ``added`` are headers, as WSGI names them, that whoever delivers leaves out and the real network does not.
    """

    port: int = 0
    slow_s: float = 0.0
    added: dict[str, str] = field(default_factory=dict)
    seen: list[tuple[str, str]] = field(default_factory=list)

    def url(self, account: ChannelAccount) -> str:
        return f"http://127.0.0.1:{self.port}/hooks/{account.kind}/{account.hook_key}"

    def application(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]]) -> Any:
            self.seen.append((environ["REQUEST_METHOD"], status.split()[0]))
            return start_response(status, headers)

        threading.Event().wait(self.slow_s)
        return endpoint.application({**environ, **self.added}, start)


@contextlib.contextmanager
def serving_intake() -> Iterator[IntakeServer]:
    hooks.forget_hooks()
    intake = IntakeServer()
    with make_server("127.0.0.1", 0, intake.application, _Server, _Quiet) as server:
        intake.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield intake
        finally:
            server.shutdown()
            thread.join()
