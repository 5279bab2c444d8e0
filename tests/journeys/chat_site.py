"""An invented site on an origin of its own, under a strict policy, with the chat's one line in it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = """<!doctype html>
<html lang="{language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Boutique</title>
<link rel="icon" href="data:,"></head>
<body><main><h1>Boutique</h1><p>Des lampes.</p><p><a href="/other">Livraison</a></p></main>
<script src="{counter}/chat.js" {attributes} async></script></body></html>
"""


class Site:
    """A site; ``attributes`` are those of the script's element, ``language`` the page's."""

    def __init__(self, counter: str) -> None:
        self.counter = counter
        self.language = "fr"
        self.attributes: dict[str, str] = {}
        self.address = ""

    @property
    def policy(self) -> str:
        """Nothing inline, nothing from elsewhere, but the counter's script and its line."""
        return f"default-src 'none'; script-src {self.counter}; connect-src {self.counter}; img-src data:"

    def page(self) -> bytes:
        attributes = " ".join(f'data-{name}="{escape(text)}"' for name, text in self.attributes.items())
        return PAGE.format(language=self.language, counter=self.counter, attributes=attributes).encode()


@contextmanager
def opened_site(counter: str) -> Iterator[Site]:
    """Serve a site until the end."""
    site = Site(counter)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = site.page()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", site.policy)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
