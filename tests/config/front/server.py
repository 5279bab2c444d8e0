"""A server of pages with a small application behind it, two threads and little patience: run with a port."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import comptoir

LARGE_BYTES = 1024 * 1024
ANSWER_BYTES = 32 * 1024 * 1024
ANSWERS_BYTES = 12 * ANSWER_BYTES
MOST_SENT_WAITING = 40
PATIENCE_S = 2.0

_called = {"times": 0}
_may_go_on = threading.Event()
_lies = tempfile.NamedTemporaryFile()  # noqa: SIM115  # as long as the server runs


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Says what it was asked."""
    from comptoir.config.bodies import must_come_whole

    must_come_whole(environ)
    answer = ANSWERS.get(environ["PATH_INFO"], _told)
    return answer(environ, start_response)


def _told(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """What it was given."""
    body = environ["wsgi.input"].read()
    plain = {name: value for name, value in environ.items() if isinstance(value, str)}
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(plain | {"body": body.decode("latin-1")}).encode()]


def _counted(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    if environ["REQUEST_METHOD"] == "POST":
        _called["times"] += 1
    start_response("200 OK", [])
    return [str(_called["times"]).encode()]


def _summed(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """The digest of a body, read as it comes, and the most memory that this process ever had."""
    digest, body = hashlib.sha256(), environ["wsgi.input"]
    try:
        while piece := body.read(min(64 * 1024, LARGE_BYTES)):
            digest.update(piece)
    except OSError as error:
        start_response("400 Bad Request", [])
        return [type(error).__name__.encode()]
    start_response("200 OK", [])
    return [f"{digest.hexdigest()} {_most_memory_mb()}".encode()]


def _most_memory_mb() -> int:
    words = Path("/proc/self/status").read_text().split()
    return int(words[words.index("VmHWM:") + 1]) // 1024


def _refused(_environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    start_response("413 Content Too Large", [])
    return [b"refused"]


def _large(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
    start_response("200 OK", [])
    for _number in range(ANSWER_BYTES // 65536):
        yield b"x" * 65536


def _lying(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """A file that lies on the disk, without its first byte."""
    file = open(_lies.name, "rb")  # noqa: SIM115  # closed by the server
    file.seek(1)
    start_response("200 OK", [("Content-Length", str(ANSWER_BYTES))])
    answer: Iterable[bytes] = environ["wsgi.file_wrapper"](file, 4096)
    return answer


def _broken(_environ: dict[str, Any], _start_response: Callable[..., Any]) -> list[bytes]:
    raise RuntimeError("planted")


def _slow(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    _may_go_on.wait(float(environ["QUERY_STRING"] or 1.0))
    start_response("200 OK", [])
    return [b"finished"]


ANSWERS: dict[str, Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]] = {
    "/counted": _counted,
    "/summed": _summed,
    "/refused": _refused,
    "/large": _large,
    "/lying": _lying,
    "/broken": _broken,
    "/slow": _slow,
}


def loaded() -> Callable[..., Any]:
    """The application as Granian's worker has it."""
    _lies.write(b"y" + b"x" * ANSWER_BYTES)
    _lies.flush()
    import django
    from django.conf import settings

    languages, folder = [("fr", "fr"), ("en", "en")], Path(comptoir.__file__).parent / "locale"
    settings.configure(USE_I18N=True, LANGUAGE_CODE="fr", LANGUAGES=languages, LOCALE_PATHS=[folder])
    django.setup()
    from comptoir.config.front import answers, arriving
    from comptoir.config.front import application as front

    arriving.HEAD_START_S = arriving.LONGEST_GAP_S = PATIENCE_S
    answers._LONGEST_PIECE_S = PATIENCE_S
    answers._ROOM.most_bytes = ANSWERS_BYTES
    front.MOST_SENT_WAITING = MOST_SENT_WAITING
    largest = front.Largest(LARGE_BYTES, 100 * LARGE_BYTES, lambda environ: "HTTP_X_COLLEAGUE" in environ)
    return front.Front(application, threads=2, largest=largest)


def main(port: int) -> None:
    """Serve as `comptoir web` does."""
    from granian.constants import Interfaces

    from comptoir.config import granian_server
    from comptoir.config.parents import end_with

    end_with(os.getppid())
    granian_server._HEAD_PATIENCE_MS = int(PATIENCE_S * 1000)
    granian_server.serve(loaded, address="127.0.0.1", port=port, interface=Interfaces.ASGINL, workers_kill_timeout=5)


if __name__ == "__main__":
    main(int(sys.argv[1]))
