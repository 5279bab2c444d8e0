"""Signs of life: a process that works says so every few seconds, and others see when it stops."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

_BEAT = (
    "INSERT INTO core_heartbeat (name, at) VALUES (%s, clock_timestamp())"
    " ON CONFLICT (name) DO UPDATE SET at = excluded.at"
)
_AGE = "SELECT clock_timestamp() - max(at) FROM core_heartbeat WHERE name = %s OR name LIKE %s"


def beat(name: str) -> None:
    """Give a sign of life. Several of a kind are called `worker:HOST:PID`, one of its kind `worker`."""
    with connection.cursor() as cursor:
        cursor.execute(_BEAT, [name[:120]])


def age_of_last_beat(kind: str) -> timedelta | None:
    """How long ago any process of this kind gave a sign of life, None if none ever did. By the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute(_AGE, [kind, f"{kind}:%"])
        (age,) = cursor.fetchone()
    return None if age is None else timedelta(seconds=max(0.0, age.total_seconds()))


def forget_old_beats() -> None:
    """Drop the signs of processes that ended long ago."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_heartbeat WHERE at < clock_timestamp() - interval '1 day'")
