"""Ports for servers that are told theirs before they take it."""

from __future__ import annotations

import itertools
import os
import socket

#: Below those that systems give to whoever asks for any (from 32768 on Linux), so that nobody gets one in between.
_FIRST, _RANGES, _EACH = 12_000, 40, 500
_tried = itertools.count()


def own_port() -> int:
    """A port of 127.0.0.1 that nobody listens on, given once: xdist's workers have a range each."""
    run = int(os.environ["COMPTOIR_TESTS_OWNER"])
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    start = _FIRST + (run * 8 + worker) % _RANGES * _EACH
    for _try in range(_EACH):
        port = start + next(_tried) % _EACH
        if _is_free(port):
            return port
    raise RuntimeError(f"none of the ports from {start} to {start + _EACH} is free")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
