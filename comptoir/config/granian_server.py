"""Granian, set up for the two servers. Django is loaded in its worker only, so that the parent stays small."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from comptoir.config.addresses import Listening
from comptoir.config.logging import configure_logging, logging_settings
from comptoir.config.parents import allow_many_files, end_with

_MOST_STREAMS = 20_000


def serve_pages(where: Listening) -> None:
    """Serve WSGI until a signal ends it."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "comptoir.config.wsgi:application",
        address=where.host,
        port=where.port,
        interface=Interfaces.WSGI,
        workers=int(os.environ.get("COMPTOIR_WEB_PROCESSES", "1")),
        blocking_threads=int(os.environ.get("COMPTOIR_WEB_THREADS", "8")),
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_level=LogLevels.error,
        log_dictconfig=logging_settings(),
    ).serve(target_loader=_Loader("web", os.getpid()), wrap_loader=False)


def serve_live(where: Listening) -> None:
    """Serve ASGI, which is the stream of live updates only, until a signal ends it."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    allow_many_files()
    Granian(
        "comptoir.config.asgi:application",
        address=where.host,
        port=where.live_port,
        interface=Interfaces.ASGI,
        backlog=2048,
        backpressure=_MOST_STREAMS,
        respawn_failed_workers=True,
        workers_kill_timeout=2,
        log_level=LogLevels.error,
        log_dictconfig=logging_settings(),
    ).serve(target_loader=_Loader("live", os.getpid()), wrap_loader=False)


class _Loader:
    """Loads the application in the worker that Granian started."""

    def __init__(self, process: str, parent: int) -> None:
        self.process = process
        self.parent = parent

    def __call__(self) -> Callable[..., Any]:
        end_with(self.parent)
        configure_logging(self.process)
        if self.process == "web":
            from comptoir.config.wsgi import application

            return application
        from comptoir.config.asgi import application as stream

        return stream
