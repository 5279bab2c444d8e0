"""The page of figures over ninety days at a million counted conversations, and how fast conversations are counted.

What a report reads are the counted conversations and their open spells: the messages, however many, are not looked at.
A million of both are written straight into their tables, over a year, on six channels, with eight teams and forty
colleagues; counting itself is measured on conversations with messages, events and clocks.
"""

from __future__ import annotations

import statistics
import time
from typing import Any

from benchmarks import _crowd
from benchmarks._ground import ground, make_account, verdict
from benchmarks._turns import processor_seconds

_MANY, _FEW = 1_000_000, 20_000
_ROUNDS = 7
_KINDS = ("email", "chat", "phone", "facebook", "instagram", "mastodon")
_TEAMS, _AGENTS, _REASONS = 8, 40, 20
_GOAL_S, _GOAL_RATE = 1.0, 1000.0

#: Replies and resolutions as they are: many short ones, some very long. One of fifty was never answered.
_COUNTED = """
INSERT INTO reporting_countedconversation (conversation_id, account_id, team_id, reply_team_id, replied_by_id,
    resolved_by_id, reason_id, intent, began_at, answered_at, resolved_at, first_reply_s, resolution_s,
    first_reply_promise, resolution_promise, transfer_count, reopening_count)
SELECT n, account, team, team, agent, agent, reason, 'question', at, at + reply, at + reply + solve,
    extract(epoch FROM reply)::int, extract(epoch FROM reply + solve)::int,
    CASE WHEN reply IS NULL THEN 0 WHEN reply < interval '4 hours' THEN 2 ELSE 3 END, 0, (n %% 12 = 0)::int,
    (n %% 20 = 0)::int
FROM (
    SELECT n, now() - (%(many)s - n) * (interval '365 days' / %(many)s) AS at,
        (%(accounts)s::bigint[])[1 + n %% 6] AS account, (%(teams)s::bigint[])[1 + (n / 6) %% 8] AS team,
        (%(agents)s::bigint[])[1 + n %% 37] AS agent, (%(reasons)s::bigint[])[1 + (n / 3) %% 19] AS reason,
        CASE WHEN n %% 50 > 0 THEN exp(random() * 12) * interval '1 second' END AS reply,
        CASE WHEN n %% 25 > 0 THEN exp(random() * 13) * interval '1 second' END AS solve
    FROM generate_series(1, %(many)s) AS n
) AS drawn
"""
_SPELLS = """
INSERT INTO reporting_openspell (counted_id, account_id, team_id, began_at, ended_at)
SELECT conversation_id, account_id, team_id, began_at, NULLIF(resolved_at, began_at) FROM reporting_countedconversation
"""
_RECEIVED = """
INSERT INTO events_event (name, at, actor_kind, subject_kind, subject_id, conversation_id, reason, details)
SELECT 'message.received', sent_at, 'contact', 'message', id, conversation_id, '', '{}'
FROM conversations_message WHERE direction = 'incoming'
"""


def main() -> bool:
    """Print the measures; whether the floors are reached."""
    with ground():
        make_account("webhook", secret="s3cret", signing_secret="s3cret")
        people = _crowd.people()
        _crowd.fill(1, _FEW)
        held = [_counting_judged()]
        _fill(_MANY)
        held += [_report_judged(people["supervisor"], by) for by in ("channel", "agent", "topic", "day")]
    return all(held)


def _counting_judged() -> bool:
    """Twenty thousand conversations of five messages each, as the past is counted."""
    from comptoir.reporting.following import begin_counting, count_past

    _run(_RECEIVED, {})
    begin_counting()
    begun = time.perf_counter()
    while count_past():
        pass
    return verdict("conversations counted a second", _FEW / (time.perf_counter() - begun), _GOAL_RATE)


def _fill(many: int) -> None:
    from comptoir.analysis.models import ContactReason
    from comptoir.people.actions import create_agent
    from comptoir.people.models import Team

    accounts = [make_account(kind).pk for kind in _KINDS]
    teams = [Team.objects.create(name=f"Service {number}").pk for number in range(_TEAMS)]
    agents = [create_agent(email=f"{n}@bench.example", name=f"Agent {n}", role="agent").pk for n in range(_AGENTS)]
    reasons = [ContactReason.objects.create(name=f"Motif {number}").pk for number in range(_REASONS)]
    _run("TRUNCATE reporting_countedconversation, reporting_openspell", {})
    _run("SET session_replication_role = replica", {})  # their conversations are not there
    values = {"many": many, "accounts": accounts, "teams": teams, "agents": agents, "reasons": reasons}
    _run(_COUNTED, values)
    _run(_SPELLS, {})
    _run("SET session_replication_role = DEFAULT", {})
    _run("VACUUM ANALYZE reporting_countedconversation, reporting_openspell", {})


def _report_judged(supervisor: Any, by: str) -> bool:
    """The whole page, as the browser asks for it, by processor time: other work on the machine does not weigh on it."""
    from django.db import connection
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    client.force_login(supervisor.user, backend="django.contrib.auth.backends.ModelBackend")
    _run("SET max_parallel_workers_per_gather = 0", {})  # what helpers spend would not be counted
    backend = connection.connection.info.backend_pid
    by_processor, by_clock = [], []
    for _ in range(_ROUNDS):
        begun, spent = time.perf_counter(), processor_seconds(backend)
        answer = client.get("/reports/", {"days": "90", "by": by})
        by_processor.append(processor_seconds(backend) - spent)
        by_clock.append(time.perf_counter() - begun)
        assert answer.status_code == 200, answer.status_code
    print(f"90 days by {by}, page: {statistics.median(by_clock):.2f} s by the clock")
    spent = statistics.median(by_processor)
    return verdict(f"90 days by {by}, seconds of a processor", spent, _GOAL_S, at_most=True)


def _run(sql: str, values: dict[str, Any]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
