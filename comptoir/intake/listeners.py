"""Listening to every active account that can be polled or streams: each by exactly one process of the cluster.

The process that listens to an account holds an advisory lock on it, on a connection of its own; when that connection
dies, the locks are gone and so is the right to listen. A poll runs on a small pool, a stream has a thread.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import psycopg
import structlog
from django.db import DatabaseError, InterfaceError, connection

from comptoir.channels.models import ChannelAccount
from comptoir.connectors import registry
from comptoir.connectors.base import Polls, Streams
from comptoir.intake.own_connection import new_connection
from comptoir.intake.rounds import Listening, hang_up
from comptoir.intake.trouble import tell_trouble

log = structlog.get_logger("comptoir.listeners")

LOOK_EVERY_S = 5.0
_TURN_S = 0.2
_POLLERS = 8
_WRITERS = 4
_STOP_PATIENCE_S = 5.0
#: A machine that vanishes says no farewell: the database looks whether we are still there, and gives up after 25 s.
_NOTICE_OUR_END = """
SELECT set_config('tcp_keepalives_idle', '10', false), set_config('tcp_keepalives_interval', '5', false),
    set_config('tcp_keepalives_count', '3', false)
"""
_LOCK_CLASS = 0x696E746C  # "intl": one listener for each account


def listen_forever(stop: threading.Event) -> None:
    """Listen until ``stop``; changes of accounts are noticed within seconds, a lost database is waited out."""
    with (
        ThreadPoolExecutor(_POLLERS, thread_name_prefix="poll") as pollers,
        ThreadPoolExecutor(_WRITERS, thread_name_prefix="write") as writers,
    ):
        ears = Ears(pollers, writers)
        look_at = 0.0
        while not stop.is_set():
            try:
                if time.monotonic() >= look_at:
                    look_at = time.monotonic() + LOOK_EVERY_S
                    ears.look()
            except (psycopg.Error, DatabaseError, InterfaceError) as error:
                tell_trouble(error)
                connection.close()
                ears.let_go()
            ears.turn()
            stop.wait(_TURN_S)
        ears.let_go(patience_s=_STOP_PATIENCE_S)
        connection.close()
        hang_up(writers, _WRITERS)


@dataclass(slots=True)
class _Ear:
    """One account we listen to: when its next round is due, and the round that runs."""

    listening: Listening
    streams: bool
    due: float = 0.0
    running: Future[float] | None = None

    @property
    def is_busy(self) -> bool:
        return self.running is not None and not self.running.done()


class Ears:
    """The accounts this process listens to, and the connection whose locks say so."""

    def __init__(self, pollers: Executor, writers: Executor) -> None:
        self.pollers = pollers
        self.writers = writers
        self.ears: dict[int, _Ear] = {}
        self.leaving: list[tuple[int, _Ear]] = []
        self.locks: psycopg.Connection[Any] | None = None

    def look(self) -> None:
        """See which accounts there are, leave those that are not for us any more, take those that nobody has."""
        locks = self._locks()
        wanted = _wanted()
        for account_id, ear in list(self.ears.items()):
            account = wanted.get(account_id)
            if account is None or _differs(account, ear.listening.account):
                self._leave(account_id)
        self._release_left(locks)
        leaving = {account_id for account_id, _ear in self.leaving}
        for account_id, account in wanted.items():
            if account_id not in self.ears and account_id not in leaving and _locked(locks, account_id):
                streams = issubclass(registry.connector_classes()[account.kind], Streams)
                self.ears[account_id] = _Ear(Listening(account, self.writers), streams)

    def turn(self) -> None:
        """Start the rounds that are due; plan the next ones of those that ended."""
        present = time.monotonic()
        for ear in self.ears.values():
            if ear.running is not None and ear.running.done():
                ear.due, ear.running = present + ear.running.result(), None
            if ear.running is None and present >= ear.due:
                streams = ear.streams and ear.listening.may_stream
                ear.running = _in_thread(ear.listening.round) if streams else self.pollers.submit(ear.listening.round)

    def let_go(self, *, patience_s: float = 0.0) -> None:
        """Listen to nothing any more: the locks are gone, or we are."""
        for account_id in list(self.ears):
            self._leave(account_id)
        deadline = time.monotonic() + patience_s
        for _account_id, ear in self.leaving:
            if ear.running is not None:
                _wait(ear.running, max(0.0, deadline - time.monotonic()))
        if self.locks is not None:
            self.locks.close()
            self.locks = None

    def _leave(self, account_id: int) -> None:
        ear = self.ears.pop(account_id)
        ear.listening.stop.set()
        self.leaving.append((account_id, ear))

    def _release_left(self, locks: psycopg.Connection[Any]) -> None:
        """Give up the locks of those that have ended; a round in its last breath keeps its account until then."""
        for account_id, ear in self.leaving:
            if not ear.is_busy:
                locks.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK_CLASS, account_id % 2**31])
        self.leaving = [(account_id, ear) for account_id, ear in self.leaving if ear.is_busy]

    def _locks(self) -> psycopg.Connection[Any]:
        """The connection that holds our locks, seen to be alive. Raises psycopg.Error."""
        if self.locks is None or self.locks.closed:
            self.locks = new_connection()
            self.locks.execute(_NOTICE_OUR_END)
        self.locks.execute("SELECT 1")
        return self.locks


def _wanted() -> Mapping[int, ChannelAccount]:
    """The active accounts of kinds that are listened to."""
    kinds = [kind for kind, known in registry.connector_classes().items() if issubclass(known, Polls | Streams)]
    return {account.pk: account for account in ChannelAccount.objects.active().filter(kind__in=kinds).order_by("pk")}


def _differs(account: ChannelAccount, former: ChannelAccount) -> bool:
    """Whether the account was set up anew since; a token that we renewed ourselves is the same on both sides."""
    return (account.own_id, bytes(account.encrypted_credentials)) != (
        former.own_id,
        bytes(former.encrypted_credentials),
    )


def _locked(locks: psycopg.Connection[Any], account_id: int) -> bool:
    row = locks.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK_CLASS, account_id % 2**31]).fetchone()
    return bool(row and row[0])


def _in_thread(work: Callable[[], float]) -> Future[float]:
    """Run in a thread of its own: a stream takes as long as it lasts."""
    future: Future[float] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001  # whoever looks at the future is told
            future.set_exception(error)

    threading.Thread(target=run, name="stream", daemon=True).start()
    return future


def _wait(running: Future[float], timeout_s: float) -> None:
    try:
        running.result(timeout=timeout_s)
    except Exception:  # noqa: BLE001  # it ends with the process
        log.info("a round was still running when we stopped")
