"""The ASGI application that `comptoir web` serves: bodies come whole, then a thread answers by WSGI."""

from __future__ import annotations

import asyncio
import functools
import io
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from comptoir.config.bodies import CutError
from comptoir.config.front.answers import Answer, Application, Send, answer_of, send_answer
from comptoir.config.front.arriving import Arriving, FullError, Keeping, Receive, SlowError, TooLargeError, Untaken
from comptoir.config.front.environ import IN_PIECES, Scope, environ_of
from comptoir.config.front.refusals import BROKEN, BUSY, CROWDED, CUT, FULL, SLOW, TOO_LARGE, Refusal, refused
from comptoir.config.front.room import NoRoomError
from comptoir.config.front.threads import Threads
from comptoir.config.front.watch import Watch

log = logging.getLogger("comptoir.front")

#: So much that was sent waits to be done, whoever has left meanwhile; whoever sends more is told to come again.
MOST_SENT_WAITING = 1024


class GoneError(Exception):
    """Whoever asked has left."""


class BusyError(Exception):
    """Too much that was sent waits already."""


#: What is said of a request that came to nothing, and how the log tells it.
_REFUSALS: Mapping[type[Exception], tuple[Refusal, int, str]] = {
    SlowError: (SLOW, logging.INFO, "a request came too slowly"),
    CutError: (CUT, logging.DEBUG, "a request was cut"),
    TooLargeError: (TOO_LARGE, logging.DEBUG, "a request was too large"),
    FullError: (FULL, logging.WARNING, "too many large requests are on their way"),
    NoRoomError: (CROWDED, logging.WARNING, "too many large answers are being read"),
    BusyError: (BUSY, logging.WARNING, "too much that was sent waits to be done"),
}


@dataclass(frozen=True, slots=True)
class Largest:
    """How large a body may be: ``strangers_bytes`` for anybody, ``colleagues_bytes`` where ``is_colleagues`` says, by
    the head of the request alone, that somebody who works here sends it.
    """

    strangers_bytes: int
    colleagues_bytes: int
    is_colleagues: Callable[[dict[str, Any]], bool]


class Front:
    """Stands before ``application``, which ``threads`` threads run.

    A body that announces more than a stranger may send is read only if a colleague sends it; the application is told
    of the others by their head, and refuses them by what they announce.
    """

    def __init__(self, application: Application, *, threads: int, largest: Largest) -> None:
        self._answer_of = functools.partial(answer_of, application)
        self._threads = Threads(count=threads)
        self._few = 2 * threads  # as much is waited for that it is over before it is known who has gone
        self._watch = Watch()
        self._largest = largest
        self._keeping, self._keeping_large = Keeping(), Keeping()  # apart: the large ones leave room to the others
        self._sent_waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        environ = environ_of(scope)
        try:
            answer = await self._answered_or_refused(environ, receive)
            await send_answer(send, answer)
        except (GoneError, OSError, TimeoutError):
            log.debug("whoever asked does not read the answer", extra={"peer": environ["REMOTE_ADDR"]})

    async def _answered_or_refused(self, environ: dict[str, Any], receive: Receive) -> Answer:
        try:
            return await self._answered(environ, receive)
        except tuple(_REFUSALS) as error:
            refusal, level, told = _REFUSALS[type(error)]
            log.log(level, told, extra={"peer": environ["REMOTE_ADDR"]})
            return refused(environ, refusal)
        except GoneError:
            raise
        except Exception as error:
            log.exception("a request broke", exc_info=error)
            return refused(environ, BROKEN)

    async def _answered(self, environ: dict[str, Any], receive: Receive) -> Answer:
        if _announced_bytes(environ) > self._largest.strangers_bytes:
            return await self._large_one_answered(environ, receive)
        if _has_body(environ):
            return await self._answered_once_whole(environ, receive, self._keeping, self._largest.strangers_bytes)
        environ["wsgi.input"] = io.BytesIO()
        if environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            return await self._answered_unless_gone(environ, receive)
        return await self._done_in_any_case(environ)

    async def _large_one_answered(self, environ: dict[str, Any], receive: Receive) -> Answer:
        announced = _announced_bytes(environ)
        is_small_enough = announced <= self._largest.colleagues_bytes
        if is_small_enough and await self._threads.run(self._largest.is_colleagues, environ):
            return await self._answered_once_whole(environ, receive, self._keeping_large, announced)
        environ["wsgi.input"] = Untaken()
        answer = await self._done_in_any_case(environ)
        answer.headers.append((b"connection", b"close"))  # all of its body is still in it
        return answer

    async def _answered_once_whole(
        self, environ: dict[str, Any], receive: Receive, keeping: Keeping, most_bytes: int
    ) -> Answer:
        try:
            kept = await keeping.whole(Arriving(receive, self._watch), most_bytes=most_bytes)
        except (SlowError, CutError, TooLargeError):
            raise
        except OSError as error:  # the disk is full
            log.error("a request could not be kept", exc_info=error)
            raise FullError from error
        try:
            environ["wsgi.input"], environ["CONTENT_LENGTH"] = kept.file, str(kept.size_bytes)
            return await self._done_in_any_case(environ)
        finally:
            kept.close()

    async def _done_in_any_case(self, environ: dict[str, Any]) -> Answer:
        """What was sent is done, whether its sender waits for the answer or has left."""
        if self._sent_waiting >= MOST_SENT_WAITING:
            raise BusyError
        self._sent_waiting += 1
        try:
            return await self._threads.run(self._answer_of, environ)
        finally:
            self._sent_waiting -= 1

    async def _answered_unless_gone(self, environ: dict[str, Any], receive: Receive) -> Answer:
        """Whoever only asks to read, and leaves before their turn, is not answered: else a few hundred who ask and go,
        again and again, would have everybody else wait for answers that nobody reads.
        """
        asked = self._threads.run(self._answer_of, environ)
        if self._threads.waiting <= self._few:
            return await asked
        leaving = asyncio.ensure_future(_left(receive))
        try:
            await asyncio.wait((asked, leaving), return_when=asyncio.FIRST_COMPLETED)
            if not asked.done():
                raise GoneError
            return await asked
        finally:
            asked.cancel()  # nothing, once it is done
            leaving.cancel()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _announced_bytes(environ: Mapping[str, Any]) -> int:
    announced = environ.get("CONTENT_LENGTH", "")
    return int(announced) if announced.isdecimal() else 0


def _has_body(environ: Mapping[str, Any]) -> bool:
    return bool(_announced_bytes(environ)) or environ[IN_PIECES]
