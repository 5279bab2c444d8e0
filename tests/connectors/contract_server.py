"""A server on this machine that is made of a network's published contract: it refuses whatever the contract has not,
and answers with what the contract gives as examples.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Collection, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

from tests.connectors.published_contract import PublishedContract

#: Fails (AssertionError) for a request that the contract has not, where its own words about it cannot be fulfilled.
Check = Callable[[httpx.Request], None]


class ContractServer(ThreadingHTTPServer):
    """``checks`` stand in for the contract where a path ends as they say; ``everywhere`` are parameters that the
    network's documentation allows for any path. ``refused`` says what was wrong, ``taken`` what was not.
    """

    daemon_threads = True

    def __init__(
        self, contract: PublishedContract, *, checks: Mapping[str, Check], everywhere: Collection[str] = ()
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.contract, self.checks, self.everywhere = contract, checks, everywhere
        self.refused: list[str] = []
        self.taken: list[str] = []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def client(self) -> httpx.Client:
        """Whatever it asks of any host, it asks of this server."""
        return httpx.Client(transport=_ToThisMachine(int(self.server_address[1])))

    def answer(self, request: httpx.Request) -> tuple[int, Any]:
        """What the contract gives for the request; 400 and the reason where it has none such."""
        own = next((check for end, check in self.checks.items() if request.url.path.endswith(end)), None)
        try:
            if own is not None:
                own(request)
            else:
                self.contract.check(request, everywhere=self.everywhere)
        except AssertionError as error:
            self.refused.append(str(error))
            return 400, {"error": {"message": str(error), "type": "OAuthException", "code": 100}}
        self.taken.append(f"{request.method} {request.url.path}")
        return 200, self.contract.example(request)


class _ToThisMachine(httpx.HTTPTransport):
    def __init__(self, port: int) -> None:
        super().__init__()
        self._port = port

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._port)
        return super().handle_request(request)


class _Answering(BaseHTTPRequestHandler):
    server: ContractServer

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        url = f"https://network.example{self.path}"
        status, content = self.server.answer(httpx.Request(self.command, url, headers=dict(self.headers), content=body))
        written = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(written)))
        self.end_headers()
        self.wfile.write(written)

    def do_GET(self) -> None:
        self._any()

    def do_POST(self) -> None:
        self._any()

    def do_DELETE(self) -> None:
        self._any()

    def log_message(self, *_anything: object) -> None:
        return
