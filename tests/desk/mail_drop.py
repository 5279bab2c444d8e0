"""A mail server on this machine that takes whatever it is given (SMTP, no encryption), for one test."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Taking(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self._say("220 drop")
        while line := self.rfile.readline():
            verb = line.strip().upper()
            if verb.startswith(b"EHLO"):
                self._say("250-drop", "250 AUTH PLAIN")
            elif verb.startswith(b"AUTH"):
                self._say("235 in")
            elif verb == b"DATA":
                self._say("354 go on")
                self.server.mails.append(self._body())  # type: ignore[attr-defined]  # set by `mail_drop`
                self._say("250 taken")
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 yes")

    def _body(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


@contextmanager
def mail_drop() -> Iterator[tuple[int, list[bytes]]]:
    """Its port, and the mails as they come."""
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Taking)
    mails: list[bytes] = []
    server.mails = mails  # type: ignore[attr-defined]  # read by the handler
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1], mails
    finally:
        server.shutdown()
        server.server_close()
