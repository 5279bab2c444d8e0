"""`comptoir up`: everything, on one machine, until Ctrl-C."""

from __future__ import annotations

import argparse
import fcntl
import os
import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import IO

import structlog

from comptoir.config.addresses import Listening, listening, require_free
from comptoir.config.errors import CommandError
from comptoir.config.logging import configure_logging
from comptoir.config.paths import data_directory, make_data_directory
from comptoir.config.postgres import EmbeddedPostgres, PostgresError
from comptoir.config.processes import Children, run_to_end
from comptoir.config.schema import is_up_to_date

log = structlog.get_logger("comptoir.up")

_TICK_S = 0.25
_PATIENCE_S = 12.0  # a worker gets 10 s to finish what it sends
_WEB_PATIENCE_S = 60.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--no-demo", action="store_true", help="do not load the demonstration brand on the first start")
    parser.add_argument("--no-link", action="store_true", help="do not print a sign-in link")


def run(options: argparse.Namespace) -> int:
    """Start everything, keep it running, end it cleanly."""
    configure_logging("up")
    where = listening()
    make_data_directory(data_directory())
    with _only_one():
        require_free(where.host, where.port, "COMPTOIR_PORT", patience_s=5)
        require_free(where.host, where.live_port, "COMPTOIR_LIVE_PORT", patience_s=5)
        Counter(where, options).run()
    return 0


class Counter:
    """All of it: the database, the servers, the worker."""

    def __init__(self, where: Listening, options: argparse.Namespace) -> None:
        self.where = where
        self.options = options
        self.stopping = threading.Event()
        self.children = Children()
        self.database = None if os.environ.get("COMPTOIR_DATABASE_URL") else EmbeddedPostgres(data_directory())

    def run(self) -> None:
        """Until SIGINT or SIGTERM. A second one ends at once what has not ended."""
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, self._stop)
        try:
            self._bring_up()
            while not self.stopping.wait(_TICK_S):
                self._tend()
        finally:
            self._bring_down()

    def _stop(self, *_signal: object) -> None:
        if self.stopping.is_set():
            raise KeyboardInterrupt
        self.stopping.set()

    def _bring_up(self) -> None:
        url = os.environ.get("COMPTOIR_DATABASE_URL") or (self.database.start() if self.database else "")
        if not is_up_to_date(url):
            log.info("bringing the database up to date")
            if run_to_end("migrate", *([] if self.options.no_demo else ["--demo-if-new"])) != 0:
                raise CommandError(
                    "The database could not be brought up to date; what it holds is unchanged. The reason is above."
                )
        self.children.start("web", "web")
        self._wait_for_web()
        if self.stopping.is_set():
            return
        print(f"\n  Comptoir is open at {self.where.url}\n", flush=True)
        self.children.start("live", "live")
        self.children.start("worker", "worker")
        if not self.options.no_link:
            run_to_end("sign-in")

    def _wait_for_web(self) -> None:
        """Wait for the first answer, so that the rest does not compete with it for the processor."""
        deadline = time.monotonic() + _WEB_PATIENCE_S
        while not self.stopping.wait(0.03) and time.monotonic() < deadline:
            self.children.tend()
            if _answers(f"http://{self.where.own_host}:{self.where.port}/healthz"):
                return

    def _tend(self) -> None:
        if self.database is not None:
            _told(self.database.watch)
        self.children.tend()

    def _bring_down(self) -> None:
        try:
            self.children.end_all(patience_s=_PATIENCE_S)
        except KeyboardInterrupt:
            self.children.end_all(patience_s=0)
        if self.database is not None and not self.database.stop():
            log.info("the database stays up for another comptoir command, which stops it when it ends")


def _only_one() -> IO[str]:
    """Hold the lock of this data folder. Raises CommandError when another `comptoir up` holds it."""
    file = (data_directory() / "up.lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        other = file.read().strip() or "?"
        raise CommandError(
            f"Comptoir is already running on {data_directory()} (process {other}). "
            "End that one, or set COMPTOIR_DATA_DIR to another folder."
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def _answers(url: str) -> bool:
    """Whether a server answers there, whatever it says."""
    try:
        urllib.request.urlopen(url, timeout=5).close()  # noqa: S310  # our own address
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _told(watch: Callable[[], bool]) -> None:
    try:
        watch()
    except PostgresError as error:
        log.error("the database cannot be started; trying again", reason=str(error))
        time.sleep(1)
