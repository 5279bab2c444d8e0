"""Logs: one JSON object a line (or a readable line on a terminal), one request or job id through all of it."""

from __future__ import annotations

import logging
import logging.config
import os
import re
import sys
import time
import uuid
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

if TYPE_CHECKING:  # whoever only logs does without Django
    from django.http import HttpRequest, HttpResponseBase

_SAFE_ID = re.compile(r"[A-Za-z0-9._:-]{1,80}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_SLOW_REQUEST_S = 1.0

_requests = logging.getLogger("comptoir.requests")
_process = {"name": "comptoir"}


def _format_is_json() -> bool:
    wanted = os.environ.get("COMPTOIR_LOG_FORMAT", "")
    return wanted == "json" if wanted else not sys.stderr.isatty()


def _add_process(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    event["process"] = _process["name"]
    return event


def _escaped(value: object) -> str:
    return _CONTROL.sub(lambda found: f"\\u{ord(found.group()):04x}", str(value))


def readable_line(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """One line for a person; what customers wrote cannot forge a second one or move the cursor."""
    error = event.pop("exception", None)
    at, process, level = event.pop("at", ""), event.pop("process", ""), event.pop("level", "")
    head = f"{at[11:19]} {process:<8} {level:<8} {_escaped(event.pop('event', ''))}"
    event.pop("logger", None)
    rest = " ".join(f"{name}={_escaped(value)}" for name, value in event.items())
    line = f"{head}  {rest}".rstrip()
    return f"{line}\n{error}" if error else line


def _shared_processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        _add_process,
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]


class StrangersFilter(logging.Filter):
    """What strangers send to no avail (a host that is not ours, say) is one line: its trace tells nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Nothing is left out."""
        if record.name.startswith("django.security"):
            record.exc_info, record.levelno, record.levelname = None, logging.WARNING, "WARNING"
            vars(record).pop("request", None)
        return True


def logging_settings() -> dict[str, Any]:
    """The configuration in the form of `logging.config.dictConfig`."""
    renderer: Processor = structlog.processors.JSONRenderer(ensure_ascii=False) if _format_is_json() else readable_line
    level = os.environ.get("COMPTOIR_LOG_LEVEL", "INFO").upper()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _shared_processors(),
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            }
        },
        "filters": {"strangers": {"()": StrangersFilter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["strangers"]}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"level": "INFO"},
            "django.request": {"level": "ERROR"},  # a 404 or a form filled in wrongly is no event of ours
            "django.server": {"level": "WARNING"},
            "procrastinate": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},
            "botocore": {"level": "WARNING"},
            "_granian": {"level": "ERROR"},
        },
    }


def configure_logging(process: str) -> None:
    """Set logging up for this process, whose name every line carries."""
    _process["name"] = process
    logging.config.dictConfig(logging_settings())
    sys.excepthook = _log_the_end
    structlog.configure(
        processors=[*_shared_processors(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _log_the_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """An error that ends the process is a line of the log like any other."""
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("comptoir").critical("ended by an error", exc_info=(kind, error, trace))


def bind_job(name: str, job_id: int | str) -> None:
    """From here on, every line of this thread or task carries the job that it is about."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(job=name, job_id=job_id)


def request_id(request: HttpRequest) -> str:
    """The id that a proxy in front gave the request, if it is one, or a new one."""
    given = request.headers.get("X-Request-ID", "")
    return given if _SAFE_ID.fullmatch(given) else uuid.uuid4().hex


class RequestIdMiddleware:
    """Give every request an id, in its log lines and its answer; log what was slow or broke."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        from asgiref.sync import iscoroutinefunction, markcoroutinefunction

        self.get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self._is_async:
            return self._answer_async(request)
        name = self._begin(request)
        begun = time.perf_counter()
        response: HttpResponseBase = self.get_response(request)
        return self._end(request, response, name, begun)

    async def _answer_async(self, request: HttpRequest) -> HttpResponseBase:
        name = self._begin(request)
        begun = time.perf_counter()
        return self._end(request, await self.get_response(request), name, begun)

    def _begin(self, request: HttpRequest) -> str:
        name = request_id(request)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=name)
        return name

    def _end(self, request: HttpRequest, response: HttpResponseBase, name: str, begun: float) -> HttpResponseBase:
        response["X-Request-ID"] = name
        took = time.perf_counter() - begun
        worth_it = (took >= _SLOW_REQUEST_S or response.status_code >= 500) and request.path != "/healthz"
        level = logging.INFO if worth_it else logging.DEBUG
        if _requests.isEnabledFor(level):
            told = {
                "method": request.method,
                "path": request.path,
                "status": response.status_code,
                "ms": round(took * 1000, 1),
            }
            _requests.log(level, "request", extra=told)
        return response
