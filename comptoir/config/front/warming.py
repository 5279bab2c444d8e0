"""Loading behind the first page what the next one needs: a process is there at once, and the first answer is as quick
as the others.

Not before somebody who works here has come: a process that takes webhooks alone needs none of it.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any

from comptoir.config.front.answers import Application

#: The page goes first, and what it fetches at once.
_AFTER_S = 0.5
#: How willingly it gives way to pages (man 2 nice; Linux keeps it for each thread).
_NICE = 10


def warming(application: Application, cookie: str, warm_up: Callable[[], None]) -> Application:
    """The same application; once it has answered somebody with the ``cookie``, ``warm_up`` is done behind it."""
    begun = threading.Lock()

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        found = application(environ, start_response)
        if f"{cookie}=" in environ.get("HTTP_COOKIE", "") and begun.acquire(blocking=False):
            timer = threading.Timer(_AFTER_S, _behind, [warm_up])
            timer.name, timer.daemon = "warming", True
            timer.start()
        return found

    return answer


def _behind(warm_up: Callable[[], None]) -> None:
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
    warm_up()
