"""The ASGI application that `comptoir web` serves: bodies come whole, then a thread answers by WSGI."""

from __future__ import annotations

import asyncio
import functools
import io
import logging
from collections.abc import Mapping
from typing import Any

from comptoir.config.bodies import CutError
from comptoir.config.front.answers import Answer, Application, Send, answer_of, send_answer
from comptoir.config.front.arriving import Arriving, Awaited, FullError, Keeping, Receive, SlowError, TooLargeError
from comptoir.config.front.environ import IN_PIECES, Scope, environ_of
from comptoir.config.front.refusals import BROKEN, CROWDED, CUT, FULL, SLOW, TOO_LARGE, refused
from comptoir.config.front.room import NoRoomError
from comptoir.config.front.threads import Threads
from comptoir.config.front.watch import Watch

log = logging.getLogger("comptoir.front")


class GoneError(Exception):
    """Whoever asked has left."""


class Front:
    """Stands before ``application``, which ``threads`` threads run.

    A body that announces more than ``large_bytes`` is not read first: the application decides whether it reads it,
    since it refuses strangers' by what they announce. It then reads as the body comes, and no more than a quarter of
    the threads do so at a time.
    """

    def __init__(self, application: Application, *, threads: int, large_bytes: int) -> None:
        self._threads = Threads[dict[str, Any], Answer](functools.partial(answer_of, application), count=threads)
        self._few = 2 * threads  # as much is waited for that it is over before it is known who has gone
        self._watch = Watch()
        self._large_bytes = large_bytes
        self._places_for_large = asyncio.Semaphore(max(1, threads // 4))
        self._keeping = Keeping()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        environ = environ_of(scope)
        try:
            answer = await self._answer(environ, receive)
            await send_answer(send, answer)
        except (GoneError, OSError, TimeoutError):
            log.debug("whoever asked does not read the answer", extra={"peer": environ["REMOTE_ADDR"]})

    async def _answer(self, environ: dict[str, Any], receive: Receive) -> Answer:
        try:
            if _announced_bytes(environ) > self._large_bytes:
                return await self._answered_while_it_comes(environ, receive)
            return await self._answered_once_whole(environ, receive)
        except SlowError:
            log.info("a request came too slowly", extra={"peer": environ["REMOTE_ADDR"]})
            return refused(environ, SLOW)
        except CutError:
            return refused(environ, CUT)
        except GoneError:
            raise
        except TooLargeError:
            return refused(environ, TOO_LARGE)
        except FullError:
            log.warning("too many large requests are on their way")
            return refused(environ, FULL)
        except NoRoomError:
            log.warning("too many large answers are being read")
            return refused(environ, CROWDED)
        except Exception as error:
            log.exception("a request broke", exc_info=error)
            return refused(environ, BROKEN)

    async def _answered_once_whole(self, environ: dict[str, Any], receive: Receive) -> Answer:
        if not _has_body(environ):
            environ["wsgi.input"] = io.BytesIO()
            return await self._answered_unless_gone(environ, receive)
        try:
            kept = await self._keeping.whole(Arriving(receive, self._watch), most_bytes=self._large_bytes)
        except (SlowError, CutError):
            raise
        except OSError as error:  # the disk is full
            log.error("a request could not be kept", exc_info=error)
            raise FullError from error
        try:
            environ["wsgi.input"], environ["CONTENT_LENGTH"] = kept.file, str(kept.size_bytes)
            return await self._threads.run(environ)
        finally:
            kept.close()

    async def _answered_unless_gone(self, environ: dict[str, Any], receive: Receive) -> Answer:
        """Whoever only asks to read, and leaves before their turn, is not answered: else a few hundred who ask and go,
        again and again, would have everybody else wait for answers that nobody reads.
        """
        asked = self._threads.run(environ)
        if self._threads.waiting <= self._few or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
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

    async def _answered_while_it_comes(self, environ: dict[str, Any], receive: Receive) -> Answer:
        async with self._places_for_large:
            arriving = Arriving(receive, self._watch)
            environ["wsgi.input"] = io.BufferedReader(Awaited(arriving), 64 * 1024)
            answer = await self._threads.run(environ)
            if not arriving.is_whole:
                answer.headers.append((b"connection", b"close"))
            return answer


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _announced_bytes(environ: Mapping[str, Any]) -> int:
    announced = environ.get("CONTENT_LENGTH", "")
    return int(announced) if announced.isdecimal() else 0


def _has_body(environ: Mapping[str, Any]) -> bool:
    return bool(_announced_bytes(environ)) or environ[IN_PIECES]
