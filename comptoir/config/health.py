"""/healthz: 200 when every part works, 503 naming the one that does not."""

from __future__ import annotations

import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import timedelta

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comptoir.config.addresses import listening
from comptoir.config.paths import data_directory
from comptoir.core.heartbeat import age_of_last_beat

_SILENT_AFTER = timedelta(seconds=30)
_LATE_AFTER = timedelta(seconds=60)
_LEAST_FREE_BYTES = 50 * 1024**2


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Every part with what ails it; nothing in it is worth hiding from a passer-by."""
    ailments = {name: check() for name, check in PARTS.items()}
    works = not any(ailments.values())
    parts = {
        name: {"ok": ailment is None, **({} if ailment is None else {"reason": ailment})}
        for name, ailment in ailments.items()
    }
    answer = JsonResponse({"status": "ok" if works else "failing", "parts": parts}, status=200 if works else 503)
    answer._has_been_logged = True  # type: ignore[attr-defined]  # Django would log each 503 as an error of ours
    return answer


def database_ailment() -> str | None:
    """None when the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return "the database does not answer"
    return None


def worker_ailment() -> str | None:
    """None when a worker gave a sign of life lately."""
    try:
        age = age_of_last_beat("worker")
    except Error:
        return "unknown: the database does not answer"
    if age is None:
        return "no worker has started yet"
    return None if age < _SILENT_AFTER else f"no sign of life for {age.total_seconds():.0f} s"


def live_ailment() -> str | None:
    """None when the server of live updates answers and hears the database."""
    where = listening()
    address = os.environ.get("COMPTOIR_LIVE_ADDRESS", f"http://{where.own_host}:{where.live_port}")
    try:
        urllib.request.urlopen(f"{address}/healthz", timeout=2).close()  # noqa: S310  # our own address
    except urllib.error.HTTPError:
        return "the server of live updates does not hear the database"
    except OSError:
        return "the server of live updates does not answer"
    return None


def backlog_age() -> timedelta:
    """How long the oldest delivery that nobody has read yet has waited."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp() - min(received_at) FROM intake_rawdelivery WHERE state = 'new'")
        (age,) = cursor.fetchone()
    return max(timedelta(0), age or timedelta(0))


def backlog_ailment() -> str | None:
    """None when what comes in is read soon."""
    try:
        age = backlog_age()
    except Error:
        return "unknown: the database does not answer"
    return None if age < _LATE_AFTER else f"the oldest delivery has waited {age.total_seconds():.0f} s to be read"


def disk_ailment() -> str | None:
    """None when there is room in the data folder, where files are kept and, unless it is elsewhere, the database."""
    free = shutil.disk_usage(data_directory()).free
    if free >= _LEAST_FREE_BYTES:
        return None
    return (
        f"the disk is full: {free // 1024**2} MB are left where the data folder is. What was acknowledged is kept; "
        "make room, nothing needs to be started again"
    )


PARTS: dict[str, Callable[[], str | None]] = {
    "database": database_ailment,
    "worker": worker_ailment,
    "intake": backlog_ailment,
    "live": live_ailment,
    "disk": disk_ailment,
}
