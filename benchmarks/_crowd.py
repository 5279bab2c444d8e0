"""What a company of a million conversations has, written straight into the tables, without their indexes meanwhile."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks import _readings
from benchmarks._words import texts

_TEAMS = 4
#: Different texts; every conversation's messages are drawn from them.
_TEXTS = 200_000
MESSAGES_EACH = 5
#: How many of the messages the search knows: its goal is said of a million.
FOUND_IN = 1_000_000
_AT_ONCE = 100_000

#: One person for every five conversations.
_CONTACTS = """
INSERT INTO contacts_contact (name, language, created_at)
SELECT 'Cliente' || n || ' Dupont', 'fr', now() FROM generate_series(%(first)s / 5 + 1, %(last)s / 5) AS n;
INSERT INTO contacts_contactidentity (contact_id, channel, scope, external_id, handle, name, avatar_url, created_at)
SELECT contact.id, 'webhook', '', 'c' || contact.id, '', contact.name, '', now() FROM contacts_contact AS contact
WHERE NOT EXISTS (SELECT FROM contacts_contactidentity AS known WHERE known.contact_id = contact.id);
"""
#: A fifth is live, a third of those wait; over a year, in no order. What one agent has in hand does not grow with
#: the company: of the live ones, only some of the first ten thousand are somebody's. One of a hundred is urgent, five
#: go before others, three after them.
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
    last_incoming_at, waiting_since, promise_due_at, resolved_at, priority)
SELECT (SELECT min(id) FROM channels_channelaccount), people.id, people.contact_id, team,
    CASE WHEN dice %% 2 = 0 AND (dice >= 20 OR n <= 10000) THEN agent END, 't' || n, 'k' || n, dice %% 3 = 0, '',
    CASE WHEN dice < 2 THEN 'snoozed' WHEN dice < 20 THEN 'open' ELSE 'resolved' END, 'fr', at, at,
    'Bonjour, où est ma commande ' || n, at,
    CASE WHEN dice < 7 THEN at END, CASE WHEN dice < 7 THEN at + interval '1 day' END, CASE WHEN dice >= 20 THEN at END,
    COALESCE((ARRAY[3, 2, 2, 2, 2, 2, 0, 0, 0])[1 + (n / 100) %% 100], 1)
FROM drawn
JOIN contacts_contactidentity AS people ON people.id = drawn.person
"""
_CLOCKS = """
INSERT INTO sla_slaclock (policy_id, conversation_id, started_at, due_at)
SELECT (SELECT min(id) FROM sla_slapolicy), id, waiting_since, promise_due_at FROM conversations_conversation
WHERE promise_due_at IS NOT NULL AND id > %(after)s
"""
_TAGS = """
INSERT INTO conversations_tag (name) VALUES ('urgent') ON CONFLICT DO NOTHING;
INSERT INTO conversations_conversation_tags (conversation_id, tag_id)
SELECT id, (SELECT min(id) FROM conversations_tag) FROM conversations_conversation
WHERE id %% 20 = 0 AND id > %(after)s;
"""
#: Some to a conversation, an hour apart; the last is the customer's where they wait, else ours.
_MESSAGES = """
INSERT INTO conversations_message (conversation_id, account_id, direction, visibility, kind, state, key, external_id,
    parent_external_id, identity_id, agent_id, is_automatic, text, html, quoted, signature, subject, language, url,
    custom, sent_at, created_at, failure)
SELECT conversation.id, account_id, CASE WHEN is_ours THEN 'outgoing' ELSE 'incoming' END,
    CASE WHEN is_public THEN 'public' ELSE 'private' END, 'message',
    CASE WHEN is_ours THEN 'sent' ELSE 'received' END, gen_random_uuid(), conversation.id || '-' || part, '',
    CASE WHEN NOT is_ours THEN identity_id END, CASE WHEN is_ours THEN %(agent)s END, false, spoken.text,
    '', '', '', '', 'fr', '', '{}', last_message_at - (%(each)s - part) * interval '1 hour', now(), ''
FROM conversations_conversation AS conversation
CROSS JOIN generate_series(1, %(each)s) AS part
CROSS JOIN LATERAL (SELECT (part + (waiting_since IS NOT NULL)::int) %% 2 = 1 AS is_ours) AS who
JOIN bench_text AS spoken ON spoken.id = (conversation.id * %(each)s + part) %% %(texts)s
WHERE conversation.id > %(after)s AND conversation.id <= %(upto)s
"""
_TIED = """
UPDATE conversations_message SET parent_external_id = (conversation_id - 1) || '-1'
WHERE visibility = 'public' AND parent_external_id = ''
    AND conversation_id > (SELECT max(id) - 2000 FROM conversations_conversation)
"""
_EVENTS = """
INSERT INTO events_event (name, at, actor_kind, actor_id, subject_kind, subject_id, conversation_id, reason, details)
SELECT 'conversation.started', started_at, 'contact', contact_id, 'conversation', id, id, '', '{}'
FROM conversations_conversation WHERE id > %(after)s
"""
_FINDABLE = """
INSERT INTO conversations_searchtext (message_id, at, words, pairs)
SELECT message.id, message.sent_at, known.words, known.pairs
FROM conversations_message AS message
JOIN (SELECT said.text, search.words, search.pairs FROM conversations_searchtext AS search
      JOIN conversations_message AS said ON said.id = search.message_id) AS known USING (text)
WHERE message.id <= %(most)s
    AND NOT EXISTS (SELECT FROM conversations_searchtext AS one WHERE one.message_id = message.id)
"""


def people() -> dict[str, Any]:
    """A supervisor, who sees everything, and an agent of two teams of four; made where they are not there yet."""
    from comptoir.people.actions import create_agent
    from comptoir.people.models import Agent, Team

    known = {one.role: one for one in Agent.objects.select_related("user")}
    if not known:
        teams = [Team.objects.get_or_create(name=f"Team {number}")[0] for number in range(_TEAMS)]
        known["supervisor"] = create_agent(email="s@bench.example", name="S", role="supervisor")
        known["agent"] = create_agent(email="a@bench.example", name="A", role="agent", teams=teams[:2])
    return {role: known[role] for role in ("supervisor", "agent")}


def tie_comments() -> None:
    """What the newest public conversations say is said to another's first message."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_TIED)


def keep_views(agents: dict[str, Any]) -> None:
    """Eight saved views of each agent, whose counts are told with every list; where they have none yet."""
    from comptoir.desk.inbox_views import save_inbox_view
    from comptoir.desk.models import InboxView

    narrowed = ("urgency", "3"), ("sentiment", "negative"), ("tag", "urgent"), ("priority", "2")
    for agent in agents.values():
        if InboxView.objects.filter(owner=agent).exists():
            continue
        for sort in ("newest", "waiting"):
            for question, word in narrowed:
                filters = {"view": ["all"], question: [word]}
                save_inbox_view(name=f"{question} {sort}", filters=filters, sort=sort, by=agent)


def fill(first: int, last: int) -> None:
    """Conversations by number, with their people, promises, tags, events and messages."""
    begun = time.monotonic()
    with _filling(("contacts_contact", "contacts_contactidentity")) as cursor:
        cursor.execute(_CONTACTS, {"first": first, "last": last})
    names = ("conversations_conversation", "sla_slaclock", "conversations_conversation_tags")
    with _filling(names) as cursor:
        cursor.execute("SELECT COALESCE(max(id), 0) FROM conversations_conversation")
        after = cursor.fetchone()[0]
        for start in range(first, last + 1, _AT_ONCE):
            cursor.execute(_CONVERSATIONS, {"first": start, "last": min(last, start + _AT_ONCE - 1)})
        cursor.execute(_CLOCKS, {"after": after})
        cursor.execute(_TAGS, {"after": after})
    _fill_messages(after)
    print(f"{last} conversations, filled in {time.monotonic() - begun:.0f} s", flush=True)


def _fill_messages(after: int) -> None:
    """The messages of the conversations beyond an id, and an event for each conversation."""
    with _filling(("conversations_message", "events_event")) as cursor:
        _draw_texts(cursor)
        cursor.execute("SELECT max(id) FROM conversations_conversation")
        newest = cursor.fetchone()[0]
        asked = {"each": MESSAGES_EACH, "agent": people()["agent"].pk, "texts": _TEXTS}
        for start in range(after, newest, _AT_ONCE):
            cursor.execute(_MESSAGES, asked | {"after": start, "upto": start + _AT_ONCE})
        cursor.execute(_EVENTS, {"after": after})
    fill_readings(after)


def fill_readings(after: int = 0) -> None:
    """What was read in the conversations beyond an id, what was corrected, what the catalogue does not answer."""
    begun = time.monotonic()
    _readings.make_reasons()
    with _filling((*_readings.TABLES, "analysis_correction")) as cursor:
        cursor.execute("SELECT max(id) FROM conversations_conversation")
        newest = cursor.fetchone()[0]
        for start in range(after, newest, _AT_ONCE):
            _readings.fill_readings(cursor, start, min(newest, start + _AT_ONCE))
        _readings.fill_what_people_see(cursor, people()["agent"].pk)
    print(f"What was read beyond conversation {after}, filled in {time.monotonic() - begun:.0f} s", flush=True)


def _draw_texts(cursor: Any) -> None:
    cursor.execute("DROP TABLE IF EXISTS bench_text; CREATE TEMPORARY TABLE bench_text (id bigint, text text)")
    with cursor.copy("COPY bench_text FROM STDIN") as copy:
        for row in enumerate(texts(_TEXTS)):
            copy.write_row(row)
    cursor.execute("CREATE UNIQUE INDEX ON bench_text (id); ANALYZE bench_text")


def make_findable() -> None:
    """Bring FOUND_IN messages and everybody's name into the search.

    The words of each different text are made by our own code once, then given to every message that says it.
    """
    from comptoir.contacts.models import ContactIdentity
    from comptoir.conversations.indexing import index_messages, index_people

    begun = time.monotonic()
    with _filling(("conversations_searchtext", "conversations_searchperson")) as cursor:
        for table, owner in (("searchtext", "message_id"), ("searchperson", "identity_id")):
            cursor.execute(f"CREATE UNIQUE INDEX bench_{table} ON conversations_{table} ({owner})")
        cursor.execute("SELECT min(id) FROM conversations_message WHERE id <= %s GROUP BY text", [FOUND_IN])
        _by_thousands(index_messages, [pk for (pk,) in cursor.fetchall()])
        _by_thousands(index_people, list(ContactIdentity.objects.values_list("pk", flat=True)))
        cursor.execute(_FINDABLE, {"most": FOUND_IN})
        cursor.execute("DROP INDEX bench_searchtext, bench_searchperson")
    print(f"{FOUND_IN} messages in the search, in {time.monotonic() - begun:.0f} s", flush=True)


def _by_thousands(index: Any, ids: Sequence[int]) -> None:
    for begin in range(0, len(ids), 1000):
        index(ids[begin : begin + 1000])


@contextlib.contextmanager
def _filling(tables: Sequence[str]) -> Iterator[Any]:
    """A cursor that writes fast: nothing waits for the disk, foreign keys are right as drawn, indexes are made at the
    end, and so are the statistics that autovacuum would have by then.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SET session_replication_role = replica; SET synchronous_commit = off; SET work_mem = '256MB'; "
            "SET maintenance_work_mem = '1GB'"
        )
        with without_indexes(cursor, tables):
            yield cursor
        cursor.execute(f"VACUUM ANALYZE {', '.join(tables)}")
        cursor.execute(
            "RESET session_replication_role; RESET synchronous_commit; RESET work_mem; RESET maintenance_work_mem"
        )


@contextlib.contextmanager
def without_indexes(cursor: Any, names: Sequence[str]) -> Iterator[None]:
    """Take away what makes filling slow, and make it again: all but what rows are identified by."""
    cursor.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conrelid = ANY(%s::regclass[]) AND contype = 'u'",
        [list(names)],
    )
    constraints = cursor.fetchall()
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
        "WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary "
        "AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype = 'u')",
        [list(names)],
    )
    indexes = cursor.fetchall()
    for table, name, _definition in constraints:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for table, name, definition in constraints:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    for _name, definition in indexes:
        cursor.execute(definition)
