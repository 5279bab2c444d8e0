"""Processes of a test's own, beside each other on its database."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.process import BaseProcess
from typing import Any

from django.db import connections

_forking = multiprocessing.get_context("fork")


def started(work: Callable[..., None], *arguments: Any) -> BaseProcess:
    """A child that runs ``work(*arguments)`` on a database connection of its own, and ends with this process."""
    connections.close_all()
    child = _forking.Process(target=_alone, args=(work, arguments), daemon=True)
    child.start()
    return child


def run_side_by_side(work: Callable[..., None], each: Sequence[tuple[Any, ...]], *, seconds: float) -> None:
    """Run ``work`` once for every tuple of arguments, at the same time; all must end well within ``seconds``."""
    children = [started(work, *arguments) for arguments in each]
    try:
        for child in children:
            child.join(seconds)
        assert [child.exitcode for child in children] == [0] * len(children)
    finally:
        for child in children:
            child.kill()


def _alone(work: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    # Django keeps one connection for a thread, and another one while an event loop runs in it (a browser's, for one):
    # the parent has closed the one that it sees. Closing here would end the parent's session: it is forgotten instead.
    for alias in connections:
        connections[alias].connection = None
    try:
        work(*arguments)
    finally:
        connections.close_all()
