"""The inbox at a million conversations against ten thousand, and an exchange of 5,000 messages against one of 50."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from benchmarks._ground import ground, make_account, verdict

_FEW, _MANY = 10_000, 1_000_000
_ROUNDS = 60
_TEAMS = 4


def main() -> bool:
    """Print the ratios; whether the floors are reached."""
    with ground():
        make_account("webhook", secret="s3cret", signing_secret="s3cret")
        agents = _people()
        _fill(1, _FEW)
        few = _measures(agents)
        print(f"measured at {_FEW}", flush=True)
        long = _exchanges()
        _fill(_FEW + 1, _MANY)
        print(f"filled to {_MANY}", flush=True)
        many = _measures(agents)
    held = []
    for name, (at_few, at_many) in {name: (few[name], many[name]) for name in few}.items():
        limit = 1.6 if "anywhere" in name else 1.3
        print(f"{name}: p95 {at_few:.2f} ms at {_FEW}, {at_many:.2f} ms at {_MANY}")
        held.append(verdict(f"{name}, ratio", at_many / at_few, limit, at_most=True))
    print(f"exchange: p95 {long[0]:.2f} ms for 50 messages, {long[1]:.2f} ms for 5,000")
    return all([*held, verdict("5,000 messages to 50, ratio", long[1] / long[0], 1.3, at_most=True)])


def _people() -> dict[str, Any]:
    from comptoir.people.actions import create_agent
    from comptoir.people.models import Team

    teams = [Team.objects.get_or_create(name=f"Team {number}")[0] for number in range(_TEAMS)]
    return {
        "supervisor": create_agent(email="s@bench.example", name="S", role="supervisor"),
        "agent": create_agent(email="a@bench.example", name="A", role="agent", teams=teams[:2]),
    }


_CONTACTS = """
INSERT INTO contacts_contact (name, language, created_at)
SELECT 'Cliente ' || n, 'fr', now() FROM generate_series(%(first)s, %(last)s, 20) AS n;
INSERT INTO contacts_contactidentity (contact_id, channel, scope, external_id, handle, name, avatar_url, created_at)
SELECT contact.id, 'webhook', '', 'c' || contact.id, '', contact.name, '', now() FROM contacts_contact AS contact
WHERE NOT EXISTS (SELECT FROM contacts_contactidentity AS known WHERE known.contact_id = contact.id);
"""
#: A fifth is live, a third of those wait; over a year, in no order. What one agent has in hand does not grow with
#: the company: of the live ones, only some of the first ten thousand are somebody's.
_CONVERSATIONS = """
WITH ranges AS (
    SELECT (SELECT min(id) FROM contacts_contactidentity) AS person,
        (SELECT count(*) FROM contacts_contactidentity) AS people,
        (SELECT min(id) FROM people_team WHERE name LIKE 'Team %%') AS team,
        (SELECT min(id) FROM people_agent) AS agent
), drawn AS (
    SELECT n, now() - random() * interval '365 days' AS at, (n::bigint * 7919) %% 100 AS dice,
        person + n %% people AS person, team + n %% 4 AS team, agent + (n / 7) %% 2 AS agent
    FROM generate_series(%(first)s, %(last)s) AS n, ranges
)
INSERT INTO conversations_conversation (account_id, identity_id, contact_id, team_id, assignee_id, thread_id,
    thread_token, is_public, subject, status, language, started_at, last_message_at, last_message_text,
    last_incoming_at, waiting_since, resolved_at)
SELECT (SELECT min(id) FROM channels_channelaccount), people.id, people.contact_id, team,
    CASE WHEN dice %% 2 = 0 AND (dice >= 20 OR n <= 10000) THEN agent END, 't' || n, 'k' || n, dice %% 3 = 0, '',
    CASE WHEN dice < 20 THEN 'open' ELSE 'resolved' END, 'fr', at, at, 'Bonjour, où est ma commande ' || n, at,
    CASE WHEN dice < 7 THEN at END, CASE WHEN dice >= 20 THEN at END
FROM drawn
JOIN contacts_contactidentity AS people ON people.id = drawn.person
"""


def _fill(first: int, last: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # foreign keys are right as drawn
        cursor.execute(_CONTACTS, {"first": first, "last": last})
        for start in range(first, last + 1, 100_000):
            cursor.execute(_CONVERSATIONS, {"first": start, "last": min(last, start + 99_999)})
        cursor.execute("VACUUM ANALYZE conversations_conversation, contacts_contactidentity, contacts_contact")
        cursor.execute("SET session_replication_role = DEFAULT")


def _measures(agents: dict[str, Any]) -> dict[str, float]:
    from django.utils import timezone

    from comptoir.web.queries.inbox import Listing, Position, StandingView, inbox_page

    chance = random.Random(7)

    def anywhere() -> Position:
        return Position(timezone.now() - timedelta(days=chance.random() * 360), 0)

    measured = {}
    for who, agent in agents.items():
        for listing in (Listing(view, sort) for view in StandingView for sort in view.sorts):
            name = f"{who} {listing.view} {listing.sort}"
            measured[f"{name}, first page"] = _p95(lambda a=agent, one=listing: inbox_page(a, one))
            measured[f"{name}, anywhere"] = _p95(lambda a=agent, one=listing: inbox_page(a, one, anywhere()))
    return measured


def _exchanges() -> tuple[float, float]:
    """The p95 of opening an exchange of 50 messages, and one of 5,000."""
    from django.db import connection

    from comptoir.conversations.models import Conversation
    from comptoir.web.queries.exchange import exchange_window

    small, large = Conversation.objects.order_by("id")[:2]
    with connection.cursor() as cursor:
        for conversation, count in ((small, 50), (large, 5000)):
            cursor.execute(
                "INSERT INTO conversations_message (conversation_id, account_id, direction, visibility, kind, state, "
                "key, external_id, parent_external_id, identity_id, is_automatic, text, html, quoted, signature, "
                "subject, language, url, custom, sent_at, created_at, failure) "
                "SELECT %s, %s, 'incoming', 'private', 'message', 'received', gen_random_uuid(), "
                "%s || '-' || n, '', %s, false, "
                "'Bonjour ' || n, '', '', '', '', '', '', '{}', now() - n * interval '1 minute', now(), '' "
                "FROM generate_series(1, %s) AS n",
                [conversation.pk, conversation.account_id, str(conversation.pk), conversation.identity_id, count],
            )
            cursor.execute(
                "INSERT INTO events_event (name, at, actor_kind, subject_kind, subject_id, conversation_id, reason, "
                "details) SELECT 'message.received', now(), 'contact', 'message', n, %s, '', '{}' "
                "FROM generate_series(1, %s) AS n",
                [conversation.pk, count],
            )
        cursor.execute("VACUUM ANALYZE conversations_message, events_event")
    spent: dict[int, list[float]] = {small.pk: [], large.pk: []}
    for _round in range(_ROUNDS):  # in turns, so that what else the machine does weighs on both
        for conversation in (small, large):
            begun = time.perf_counter()
            exchange_window(conversation)
            spent[conversation.pk].append((time.perf_counter() - begun) * 1000)
    return _ninety_fifth(spent[small.pk]), _ninety_fifth(spent[large.pk])


def _p95(step: Callable[[], object]) -> float:
    for _warm in range(5):
        step()
    spent = []
    for _round in range(_ROUNDS):
        begun = time.perf_counter()
        step()
        spent.append((time.perf_counter() - begun) * 1000)
    return _ninety_fifth(spent)


def _ninety_fifth(spent: list[float]) -> float:
    return statistics.quantiles(spent, n=20)[18]
