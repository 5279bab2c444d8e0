"""One round of listening to one account: ask the network, store what it gives, and say when to ask again."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Executor
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import structlog
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from comptoir.channels.actions import disconnect_account, keep_error
from comptoir.channels.clocks import note_skew, watched
from comptoir.channels.connecting import opened
from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.connectors.base import (
    AuthError,
    Connector,
    Page,
    PermanentError,
    Polls,
    Streams,
    TransientError,
)
from comptoir.connectors.registry import UnknownKindError
from comptoir.core.crypto import UnreadableSecretError
from comptoir.core.reasons import Reason
from comptoir.intake.history import begin_history
from comptoir.intake.pacing import Pace
from comptoir.intake.reading import broken
from comptoir.intake.storing import store_page
from comptoir.intake.trouble import in_words

log = structlog.get_logger("comptoir.listeners")

_FIRST_PAUSE_S = 5.0
_LONGEST_PAUSE_S = 600.0
_DATABASE_PAUSE_S = 2.0

Result = TypeVar("Result")


class Listening:
    """One account being listened to, by one process. ``stop`` ends it between two pages."""

    def __init__(self, account: ChannelAccount, writers: Executor) -> None:
        self.account = account
        self.writers = writers
        self.stop = threading.Event()
        self.pace = Pace()
        self.failures = 0
        self.was_polled = False
        self.may_stream = True
        self.gave = False
        self.clocks_differ: bool | None = None

    def round(self) -> float:
        """Listen once; return the seconds to wait before the next round. Never raises."""
        try:
            with opened(self.account) as connector, self._watching_clocks(connector):
                pause = self._listen(connector)
            self._recovered()
        except AuthError as error:
            return self._told(partial(disconnect_account, self.account, reason=error.reason), _LONGEST_PAUSE_S)
        except TransientError as error:
            return self._failed(error.reason, at_least=(error.retry_after or timedelta(0)).total_seconds())
        except PermanentError as error:
            return self._failed(error.reason, at_least=_LONGEST_PAUSE_S / 2)
        except (UnreadableSecretError, UnknownKindError) as error:
            return self._failed(error.reason, at_least=_LONGEST_PAUSE_S / 10)
        except (DatabaseError, InterfaceError) as error:
            log.error("listening waits for the database", account=self.account.pk, reason=in_words(error))
            return _DATABASE_PAUSE_S * random.uniform(1, 2)  # noqa: S311  # spreads load, hides nothing
        except Exception as error:
            log.exception("listening broke", account=self.account.pk, kind=self.account.kind)
            return self._failed(broken(error))
        finally:
            connection.close()
        return pause

    @contextlib.contextmanager
    def _watching_clocks(self, connector: Connector) -> Iterator[None]:
        """Whether ours and the network's differ is kept when it turns out otherwise than in the round before."""
        with watched(connector) as skew:
            try:
                yield
            finally:
                differ = skew.remark() is not None if skew.is_known else self.clocks_differ
                if differ is not self.clocks_differ:
                    self.clocks_differ = differ
                    self._told(partial(note_skew, self.account, skew), 0.0)

    def _listen(self, connector: Connector) -> float:
        """Poll where that is due, which also fills the gap before a stream; then stream for as long as it lasts."""
        if isinstance(connector, Polls) and self.pace.poll_is_due(time.monotonic()):
            begun = time.monotonic()
            self._store_all(connector.poll(self._cursor()))
            self._have_the_past_read()
            self.pace.polled(begun, time.monotonic(), connector.poll_every)
        self.may_stream = isinstance(connector, Streams) and connector.streams_here()
        if not self.may_stream:
            self.pace.no_stream()
        elif isinstance(connector, Streams) and self.pace.stream_is_due(time.monotonic()) and not self.stop.is_set():
            self._stream(connector)
        return self.pace.pause(time.monotonic())

    def _stream(self, connector: Streams) -> None:
        """Stream; one that is refused is told of and tried again, while polling goes on."""
        if self.failures or self.pace.stream_failures:
            # Not shown any longer, but counted until the stream has given something.
            self._told(self._forget_error, 0.0)
        begun, self.gave = time.monotonic(), False
        try:
            self._store_all(connector.stream(self._cursor(), self.stop), heals=True)
        except (TransientError, PermanentError) as error:
            if not isinstance(connector, Polls):
                raise
            self._stream_failed(error, connector.poll_every)
        else:
            self.pace.stream_ended(begun, time.monotonic(), gave=self.gave)

    def _stream_failed(self, error: TransientError | PermanentError, poll_every: timedelta) -> None:
        self.pace.stream_failed(time.monotonic(), error)
        log.warning("streaming failed", account=self.account.pk, kind=self.account.kind, reason=error.reason)
        told = Reason(
            "%(reason)s Meanwhile the network is asked every %(seconds)s seconds.",
            reason=error.reason,
            seconds=int(poll_every.total_seconds()),
        )
        self._told(partial(keep_error, self.account, reason=told), 0.0)

    def _store_all(self, pages: Iterator[Page], *, heals: bool = False) -> None:
        try:
            for page in pages:
                self._written(partial(store_page, self.account.pk, page))
                if heals:
                    self._healed()
                if self.stop.is_set():
                    return
        finally:
            if isinstance(pages, Generator):
                pages.close()  # its connection to the network, now and not when it is collected

    def _have_the_past_read(self) -> None:
        """What stood there before our first round, which has noted where the present begins."""
        if not self.was_polled and not self.stop.is_set():
            self._written(partial(begin_history, self.account.pk, was_polled=True))
            self.was_polled = True

    def _cursor(self) -> dict[str, Any]:
        return self._written(partial(_cursor_of, self.account.pk))

    def _written(self, work: Callable[[], Result]) -> Result:
        """Do something in the database by one of the few connections that all listeners share."""
        return self.writers.submit(_in_database, work).result()

    # --- outcomes ---

    def _healed(self) -> None:
        """The stream has given something."""
        self.gave, self.pace.stream_failures = True, 0
        self._recovered()

    def _recovered(self) -> None:
        if self.failures:
            self.failures = 0
            self._told(self._forget_error, 0.0)

    def _forget_error(self) -> None:
        AccountHealth.objects.filter(account=self.account.pk).update(last_error="", last_error_at=None)

    def _failed(self, reason: str, *, at_least: float = 0.0) -> float:
        """Keep the reason beside the account; the pause doubles with each failure, a quarter more or less by chance."""
        doubled = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2 ** min(self.failures, 10))
        self.failures += 1
        log.warning("listening failed", account=self.account.pk, kind=self.account.kind, reason=reason)
        pause = doubled * random.uniform(0.75, 1.25)  # noqa: S311  # spreads load, hides nothing
        return self._told(partial(keep_error, self.account, reason=reason), max(at_least, pause))

    def _told(self, work: Callable[[], object], pause: float) -> float:
        try:
            self._written(work)
        except (DatabaseError, InterfaceError) as error:
            log.error("the account's state could not be kept", account=self.account.pk, reason=in_words(error))
        return pause


def _cursor_of(account_id: int) -> dict[str, Any]:
    health = AccountHealth.objects.filter(account=account_id).first()
    return dict(health.cursor) if health else {}


def _in_database(work: Callable[[], Result]) -> Result:
    close_old_connections()
    try:
        return work()
    except (DatabaseError, InterfaceError):
        connection.close()
        raise


def hang_up(writers: Executor, threads: int) -> None:
    """Close the connection of each of the writers' threads: they meet, so that none closes twice and another never."""
    met = threading.Barrier(threads)

    def close() -> None:
        connection.close()
        met.wait(timeout=_DATABASE_PAUSE_S)

    for done in [writers.submit(close) for _thread in range(threads)]:
        with contextlib.suppress(threading.BrokenBarrierError):
            done.result()
