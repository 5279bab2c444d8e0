"""The inbox at a million conversations against ten thousand; an exchange of 5,000 messages against one of 50; and the
screens at a million conversations and five million messages.

The small counter and the large one are two databases of one server.
"""

from __future__ import annotations

from contextlib import closing

from benchmarks import _crowd, _lists, _screens
from benchmarks._ground import filled_ground, make_account, read_whole, verdict
from benchmarks._turns import connection_to, in_turns

_FEW, _MANY = 10_000, 1_000_000
_SMALL = "comptoir_small"
_LONG = """
INSERT INTO conversations_message (conversation_id, account_id, direction, visibility, kind, state, key, external_id,
    parent_external_id, identity_id, is_automatic, text, html, quoted, signature, subject, language, url, custom,
    sent_at, created_at, failure)
SELECT one.id, one.account_id, 'incoming', 'private', 'message', 'received', gen_random_uuid(),
    'long-' || one.id || '-' || n, '', one.identity_id, false, 'Bonjour ' || n, '', '', '', '', '', '', '{}',
    now() - n * interval '1 minute', now(), ''
FROM conversations_conversation AS one, generate_series(1, %(count)s) AS n WHERE one.id = %(conversation)s
"""
_LONG_EVENTS = """
INSERT INTO events_event (name, at, actor_kind, subject_kind, subject_id, conversation_id, reason, details)
SELECT 'message.received', now(), 'contact', 'message', n, %(conversation)s, '', '{}'
FROM generate_series(1, %(count)s) AS n
"""


def main() -> bool:
    """Print what lists, exchanges and screens cost; whether the floors are reached."""
    with filled_ground(fill):
        agents = _crowd.people()
        small = connection_to(_SMALL)
        read_whole()
        held = _lists.judged(agents, small)
        small.close()
        held.append(_exchanges_judged())
        held += _screens.measured(agents)
    return all(held)


def fill() -> None:
    """The small counter, a copy of it in another database, and the large one in its place."""
    make_account("webhook", secret="s3cret", signing_secret="s3cret")
    _crowd.people()
    _crowd.fill(1, _FEW)
    _fill_exchanges()
    _copy_to(_SMALL)
    _crowd.fill(_FEW + 1, _MANY)
    _crowd.make_findable()


def _copy_to(name: str) -> None:
    """A copy of the database as it is."""
    from django.db import connections

    source = connections["default"].settings_dict["NAME"]
    connections.close_all()
    with closing(connection_to("postgres")) as server, server.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY file_copy')
    with closing(connection_to(name)) as copy, copy.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _exchanges_judged() -> bool:
    from django.db import connection

    from comptoir.conversations.models import Conversation
    from comptoir.web.queries.exchange import exchange_window

    short, long = Conversation.objects.order_by("id")[:2]
    spent = in_turns((connection, lambda: exchange_window(short)), (connection, lambda: exchange_window(long)))
    few, many = spent.ninety_fifths
    print(f"exchange: p95 {few:.2f} ms of a processor for 50 messages, {many:.2f} for 5,000")
    return verdict("5,000 messages to 50, ratio", spent.ratio, 1.3, at_most=True)


def _fill_exchanges() -> None:
    """Fifty messages and as many events more in the first conversation, five thousand in the second."""
    from django.db import connection

    from comptoir.conversations.models import Conversation

    short, long = Conversation.objects.order_by("id")[:2]
    with connection.cursor() as cursor:
        for conversation, count in ((short, 50), (long, 5000)):
            cursor.execute(_LONG, {"count": count, "conversation": conversation.pk})
            cursor.execute(_LONG_EVENTS, {"count": count, "conversation": conversation.pk})
        cursor.execute("VACUUM ANALYZE conversations_message, events_event")
