"""Clocks: what watching 300,000 of them costs, and how fast a changed calendar moves 100,000.

All run by a calendar (office hours, France's holidays), three a conversation: a first reply, a next one, a resolution
within seven working days, so that nothing is left to the database's own arithmetic.
"""

from __future__ import annotations

import statistics
import sys
import time
from datetime import timedelta
from typing import Any

from benchmarks._ground import ground, make_account, verdict

_CONVERSATIONS = 100_000
_EVERY_S = 5
_ROUNDS = 40
_BREAKING = 50  # promises broken in each round: 36,000 an hour
_OFFICE = {day: [["09:00", "12:30"], ["14:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}

_CONVERSE = """
INSERT INTO conversations_conversation (account_id, identity_id, contact_id, thread_id, thread_token, is_public,
    subject, status, team_id, language, started_at, last_message_at, last_message_text)
SELECT %(account)s, %(identity)s, %(contact)s, 't-' || n, 'c-' || n, n %% 2 = 0, '', 'open', %(team)s, 'fr',
    at, at, 'Bonjour'
FROM generate_series(1, %(many)s) AS n, LATERAL (SELECT now() - n * interval '7 seconds' AS at) AS begun
"""
_RUN = """
INSERT INTO sla_slaclock (policy_id, promise, conversation_id, started_at, due_at)
SELECT policy.id, policy.promise, conversation.id, conversation.started_at, now() + interval '30 days'
FROM conversations_conversation AS conversation CROSS JOIN sla_slapolicy AS policy
"""
_BREAK = """
UPDATE sla_slaclock SET due_at = now() - interval '1 second'
WHERE id IN (SELECT id FROM sla_slaclock WHERE breached_at IS NULL ORDER BY id LIMIT %s)
"""


def main() -> bool:
    """Print what it costs; whether the floors are reached."""
    with ground():
        _fill()
        idle, busy = _watched()
        holds = [
            verdict(f"% of a core for watching {3 * _CONVERSATIONS:,} clocks", busy / _EVERY_S * 100, 5, at_most=True),
            verdict("seconds at most from the instant to the breach", _EVERY_S + busy, 10, at_most=True),
        ]
        print(
            f"a look when nothing is broken {idle * 1000:.1f} ms, when {_BREAKING} are {busy * 1000:.1f} ms; {_plan()}"
        )
        took, clocks, moved = _moved()
        print(f"{clocks:,} clocks computed anew in {took:.1f} s, {moved:,} moved")
        holds.append(verdict("seconds for 100,000 clocks", took * 100_000 / clocks, 60, at_most=True))
    return all(holds)


def _fill() -> None:
    from django.db import connection

    from comptoir.contacts.models import Contact, ContactIdentity
    from comptoir.sla.calendars import create_calendar
    from comptoir.sla.models import SLAPolicy

    account = make_account("webhook", secret="s3cret")
    create_calendar(owner=account, name="Bureau", time_zone="Europe/Paris", weekly_hours=_OFFICE, country="FR")
    contact = Contact.objects.create(name="Cliente")
    identity = ContactIdentity.objects.create(contact=contact, channel="webhook", external_id="cliente")
    SLAPolicy.objects.all().delete()
    hours = timedelta(hours=1)
    for position, (promise, target, days) in enumerate(
        [("first_reply", 4 * hours, None), ("next_reply", 8 * hours, None), ("resolution", None, 7)]
    ):
        SLAPolicy.objects.create(
            promise=promise, target=target, target_working_days=days, is_in_working_time=True, position=position
        )
    with connection.cursor() as cursor:
        whose = {"account": account.pk, "team": account.team_id, "identity": identity.pk, "contact": contact.pk}
        cursor.execute(_CONVERSE, whose | {"many": _CONVERSATIONS})
        cursor.execute(_RUN)
        cursor.execute("ANALYZE")


def _watched() -> tuple[float, float]:
    """Median seconds of one look: when nothing is due, and when some are."""
    from django.db import connection

    from comptoir.sla.tasks import watch

    idle, busy = [], []
    for _round in range(_ROUNDS):
        idle.append(_timed(watch))
        with connection.cursor() as cursor:
            cursor.execute(_BREAK, [_BREAKING])
        busy.append(_timed(watch))
    return statistics.median(idle), statistics.median(busy)


def _timed(watch: Any) -> float:
    begun = time.perf_counter()
    watch(0)
    return time.perf_counter() - begun


def _plan() -> str:
    """By which index the watch finds what is due."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN SELECT id FROM sla_slaclock WHERE stopped_at IS NULL AND breached_at IS NULL AND due_at <= now()"
            " ORDER BY due_at LIMIT 500"
        )
        plan = " ".join(line for (line,) in cursor.fetchall())
    return "found by the index clock_due" if "clock_due" in plan else f"WITHOUT its index: {plan}"


def _moved() -> tuple[float, int, int]:
    """Seconds of a sweep after a changed calendar, and how many clocks it computed and moved."""
    from comptoir.sla.calendars import edit_calendar
    from comptoir.sla.models import OpeningCalendar, Recomputation
    from comptoir.sla.tasks import recompute

    calendar = OpeningCalendar.objects.get()
    hours = _OFFICE | {"sat": [["10:00", "17:00"]]}
    edit_calendar(calendar.pk, name="Bureau", time_zone="Europe/Paris", weekly_hours=hours, country="FR")
    sweep = Recomputation.objects.latest("pk")
    begun = time.perf_counter()
    recompute(sweep.pk)
    took = time.perf_counter() - begun
    sweep.refresh_from_db()
    return took, sweep.done_clocks, sweep.moved_clocks


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
