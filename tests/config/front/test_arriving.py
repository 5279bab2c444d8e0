"""What comes in pieces is one body, wherever it is kept meanwhile, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.config.bodies import CutError
from comptoir.config.front import arriving
from comptoir.config.front.arriving import Arriving, FullError, Keeping, SlowError, TooLargeError
from comptoir.config.front.watch import Watch

MOST_BYTES = 1024 * 1024


def run(coming: Coroutine[Any, Any, Any]) -> Any:
    """What it comes to, in a thread of its own: a browser of earlier tests has a loop running in this one."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, coming).result()


def sender(pieces: Sequence[bytes], *, is_cut: bool = False) -> Callable[[], Awaitable[dict[str, Any]]]:
    """What the server hands on, piece by piece; then a cut, if there is one."""
    messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    if is_cut:
        messages.append({"type": "http.disconnect"})
    elif messages:
        messages[-1]["more_body"] = False
    else:
        messages.append({"type": "http.request"})
    coming = iter(messages)

    async def receive() -> dict[str, Any]:
        return next(coming)

    return receive


def whole(pieces: Sequence[bytes], keeping: Keeping, *, is_cut: bool = False) -> bytes:
    async def read() -> bytes:
        kept = await keeping.whole(Arriving(sender(pieces, is_cut=is_cut), Watch()), most_bytes=MOST_BYTES)
        body = kept.file.read()
        assert kept.size_bytes == len(body)
        kept.close()
        return body

    return run(read())


@given(st.lists(st.binary(max_size=100_000), max_size=6))
def test_pieces_are_one_body_and_leave_nothing_on_the_disk(pieces):
    keeping = Keeping()
    assert whole(pieces, keeping) == b"".join(pieces)
    assert keeping.on_disk_bytes == 0


@given(st.lists(st.binary(max_size=100_000), max_size=6))
def test_a_cut_is_told_however_much_had_come(pieces):
    keeping = Keeping()
    with pytest.raises(CutError):
        whole(pieces, keeping, is_cut=True)
    assert keeping.on_disk_bytes == 0


def test_a_body_that_is_too_large_is_not_kept():
    keeping = Keeping()
    with pytest.raises(TooLargeError):
        whole([b"x" * 65536] * 17, keeping)
    assert keeping.on_disk_bytes == 0


def test_large_bodies_take_no_more_of_the_disk_than_they_may(monkeypatch):
    monkeypatch.setattr(arriving, "MOST_ON_DISK_BYTES", 500_000)
    keeping = Keeping()
    with pytest.raises(FullError):
        whole([b"x" * 65536] * 10, keeping)
    assert whole([b"x" * 1000], keeping) == b"x" * 1000
    assert keeping.on_disk_bytes == 0


def test_whoever_asks_again_for_a_body_that_was_slow_waits_no_more(monkeypatch):
    monkeypatch.setattr(arriving, "LONGEST_GAP_S", 0.1)

    async def never() -> dict[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError

    async def ask_twice() -> float:
        body = Arriving(never, Watch())
        with pytest.raises(SlowError):
            await body.piece()
        begun = time.monotonic()
        with pytest.raises(SlowError):
            await body.piece()
        return time.monotonic() - begun

    assert run(ask_twice()) < 0.1


def test_a_wait_that_somebody_else_ends_is_no_late_one():
    async def cancelled() -> None:
        watch = Watch()
        waiting = asyncio.create_task(watch.over(asyncio.Event().wait(), until=time.monotonic() + 60))
        await asyncio.sleep(0)
        waiting.cancel()
        await waiting

    with pytest.raises(asyncio.CancelledError):
        run(cancelled())
