"""Background tasks: named, queued in the same transaction as the rows they are about, tried again when they ask for it.

A task is idempotent: a worker that dies leaves its job to another one, which starts it over.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job
from procrastinate.manager import JobManager

from comptoir.core.apart import do_apart

#: Writes jobs over Django's own connection: inside a worker the app's is another one, outside our transactions.
_jobs = JobManager(DjangoConnector())

Function = TypeVar("Function", bound=Callable[..., Any])


#: What waits for one kind of outsider does not hold up the rest: replies to networks; files and webhooks of anybody.
DEFAULT, REPLIES, OUTSIDE = "default", "replies", "outside"
LANES = (DEFAULT, REPLIES, OUTSIDE)


class Retry(Exception):  # noqa: N818  # not an error: a wish
    """Raised by a task that wants to run again ``after`` some time."""

    def __init__(self, *, after: timedelta) -> None:
        super().__init__(f"again in {after.total_seconds():.0f} s")
        self.after = after


class _AsAsked(BaseRetryStrategy):
    """Run again when the task raised Retry, and five times with growing pauses when it broke."""

    max_failures = 5

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, Retry):
            return RetryDecision(retry_in={"seconds": max(0, round(exception.after.total_seconds()))})
        if job.attempts < self.max_failures:
            return RetryDecision(retry_in={"seconds": 2**job.attempts})
        return None


#: What each task does, wherever it is done.
_HERE: dict[str, Callable[..., Any]] = {}


def task(
    name: str, *, lane: str = DEFAULT, every: str | None = None, apart: bool = False
) -> Callable[[Function], Function]:
    """Register a function as the task ``name`` of one of LANES; ``every`` is a cron line for one that recurs.

    ``apart``: the worker does it in a process of its own (see `apart`), for what takes much memory or arithmetic.

    A cron line has five fields, or six with the seconds last: "* * * * * */10" is every ten seconds.

    A recurring task is called with the timestamp (seconds) it was planned for.
    """

    def register(function: Function) -> Function:
        _HERE[name] = function
        done = functools.partial(do_apart, name) if apart else function
        registered = app.task(name=name, queue=lane, retry=_AsAsked(), pass_context=False)(done)
        if every is not None:
            app.periodic(cron=every)(registered)
        return function

    return register


class UnknownTaskError(Exception):
    """There is no task of that name."""


def do_here(name: str, **arguments: object) -> None:
    """Do a task now, in this process. Raises UnknownTaskError."""
    if name not in _HERE:
        raise UnknownTaskError(name)
    _HERE[name](**arguments)


def defer(
    name: str, *, at: datetime | None = None, lock: str | None = None, only_once: str | None = None, **arguments: Any
) -> None:
    """Queue the task ``name``, in the current transaction.

    ``lock``: jobs with the same lock run one at a time, in order. ``only_once``: while a job with the same name waits,
    another one is not queued.
    """
    job = app.configure_task(name, schedule_at=at, lock=lock, queueing_lock=only_once)
    job.job_manager = _jobs
    if only_once is None:
        job.defer(**arguments)
        return
    try:
        with transaction.atomic():  # so that the refusal does not break the transaction around it
            job.defer(**arguments)
    except AlreadyEnqueued:
        return
