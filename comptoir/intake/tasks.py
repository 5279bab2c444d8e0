"""Keeping the raw log as long as it is of use, and no longer: it holds what customers wrote."""

from __future__ import annotations

import os
from datetime import timedelta

from django.db import connection

from comptoir.core.clock import now
from comptoir.core.tasks import task

#: Deliveries that were read are kept for so many days, to look into what a network really said. Those set aside stay.
KEPT_DAYS = int(os.environ.get("COMPTOIR_RAW_LOG_DAYS", "30"))
#: A change whose message has not come in this time is about one that we shall never see.
EARLY_KEPT = timedelta(days=90)
_AT_ONCE = 5000

_FORGET_READ = """
DELETE FROM intake_rawdelivery WHERE id IN (
    SELECT id FROM intake_rawdelivery WHERE state = 'done' AND received_at < %s ORDER BY id LIMIT %s)
"""
_FORGET_EARLY = "DELETE FROM intake_earlychange WHERE received_at < %s"


@task("intake.forget", every="17 3 * * *")
def forget(timestamp: int) -> None:
    """Every night, drop what was read long ago, in small bites."""
    before = now() - timedelta(days=KEPT_DAYS)
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_EARLY, [now() - EARLY_KEPT])
        while True:
            cursor.execute(_FORGET_READ, [before, _AT_ONCE])
            if cursor.rowcount < _AT_ONCE:
                return
