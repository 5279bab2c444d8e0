"""`comptoir up`: everything, on one machine, until Ctrl-C.

The web server takes longest to load, so it is started before anything else where the database is, by our own note,
up to date; only then is the rest imported. The note is checked against the database before an address is printed.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import socket
import time
from pathlib import Path

from comptoir.config.addresses import Listening, listening, note_listening, require_free
from comptoir.config.asked import Asked
from comptoir.config.errors import CommandError
from comptoir.config.language import _
from comptoir.config.only_one import only_one
from comptoir.config.parents import end_with_supervisor
from comptoir.config.paths import data_directory, make_data_directory
from comptoir.config.processes import Children, run_to_end
from comptoir.config.schema import fingerprint, is_up_to_date

log = logging.getLogger("comptoir.up")

_TICK_S = 0.25
_PATIENCE_S = 12.0  # a worker gets 10 s to finish what it sends
_WEB_PATIENCE_S = 60.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--no-demo", action="store_true", help=_("do not load the demonstration brand on the first start")
    )
    parser.add_argument("--no-link", action="store_true", help=_("do not print a sign-in link"))


def run(options: argparse.Namespace) -> int:
    """Start everything, keep it running, end it cleanly."""
    end_with_supervisor()
    where = listening()
    if not data_directory().exists():
        _require_ports(where)  # nobody runs there, so another program holds it: leave no folder behind
    make_data_directory(data_directory())
    with only_one(data_directory()):
        _require_ports(where)
        note_listening(data_directory(), where)
        Counter(where, options).run()
    return 0


def _require_ports(where: Listening) -> None:
    require_free(where.host, where.port, "COMPTOIR_PORT", patience_s=5)
    require_free(where.host, where.live_port, "COMPTOIR_LIVE_PORT", patience_s=5)


class Counter:
    """All of it: the database, the servers, the worker."""

    def __init__(self, where: Listening, options: argparse.Namespace) -> None:
        self.where = where
        self.options = options
        self.stopping = Asked()
        self.children = Children()
        self.note = data_directory() / "migrated"

    def run(self) -> None:
        """Until SIGINT or SIGTERM. A second one ends at once what has not ended."""
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, self._stop)
        is_noted = _read(self.note) == fingerprint()
        if is_noted:
            self.children.start("web", "web")
        from comptoir.config.logging import configure_logging
        from comptoir.config.postgres import EmbeddedPostgres

        configure_logging("up")
        self.database = None if os.environ.get("COMPTOIR_DATABASE_URL") else EmbeddedPostgres(data_directory())
        try:
            self._bring_up(web_is_starting=is_noted)
            while not self.stopping.wait(_TICK_S):
                self._tend()
        finally:
            self._bring_down()

    def _stop(self, *_signal: object) -> None:
        if self.stopping.is_set():
            raise KeyboardInterrupt
        self.stopping.set()

    def _bring_up(self, *, web_is_starting: bool) -> None:
        from comptoir.config.postgres import database_url

        url = self.database.start() if self.database else database_url()
        if not is_up_to_date(url):
            self.children.end_all(patience_s=_PATIENCE_S)
            web_is_starting = False
            log.info("bringing the database up to date")
            if run_to_end("migrate", "--quiet", *([] if self.options.no_demo else ["--demo-if-new"])) != 0:
                raise CommandError(
                    _("The database could not be brought up to date; what it holds is kept. The reason stands above.")
                )
        self.note.write_text(fingerprint())
        if not web_is_starting:
            self.children.start("web", "web")
        self._wait_for_web()
        if self.stopping.is_set():
            return
        print("\n  " + _("Comptoir is open at {url}").format(url=self.where.url) + "\n", flush=True)
        self.children.start("live", "live")
        self.children.start("worker", "worker")
        if not self.options.no_link:
            run_to_end("sign-in")

    def _wait_for_web(self) -> None:
        """Wait for the first answer, so that the rest does not compete with it for the processor."""
        deadline = time.monotonic() + _WEB_PATIENCE_S
        while not self.stopping.wait(0.03) and time.monotonic() < deadline:
            self.children.tend()
            if _answers(self.where):
                return

    def _tend(self) -> None:
        from comptoir.config.postgres import PostgresError

        try:
            if self.database is not None:
                self.database.watch()
        except PostgresError as error:
            log.error("the database cannot be started; trying again", extra={"reason": str(error)})
            self.stopping.wait(1)
        self.children.tend()

    def _bring_down(self) -> None:
        try:
            self.children.end_all(patience_s=_PATIENCE_S)
        except KeyboardInterrupt:
            self.children.end_all(patience_s=0)
        if self.database is not None and not self.database.stop():
            log.info("the database stays up for another comptoir command, which stops it when it ends")


def _answers(where: Listening) -> bool:
    """Whether the web server answers, whatever it says."""
    try:
        with socket.create_connection((where.own_host.strip("[]"), where.port), timeout=10) as connection:
            connection.sendall(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
            return connection.recv(5) == b"HTTP/"
    except OSError:
        return False


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
