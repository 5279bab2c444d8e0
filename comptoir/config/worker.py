"""The worker: reads what came in, listens to accounts, does what was queued, says that it is alive.

One process, one thread each for the consumer and the listeners, an event loop for queued tasks (procrastinate). A part
that breaks is started again after a pause; the others go on.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from django.db import close_old_connections, connections
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import Status

from comptoir.config.logging import bind_job
from comptoir.core.heartbeat import beat, forget_old_beats
from comptoir.core.tasks import LANES

log = structlog.get_logger("comptoir.worker")

#: What a task that is under way when we are asked to stop may still take.
GRACE_S = 10.0
_BEAT_EVERY_S = 5.0
_RESCUE_EVERY_S = 15.0
_SILENT_AFTER_S = 30
#: Jobs planned for an instant are found by looking: a reply leaves this much late at most.
_LOOK_EVERY_S = 1.0
_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 30.0

Part = Callable[[threading.Event], None]


def work(parts: Mapping[str, Part], *, concurrency: int) -> None:
    """Work until SIGTERM or SIGINT; then finish what is under way, within GRACE_S."""
    stop = threading.Event()
    threads = [
        threading.Thread(target=_keep_running, args=(name, part, stop), name=name, daemon=True)
        for name, part in parts.items()
    ]
    threads.append(
        threading.Thread(
            target=_keep_running, args=("heartbeat", give_signs_of_life, stop), name="heartbeat", daemon=True
        )
    )
    for thread in threads:
        thread.start()
    asyncio.run(_work_on_tasks(stop, concurrency))
    deadline = time.monotonic() + GRACE_S
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    left = [thread.name for thread in threads if thread.is_alive()]
    if left:
        log.warning("stopped in the middle of something; it is taken up again at the next start", parts=left)


def give_signs_of_life(stop: threading.Event) -> None:
    """Say every few seconds that this process works."""
    name = f"worker:{socket.gethostname()}:{os.getpid()}"
    forget_old_beats()
    while True:
        beat(name)
        if stop.wait(_BEAT_EVERY_S):
            return


def _keep_running(name: str, part: Part, stop: threading.Event) -> None:
    pause_s = _FIRST_PAUSE_S
    while not stop.is_set():
        begun = time.monotonic()
        try:
            part(stop)
        except Exception:  # whatever broke, the part runs again: nothing that came in may lie there
            log.exception("a part of the worker broke, starting it again", part=name, again_in_s=pause_s)
        connections.close_all()
        if stop.wait(pause_s):
            return
        pause_s = _FIRST_PAUSE_S if time.monotonic() - begun > _LONGEST_PAUSE_S else min(_LONGEST_PAUSE_S, pause_s * 2)


async def _work_on_tasks(stop: threading.Event, concurrency: int) -> None:
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, _ask_to_stop, stop, asked)
    pause_s = _FIRST_PAUSE_S
    while not asked.is_set():
        begun = time.monotonic()
        try:
            await _run_queue(asked, concurrency)
        except Exception:  # the database may be away for a while
            log.exception("queued tasks cannot be worked on, trying again", again_in_s=pause_s)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asked.wait(), pause_s)
        pause_s = _FIRST_PAUSE_S if time.monotonic() - begun > _LONGEST_PAUSE_S else min(_LONGEST_PAUSE_S, pause_s * 2)


def _ask_to_stop(stop: threading.Event, asked: asyncio.Event) -> None:
    stop.set()
    asked.set()


async def _run_queue(asked: asyncio.Event, concurrency: int) -> None:
    """Run queued tasks until asked to stop, or until something breaks."""
    connector: Any = app.connector
    with app.replace_connector(connector.get_worker_connector()) as running:
        async with running.open_async():
            lanes = [asyncio.create_task(_run_lane(running, lane, concurrency)) for lane in LANES]
            rescue = asyncio.create_task(_rescue_jobs(running))
            await _first_of(*lanes, rescue, asked.wait())
            rescue.cancel()
            for lane in lanes:
                lane.cancel()  # procrastinate takes this for a wish to stop gracefully
            await asyncio.gather(*lanes, return_exceptions=True)


async def _run_lane(running: Any, lane: str, concurrency: int) -> None:
    await running.run_worker_async(
        name=f"{socket.gethostname()}:{os.getpid()}:{lane}",
        queues=[lane],
        concurrency=concurrency,
        install_signal_handlers=False,
        shutdown_graceful_timeout=GRACE_S - 1,
        delete_jobs="successful",
        stalled_worker_timeout=_SILENT_AFTER_S,
        fetch_job_polling_interval=_LOOK_EVERY_S,
        task_middleware=[_with_job_in_logs],
    )


async def _first_of(*several: Awaitable[Any]) -> None:
    """Wait for the first to end, and raise what it raised."""
    tasks = [asyncio.ensure_future(one) for one in several]
    done, _others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    tasks[-1].cancel()
    for task in done:
        task.result()


async def _rescue_jobs(running: Any) -> None:
    """Give the jobs of workers that died to those that live."""
    while True:
        for job in await running.job_manager.get_stalled_jobs(seconds_since_heartbeat=_SILENT_AFTER_S):
            log.warning("job of a worker that died, starting it over", task=job.task_name, job_id=job.id)
            try:
                await running.job_manager.retry_job(job)
            except (AlreadyEnqueued, UniqueViolation):  # its twin waits, held up by the lock that this one still has
                log.warning("job of a worker that died has a successor, closing it", job_id=job.id)
                await running.job_manager.finish_job(job, Status.FAILED, delete_job=False)
        await asyncio.sleep(_RESCUE_EVERY_S)


def _with_job_in_logs(call_next: Callable[[], Any], context: Any, _worker: Any) -> Any:
    bind_job(context.job.task_name, context.job.id)
    close_old_connections()
    return call_next()
