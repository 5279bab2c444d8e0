"""Automations: what a batch of events costs with none and with ten in force, what a look at 100,000 waiting customers
costs at first and when all are known, at all hours and in opening hours, and how long it takes to try one on the last
days.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from benchmarks._ground import ground, make_account, verdict

_CONVERSATIONS = 300_000
_BATCH = 500
_IN_FORCE = 10
_TURNS = 9
_RUNS = 200
_EVERY_S = 60

#: A third waits, a third was answered, a third is resolved; all within ten days.
_CONVERSE = """
INSERT INTO conversations_conversation (account_id, identity_id, contact_id, thread_id, thread_token, is_public,
    subject, status, team_id, language, started_at, last_message_at, last_message_text, last_incoming_at, waiting_since,
    resolved_at)
SELECT %(account)s, %(identity)s, %(contact)s, 't-' || n, 'c-' || n, false, '',
    CASE n %% 3 WHEN 2 THEN 'resolved' ELSE 'open' END, %(team)s, 'fr', at, at + interval '1 minute', 'Bonjour', at,
    CASE n %% 3 WHEN 0 THEN at END, CASE n %% 3 WHEN 2 THEN at + interval '1 hour' END
FROM generate_series(1, %(many)s) AS n, LATERAL (SELECT now() - n * interval '10 days' / %(many)s AS at) AS begun
"""
_SPEAK = """
INSERT INTO conversations_message (conversation_id, account_id, direction, visibility, kind, state, key, external_id,
    parent_external_id, identity_id, is_automatic, text, html, quoted, signature, subject, language, url, custom,
    sent_at, created_at, failure)
SELECT id, account_id, 'incoming', 'private', 'message', 'received', gen_random_uuid(), 'm-' || id, '', identity_id,
    false, 'Bonjour, où est ma commande ? Le suivi dit « en préparation » depuis mardi.', '', '', '', '', 'fr', '',
    '{}', started_at, now(), ''
FROM conversations_conversation
"""
_TELL = """
INSERT INTO events_event (name, at, actor_kind, subject_kind, subject_id, conversation_id, reason, details)
SELECT 'message.received', now(), 'contact', 'message', message.id, message.conversation_id, '', '{}'
FROM conversations_message AS message ORDER BY sent_at DESC LIMIT %s
"""


def main() -> bool:
    """Print what it costs; whether the floors are reached."""
    with ground():
        _fill()
        none, some = _followed()
        first, again = _swept("attente")
        opening, again_opening = _swept("attente en heures d’ouverture", is_in_working_time=True)
        tried, run = _tried(), _run()
        print(
            f"a first look that finds them all {first:.1f} s, in opening hours {opening:.1f} s; a run {run:.1f} ms;"
            f" tried on the last days {tried:.1f} s"
        )
        return all(
            [
                verdict(f"ms for {_BATCH} events where none is in force", none, 5, at_most=True),
                verdict(f"ms for {_BATCH} events by {_IN_FORCE} that ask words", some, 500, at_most=True),
                verdict("seconds for a first look that finds them all", first, 90, at_most=True),
                verdict("% of a core for looking once a minute", again / _EVERY_S * 100, 2, at_most=True),
                verdict("% of a core for both, one in opening hours", again_opening / _EVERY_S * 100, 4, at_most=True),
                verdict("seconds to try one on the last days", tried, 5, at_most=True),
            ]
        )


def _fill() -> None:
    from django.db import connection

    from comptoir.contacts.models import Contact, ContactIdentity

    account = make_account("webhook", secret="s3cret")
    account.weekly_hours = {
        day: [["09:00", "12:30"], ["14:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")
    }
    account.save()
    contact = Contact.objects.create(name="Cliente")
    identity = ContactIdentity.objects.create(contact=contact, channel="webhook", external_id="cliente")
    named = {"account": account.pk, "identity": identity.pk, "contact": contact.pk, "team": account.team_id}
    with connection.cursor() as cursor:
        cursor.execute(_CONVERSE, named | {"many": _CONVERSATIONS})
        cursor.execute(_SPEAK)
        cursor.execute(_TELL, [_BATCH])
        cursor.execute("ANALYZE")


def _write(name: str, trigger: dict[str, Any], *conditions: dict[str, Any], since: timedelta) -> Any:
    from comptoir.automations.writing import Terms, create_automation
    from comptoir.core.clock import at_instant, now

    acts = [{"act": "tag", "name": name}]
    with at_instant(now() - since):
        return create_automation(Terms(name, trigger, conditions, acts, most_runs_an_hour=100_000), is_active=True)


def _followed() -> tuple[float, float]:
    """Median milliseconds for a batch, with none and with some in force, none of which is met."""
    from comptoir.automations.following import follow_automations
    from comptoir.events.models import Event

    events = list(Event.objects.filter(name="message.received").order_by("pk"))
    none = _median(lambda: follow_automations(events))
    for number in range(_IN_FORCE):
        asked = {"kind": "text", "among": ["introuvable", f"mot{number}"]}
        _write(f"mot {number}", {"kind": "received"}, asked, since=timedelta(days=30))
    return none * 1000, _median(lambda: follow_automations(events)) * 1000


def _swept(name: str, **counted: bool) -> tuple[float, float]:
    """Seconds for the first look of one automation, and for one of all that there are when all who wait are known."""
    from django.db import connection

    from comptoir.automations.sweeping import sweep

    free = {"kind": "owner", "among": ["nobody"]}
    _write(name, {"kind": "waits", "after_minutes": 240, **counted}, free, since=timedelta(days=30))
    begun = time.perf_counter()
    sweep()
    first = time.perf_counter() - begun
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return first, _median(sweep)


def _tried() -> float:
    from comptoir.automations.models import Automation
    from comptoir.automations.trying import try_automation
    from comptoir.people.actions import create_agent

    agent = create_agent(role="administrator", email="a@maison.example", name="Awa", teams=())
    revision = Automation.objects.get(name="attente").revision
    begun = time.perf_counter()
    try_automation(revision, agent=agent)
    return time.perf_counter() - begun


def _run() -> float:
    """Milliseconds for one run, one after the other."""
    from comptoir.automations.running import run_next

    begun = time.perf_counter()
    for _number in range(_RUNS):
        run_next()
    return (time.perf_counter() - begun) / _RUNS * 1000


def _median(work: Callable[[], object]) -> float:
    costs = []
    for _turn in range(_TURNS):
        begun = time.perf_counter()
        work()
        costs.append(time.perf_counter() - begun)
    return statistics.median(costs)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
