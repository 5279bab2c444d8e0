"""The embedded PostgreSQL: started by the first command that needs it, stopped by the last one that leaves."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from urllib.parse import quote, urlencode

from comptoir.config.paths import make_data_directory
from comptoir.config.postgres.binaries import Binaries, find_binaries
from comptoir.config.postgres.cluster import NAME, major_of, make_cluster, run_as, write_settings
from comptoir.config.postgres.errors import PostgresError
from comptoir.config.postgres.pidfile import is_postgres, postmaster_of, remove_false_locks
from comptoir.config.postgres.placement import place, placed, reachable_binaries, socket_folder
from comptoir.config.secrets import load_secrets

log = logging.getLogger("comptoir.postgres")

_START_PATIENCE_S = 600.0  # recovery after a crash reads the whole log
_STOP_PATIENCE_S = 30.0
_LEFTOVERS_PATIENCE_S = 15.0  # backends of a killed server need a moment to notice


class EmbeddedPostgres:
    """The cluster of one data folder. Everyone who uses it holds a shared lock, so that the last one stops it."""

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.data_dir = data_dir
        self._durable = durable
        self._child: subprocess.Popen[bytes] | None = None
        self._lease: IO[str] | None = None

    @property
    def url(self) -> str:
        """Where clients connect. Raises PostgresError when no server runs."""
        running = postmaster_of(placed(self.data_dir) / "data")
        if running is None:
            raise PostgresError("The database does not run: start it with `comptoir up`.")
        return _url(self.data_dir, running.socket_folder)

    def is_running(self) -> bool:
        """Whether a server accepts connections."""
        self._reap()
        running = postmaster_of(placed(self.data_dir) / "data")
        return running is not None and running.is_ready

    def start(self) -> str:
        """Join the users of the server, starting it if it does not run; its address. Raises PostgresError."""
        make_data_directory(self.data_dir)
        password = load_secrets(self.data_dir).database_password
        with self._locked("postgres.starting", fcntl.LOCK_EX):
            if self._lease is None:
                self._lease = self._locked("postgres.users", fcntl.LOCK_SH)
            self._ensure_running(password)
        return self.url

    def watch(self) -> bool:
        """Start the server again if it died; return whether it had to be. Raises PostgresError."""
        if self.is_running():
            return False
        log.warning("database died, starting it again")
        self.start()
        return True

    def stop(self) -> bool:
        """Leave; if nobody else uses the server, stop it. Returns whether it was stopped."""
        if self._lease is None:
            return False
        self._lease.close()
        self._lease = None
        return self.stop_unused()

    def stop_unused(self) -> bool:
        """Stop the server unless somebody uses it; also one that a killed process left behind."""
        with self._locked("postgres.starting", fcntl.LOCK_EX), contextlib.suppress(BlockingIOError):
            with self._locked("postgres.users", fcntl.LOCK_EX | fcntl.LOCK_NB):
                self._shut_down()
                return True
        return False

    def _locked(self, name: str, kind: int) -> IO[str]:
        file = (self.data_dir / f"{name}.lock").open("a")
        try:
            fcntl.flock(file, kind)
        except BlockingIOError:
            file.close()
            raise
        return file

    def _ensure_running(self, password: str) -> None:
        placement = place(self.data_dir)
        running = postmaster_of(placement.data)
        if running is not None and running.is_ready and os.path.exists(f"{running.socket_folder}/.s.PGSQL.5432"):
            return
        if running is not None:  # still starting or stopping, or its socket was swept away
            self._wait_gone(running.pid, signal.SIGINT)
        binaries = reachable_binaries(find_binaries(major_of(placement)), placement.owner)
        is_new = not placement.data.exists()
        if is_new:
            log.info("making the database", extra={"folder": str(placement.home)})
            make_cluster(placement, binaries, password)
        write_settings(placement, binaries, durable=self._durable)
        remove_false_locks(placement.data, socket_folder(placement.home, placement.owner))
        self._launch(binaries)
        self._make_database()

    def _launch(self, binaries: Binaries) -> None:
        deadline = time.monotonic() + _LEFTOVERS_PATIENCE_S
        while True:
            said = self._launch_once(binaries)
            if said is None:
                return
            if "still in use" not in said or time.monotonic() > deadline:
                raise PostgresError("The database did not start: %(said)s", said=said)
            time.sleep(0.2)

    def _launch_once(self, binaries: Binaries) -> str | None:
        """Start the server and wait until it is ready; what it said if it died instead."""
        placement = place(self.data_dir)
        folder = socket_folder(placement.home, placement.owner)
        command = [binaries.program("postgres"), "-D", str(placement.data), "-k", str(folder)]
        with (placement.home / "starting.log").open("wb") as output:
            self._child = subprocess.Popen(  # type: ignore[call-overload]  # one mapping of several types
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                **run_as(placement.owner),
            )
        assert self._child is not None
        begun, told = time.monotonic(), False
        while self._child.poll() is None:
            running = postmaster_of(placement.data)
            if running is not None and running.pid == self._child.pid and running.is_ready:
                return None
            waited = time.monotonic() - begun
            if waited > _START_PATIENCE_S:
                self._wait_gone(self._child.pid, signal.SIGQUIT)
                return f"not ready after {_START_PATIENCE_S:.0f} s"
            if waited > 3 and not told:
                told = True
                log.info("the database is recovering from an interruption; this can take a while")
            time.sleep(0.01)
        return _last_words(placement.home)

    def _make_database(self) -> None:
        import psycopg  # only here: whoever finds a running server does without it

        url = _url(self.data_dir, self._socket(), database="postgres")
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                    connection.execute(f"CREATE DATABASE {NAME}")
        except psycopg.Error as error:  # it died again at this very moment
            raise PostgresError("The database does not answer: %(said)s", said=str(error)) from error

    def _socket(self) -> str:
        running = postmaster_of(placed(self.data_dir) / "data")
        if running is None:
            raise PostgresError("The database stopped while it was starting: see its log.")
        return running.socket_folder

    def _shut_down(self) -> None:
        running = postmaster_of(placed(self.data_dir) / "data")
        if running is not None:
            self._wait_gone(running.pid, signal.SIGINT)

    def _wait_gone(self, pid: int, first: signal.Signals) -> None:
        """Stop the server with ``first``; harder if that does not help."""
        data = placed(self.data_dir) / "data"
        for sign, patience in ((first, _STOP_PATIENCE_S), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sign)
            deadline = time.monotonic() + patience
            while time.monotonic() < deadline:
                self._reap()
                if not is_postgres(pid, data):
                    return
                time.sleep(0.01)
        raise PostgresError("The database (process %(pid)s) does not stop.", pid=pid)

    def _reap(self) -> None:
        """Let a dead child go, so that no zombie is taken for a server."""
        if self._child is not None and self._child.poll() is not None:
            self._child = None


@contextlib.contextmanager
def joined(data_dir: Path) -> Iterator[None]:
    """The database running for the length of a command: the embedded one, unless the environment names another."""
    if os.environ.get("COMPTOIR_DATABASE_URL"):
        yield
        return
    server = EmbeddedPostgres(data_dir)
    server.start()
    try:
        yield
    finally:
        server.stop()


def _url(data_dir: Path, folder: str, database: str = NAME) -> str:
    password = quote(load_secrets(data_dir).database_password, safe="")
    return f"postgresql://{NAME}:{password}@/{database}?{urlencode({'host': folder})}"


def _last_words(home: Path) -> str:
    said = (home / "starting.log").read_text(errors="replace").strip()
    logs = sorted((home / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)
    if "redirecting log output" in said and logs:
        said = "\n".join(logs[-1].read_text(errors="replace").splitlines()[-8:])
    return said or "it said nothing"
