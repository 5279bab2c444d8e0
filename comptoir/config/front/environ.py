"""A request of ASGI in the words of WSGI (PEP 3333)."""

from __future__ import annotations

import functools
import sys
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.util import FileWrapper

Scope = MutableMapping[str, Any]

#: Whether the body comes without a length that was announced; the application is told its length, as it came whole.
IN_PIECES = "comptoir.in_pieces"

_BARE = {"CONTENT_TYPE", "CONTENT_LENGTH"}
#: Headers with an underscore would pass for others, which a proxy in front may have taken away.
_NOT_TAKEN = "comptoir.not_taken"
_SAME: dict[str, Any] = {
    IN_PIECES: False,
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.file_wrapper": FileWrapper,
    "wsgi.multithread": True,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
}


def environ_of(scope: Scope) -> dict[str, Any]:
    """Everything but the body."""
    server_name, server_port = scope["server"]
    path = scope["raw_path"]
    environ = _SAME | {
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": (unquote_to_bytes(path) if b"%" in path else path).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server_name,
        "SERVER_PORT": str(server_port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": scope["client"][0],
        "wsgi.url_scheme": scope["scheme"],
    }
    for name, text in scope["headers"]:
        key, value = _key(name), text.decode("latin-1")
        if key in environ:
            value = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
        environ[key] = value
    if environ.pop("HTTP_TRANSFER_ENCODING", None) is not None:
        environ[IN_PIECES] = True
    environ.pop(_NOT_TAKEN, None)
    return environ


@functools.lru_cache(maxsize=1024)
def _key(name: bytes) -> str:
    """By what name the application knows a header."""
    if b"_" in name:
        return _NOT_TAKEN
    key = name.decode("latin-1").upper().replace("-", "_")
    return key if key in _BARE else f"HTTP_{key}"
