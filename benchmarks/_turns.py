"""Two ways, or two databases, asked in turns, so that what else the machine does weighs on both; and what each costs.

Told are the clock, and the processor time of our own process and of the database's that serves it, which other work on
the machine stretches little. Where the system does not tell another process's, it is the clock too.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_WARM, _BLOCKS, _ROUNDS = 5, 5, 15
#: One step, and the connection over which it asks.
Way = tuple[Any, Callable[[], object]]


@dataclass(frozen=True, slots=True)
class Spent:
    """The p95 of each way, in ms of a processor; and how many times the second is the first, the median over some
    blocks, by processor and by the clock.
    """

    ninety_fifths: tuple[float, float]
    ratio: float
    clock_ratio: float


def in_turns(one: Way, other: Way) -> Spent:
    """Both steps, warmed up, in turns."""
    for _warm in range(_WARM):
        for _connection, step in (one, other):
            step()
    blocks = [[_round((one, other)) for _number in range(_ROUNDS)] for _block in range(_BLOCKS)]
    by_processor, by_clock = (
        statistics.median(_times(block, which) for block in blocks) for which in ("processor", "clock")
    )
    few, many = (
        ninety_fifth([found[side]["processor"] * 1000 for block in blocks for found in block]) for side in (0, 1)
    )
    return Spent((few, many), by_processor, by_clock)


def _round(ways: tuple[Way, Way]) -> tuple[dict[str, float], ...]:
    return tuple(_cost(connection, step) for connection, step in ways)


def _cost(connection: Any, step: Callable[[], object]) -> dict[str, float]:
    backend = connection.connection.info.backend_pid
    begun, spent = time.perf_counter(), processor_seconds(backend)
    step()
    return {"processor": processor_seconds(backend) - spent, "clock": time.perf_counter() - begun}


def _times(block: list[tuple[dict[str, float], ...]], which: str) -> float:
    few, many = (ninety_fifth([found[side][which] for found in block]) for side in (0, 1))
    return many / few


def processor_seconds(backend: int) -> float:
    """Of this process and of the database's that serves it, so far."""
    try:
        nanoseconds = int(Path(f"/proc/{backend}/schedstat").read_text().split()[0])
    except (OSError, ValueError):
        return time.perf_counter()
    return time.process_time() + nanoseconds / 1e9


def connection_to(name: str) -> Any:
    """A connection to another database of the same server, that can stand in for Django's own."""
    from django.db import connection

    other = connection.copy()
    other.settings_dict["NAME"] = name
    return other


@contextmanager
def asking(other: Any) -> Iterator[None]:
    """Whatever asks the database meanwhile asks the other one."""
    from django.db import connections

    own = connections["default"]
    connections["default"] = other
    other.ensure_connection()
    try:
        yield
    finally:
        connections["default"] = own


def ninety_fifth(spent: list[float]) -> float:
    """The p95."""
    return statistics.quantiles(spent, n=20)[18]
