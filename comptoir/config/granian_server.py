"""Granian, set up for the two servers. Django is loaded in its worker only, so that the parent stays small."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from comptoir.config.addresses import Listening
from comptoir.config.asked import Asked
from comptoir.config.logging import configure_logging, logging_settings
from comptoir.config.parents import allow_many_files, end_with

_MOST_STREAMS = 20_000
#: Those that send or read nothing go within half a minute (see config.front), so that these are many.
_MOST_CONNECTIONS = 4096
#: The head of a request comes within so long, and a kept connection waits so long for the next one.
_HEAD_PATIENCE_MS = 30_000
_MOST_HEAD_BYTES = 64 * 1024


def serve_pages(where: Listening) -> None:
    """Serve the pages, the API and webhooks until a signal ends it."""
    from granian.constants import Interfaces

    allow_many_files()
    serve(
        _Loader("web", os.getpid()),
        address=where.host,
        port=where.port,
        interface=Interfaces.ASGINL,
        workers=int(os.environ.get("COMPTOIR_WEB_PROCESSES", "1")),
        backpressure=_MOST_CONNECTIONS,
        workers_kill_timeout=10,
    )


def serve_live(where: Listening) -> None:
    """Serve ASGI, which is the stream of live updates only, until a signal ends it."""
    from granian.constants import Interfaces

    allow_many_files()
    serve(
        _Loader("live", os.getpid()),
        address=where.host,
        port=where.live_port,
        interface=Interfaces.ASGI,
        backpressure=_MOST_STREAMS,
        workers_kill_timeout=2,
    )


def serve(loader: Callable[[], Callable[..., Any]], **particular: Any) -> None:
    """Serve what ``loader`` gives in each worker, with what both servers have in common.

    HTTP/1 only: where Granian finds out by itself which version is spoken, it waits without end for a connection's
    first bytes.
    """
    from granian import Granian
    from granian.constants import HTTPModes
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    server = Granian(
        "",  # the loader's
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=_HEAD_PATIENCE_MS, max_buffer_size=_MOST_HEAD_BYTES),
        backlog=2048,
        respawn_failed_workers=True,
        log_level=LogLevels.error,
        log_dictconfig=logging_settings(),
        **particular,
    )
    server.main_loop_interrupt = Asked()  # its handlers of signals set it
    server.serve(target_loader=loader, wrap_loader=False)


class _Loader:
    """Loads the application in the worker that Granian started."""

    def __init__(self, process: str, parent: int) -> None:
        self.process = process
        self.parent = parent

    def __call__(self) -> Callable[..., Any]:
        end_with(self.parent)
        configure_logging(self.process)
        if self.process == "web":
            return _front()
        from comptoir.config.asgi import application as stream

        return stream


def _front() -> Callable[..., Any]:
    from django.conf import settings

    from comptoir.config.front.application import Front, Largest
    from comptoir.config.wsgi import application

    # isort: split
    from comptoir.config.front.colleagues import is_colleagues  # now that Django is set up
    from comptoir.config.front.warming import warming
    from comptoir.web.warming import warm_up

    largest = Largest(settings.STRANGERS_REQUEST_BYTES, settings.COLLEAGUES_REQUEST_BYTES, is_colleagues)
    warmed = warming(application, settings.SESSION_COOKIE_NAME, warm_up)
    return Front(warmed, threads=int(os.environ.get("COMPTOIR_WEB_THREADS", "8")), largest=largest)
