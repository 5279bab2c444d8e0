"""Clocks: what watching 300,000 of them costs, and how fast a changed calendar moves 100,000.

All run by a calendar (office hours, France's holidays), three a conversation: a first reply, a next one, a resolution
within seven working days, so that nothing is left to the database's own arithmetic. Each policy warns an hour before
it is due and an hour after, and the resolution stands still for a while.
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
_BREAKING = 50  # promises broken, and as many warned of, in each round: 36,000 an hour of either
_OFFICE = {day: [["09:00", "12:30"], ["14:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}

_CONVERSE = """
INSERT INTO conversations_conversation (account_id, identity_id, contact_id, thread_id, thread_token, is_public,
    subject, status, team_id, language, started_at, last_message_at, last_message_text)
SELECT %(account)s, %(identity)s, %(contact)s, 't-' || n, 'c-' || n, n %% 2 = 0, '', 'open', %(team)s, 'fr',
    at, at, 'Bonjour'
FROM generate_series(1, %(many)s) AS n, LATERAL (SELECT now() - n * interval '7 seconds' AS at) AS begun
"""
_RUN = """
INSERT INTO sla_slaclock (policy_id, promise, conversation_id, started_at, due_at, next_warning_at)
SELECT policy.id, policy.promise, conversation.id, conversation.started_at, now() + interval '30 days',
    now() + interval '30 days' - interval '1 hour'
FROM conversations_conversation AS conversation CROSS JOIN sla_slapolicy AS policy
"""
_BREAK = """
UPDATE sla_slaclock SET due_at = now() - interval '1 second'
WHERE id IN (SELECT id FROM sla_slaclock WHERE breached_at IS NULL ORDER BY id LIMIT %s)
"""


_PAUSE = """
INSERT INTO sla_clockpause (clock_id, began_at, ended_at)
SELECT id, started_at + interval '1 hour', started_at + interval '3 hours' FROM sla_slaclock
WHERE promise = 'resolution'
"""
_WARN = """
UPDATE sla_slaclock SET next_warning_at = now() - interval '1 second'
WHERE id IN (
    SELECT id FROM sla_slaclock WHERE promise = 'first_reply' AND next_warning_at > now() ORDER BY started_at LIMIT %s)
"""


_RUNS = "stopped_at IS NULL AND paused_at IS NULL"
_ASKED = {
    "clock_due": f"{_RUNS} AND breached_at IS NULL AND due_at <= now() ORDER BY due_at",
    "clock_warning_due": f"{_RUNS} AND next_warning_at <= now() ORDER BY next_warning_at",
}


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
            f"a look when nothing is due {idle * 1000:.1f} ms, when {_BREAKING} promises and as many warnings are"
            f" {busy * 1000:.1f} ms, {_given():,} warnings given; {_plan()}"
        )
        took, clocks, moved = _moved()
        print(f"{clocks:,} clocks computed anew in {took:.1f} s, {moved:,} moved")
        holds.append(verdict("seconds for 100,000 clocks", took * 100_000 / clocks, 60, at_most=True))
    return all(holds)


def _fill() -> None:
    from django.db import connection

    from comptoir.contacts.models import Contact, ContactIdentity
    from comptoir.core.clock import now
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
        policy = SLAPolicy.objects.create(
            promise=promise, target=target, target_working_days=days, is_in_working_time=True, position=position
        )
        long_ago = now() - timedelta(days=99)
        for from_due in (-hours, hours):
            policy.warnings.create(from_due=from_due, tells=["owner"], holds_from=long_ago)
    with connection.cursor() as cursor:
        whose = {"account": account.pk, "team": account.team_id, "identity": identity.pk, "contact": contact.pk}
        cursor.execute(_CONVERSE, whose | {"many": _CONVERSATIONS})
        cursor.execute(_RUN)
        cursor.execute(_PAUSE)
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
            cursor.execute(_WARN, [_BREAKING])
        busy.append(_timed(watch))
    return statistics.median(idle), statistics.median(busy)


def _timed(watch: Any) -> float:
    begun = time.perf_counter()
    watch(0)
    return time.perf_counter() - begun


def _given() -> int:
    from comptoir.sla.models import ClockWarning

    return ClockWarning.objects.count()


def _plan() -> str:
    """By which indexes the watch finds what is due."""
    from django.db import connection

    found = {}
    for index, asked in _ASKED.items():
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN SELECT id FROM sla_slaclock WHERE {asked} LIMIT 500")  # our own
            found[index] = " ".join(line for (line,) in cursor.fetchall())
    without = {index: plan for index, plan in found.items() if index not in plan}
    return f"WITHOUT their indexes: {without}" if without else f"found by {' and '.join(found)}"


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
