"""What a company of a million conversations has, written straight into the tables, without their indexes meanwhile."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator
from typing import Any

_TEAMS = 4
#: Different texts; every conversation's messages are drawn from them.
_TEXTS = 20_000
#: How many of the messages the search knows: its goal is said of a million.
FOUND_IN = 1_000_000

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
    last_incoming_at, waiting_since, promise_due_at, resolved_at)
SELECT (SELECT min(id) FROM channels_channelaccount), people.id, people.contact_id, team,
    CASE WHEN dice %% 2 = 0 AND (dice >= 20 OR n <= 10000) THEN agent END, 't' || n, 'k' || n, dice %% 3 = 0, '',
    CASE WHEN dice < 2 THEN 'snoozed' WHEN dice < 20 THEN 'open' ELSE 'resolved' END, 'fr', at, at,
    'Bonjour, où est ma commande ' || n, at,
    CASE WHEN dice < 7 THEN at END, CASE WHEN dice < 7 THEN at + interval '1 day' END, CASE WHEN dice >= 20 THEN at END
FROM drawn
JOIN contacts_contactidentity AS people ON people.id = drawn.person
"""
_CLOCKS = """
INSERT INTO sla_slaclock (policy_id, conversation_id, started_at, due_at)
SELECT (SELECT min(id) FROM sla_slapolicy), id, waiting_since, promise_due_at FROM conversations_conversation
WHERE promise_due_at IS NOT NULL AND id > %(after)s
"""
#: Five a conversation, an hour apart; the last is the customer's where they wait, else ours.
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
JOIN bench_text AS spoken ON spoken.id = (conversation.id * 5 + part) %% %(texts)s
WHERE conversation.id > %(after)s AND conversation.id <= %(upto)s
"""
_EVENTS = """
INSERT INTO events_event (name, at, actor_kind, actor_id, subject_kind, subject_id, conversation_id, reason, details)
SELECT 'conversation.started', started_at, 'contact', contact_id, 'conversation', id, id, '', '{}'
FROM conversations_conversation
"""
_FINDABLE = """
INSERT INTO conversations_searchtext (message_id, at, words)
SELECT message.id, message.sent_at, known.words
FROM (SELECT id, sent_at, text FROM conversations_message ORDER BY id LIMIT %(most)s) AS message
JOIN (SELECT said.text, search.words FROM conversations_searchtext AS search
      JOIN conversations_message AS said ON said.id = search.message_id) AS known USING (text)
WHERE message.id NOT IN (SELECT message_id FROM conversations_searchtext WHERE message_id IS NOT NULL)
"""
_THINGS = [
    "bouilloire",
    "lampe",
    "chaise",
    "table",
    "tasse",
    "couverture",
    "horloge",
    "radio",
    "valise",
    "poussette",
    "imprimante",
    "enceinte",
]
_TROUBLES = (
    "n'est toujours pas arrivée", "est arrivée cassée", "ne s'allume plus", "n'est pas celle que j'ai commandée",
    "a été livrée à mon voisin", "est plus petite que sur la photo", "fait un bruit étrange", "a une pièce manquante",
)  # fmt: skip
_WISHES = (
    "Pouvez-vous me rembourser", "Pouvez-vous me rappeler", "Comment la retourner", "Quand sera-t-elle échangée",
    "À qui dois-je m'adresser", "Que dois-je faire maintenant",
)  # fmt: skip


def people() -> dict[str, Any]:
    """A supervisor, who sees everything, and an agent of two teams of four."""
    from comptoir.people.actions import create_agent
    from comptoir.people.models import Team

    teams = [Team.objects.get_or_create(name=f"Team {number}")[0] for number in range(_TEAMS)]
    return {
        "supervisor": create_agent(email="s@bench.example", name="S", role="supervisor"),
        "agent": create_agent(email="a@bench.example", name="A", role="agent", teams=teams[:2]),
    }


def fill_conversations(first: int, last: int) -> None:
    """Conversations by number, with their people and the promises that run."""
    from django.db import connection

    names = ["conversations_conversation", "sla_slaclock"]
    with connection.cursor() as cursor, _unwatched(cursor), without_indexes(cursor, names):
        cursor.execute("SELECT COALESCE(max(id), 0) FROM conversations_conversation")
        after = cursor.fetchone()[0]
        cursor.execute(_CONTACTS, {"first": first, "last": last})
        for start in range(first, last + 1, 100_000):
            cursor.execute(_CONVERSATIONS, {"first": start, "last": min(last, start + 99_999)})
        cursor.execute(_CLOCKS, {"after": after})
    _settle(*names, "contacts_contactidentity", "contacts_contact")


def fill_messages(*, each: int, agent_id: int) -> None:
    """So many messages for every conversation and an event for each; a million of the messages in the search."""
    from django.db import connection

    names = ["conversations_message", "events_event"]
    with connection.cursor() as cursor, _unwatched(cursor):
        with without_indexes(cursor, names):
            _draw_texts(cursor)
            cursor.execute("SELECT max(id) FROM conversations_conversation")
            newest = cursor.fetchone()[0]
            asked = {"each": each, "agent": agent_id, "texts": _TEXTS}
            for after in range(0, newest, 100_000):
                cursor.execute(_MESSAGES, asked | {"after": after, "upto": after + 100_000})
            cursor.execute(_EVENTS)
        _make_findable(cursor)
    _settle(*names, "conversations_searchtext", "conversations_searchperson")


def _draw_texts(cursor: Any) -> None:
    chance = random.Random(11)
    cursor.execute("CREATE TEMPORARY TABLE bench_text (id bigint PRIMARY KEY, text text)")
    with cursor.copy("COPY bench_text FROM STDIN") as copy:
        for number in range(_TEXTS):
            thing, trouble = chance.choice(_THINGS), chance.choice(_TROUBLES)
            text = (
                f"Bonjour, ma {thing} {trouble}. {chance.choice(_WISHES)} ? Commande CMD{number:05d}, merci d'avance."
            )
            copy.write_row((number, text))


def _make_findable(cursor: Any) -> None:
    """The words of each different text are made by our own code once, then given to every message that says it."""
    from comptoir.contacts.models import ContactIdentity
    from comptoir.conversations.indexing import index_messages, index_people

    cursor.execute("SELECT min(id) FROM conversations_message GROUP BY text")
    firsts = [pk for (pk,) in cursor.fetchall()]
    everybody = list(ContactIdentity.objects.values_list("pk", flat=True))
    for index, ids in ((index_messages, firsts), (index_people, everybody)):
        for begin in range(0, len(ids), 1000):
            index(ids[begin : begin + 1000])
    with without_indexes(cursor, ["conversations_searchtext"]):
        cursor.execute(_FINDABLE, {"most": FOUND_IN})


@contextlib.contextmanager
def without_indexes(cursor: Any, names: list[str]) -> Iterator[None]:
    """Take away what makes filling slow, and make it again: all but what rows are identified by."""
    cursor.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conrelid = ANY(%s::regclass[]) AND contype = 'u'",
        [names],
    )
    constraints = cursor.fetchall()
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
        "WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary "
        "AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype = 'u')",
        [names],
    )
    indexes = cursor.fetchall()
    for table, name, _definition in constraints:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    cursor.execute("SET maintenance_work_mem = '512MB'")
    for table, name, definition in constraints:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    for _name, definition in indexes:
        cursor.execute(definition)


@contextlib.contextmanager
def _unwatched(cursor: Any) -> Iterator[None]:
    """Foreign keys are right as drawn: they need not be checked a million times."""
    cursor.execute("SET session_replication_role = replica")
    try:
        yield
    finally:
        cursor.execute("SET session_replication_role = DEFAULT")


def _settle(*tables: str) -> None:
    """What autovacuum would have done by the time there are so many rows."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {', '.join(tables)}")
