"""What follows an event. The only place where a domain reacts to another.

The worker reads the record as a queue, in batches, and gives each batch to the reactions that want something of it, in
the transaction that moves its position: each event is reacted to once, also when the worker is killed. A reaction only
writes rows and queues tasks; one that breaks is tried again by itself, later, and does not hold up the others.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import psycopg
from django.db import InterfaceError, OperationalError, close_old_connections, connection, transaction

from comptoir.analysis.following import READ_ABOUT, follow_messages
from comptoir.automations.counting import FOLLOWED as HOURS
from comptoir.automations.counting import follow_hours
from comptoir.automations.following import FOLLOWED as FOLLOWED_BY_AUTOMATIONS
from comptoir.automations.following import follow_automations
from comptoir.automations.stopping import FOLLOWED as WRITERS
from comptoir.automations.stopping import follow_writers
from comptoir.automations.warning_acts import follow_warnings
from comptoir.bot.following import FOLLOWED as FOLLOWED_BY_BOT
from comptoir.bot.following import follow_bot
from comptoir.conversations.indexing import MESSAGE_EVENTS, SUBJECT_EVENTS, index_events
from comptoir.core.away import is_away
from comptoir.core.tasks import defer, task
from comptoir.delivery.actions import release_queue
from comptoir.desk.following_calls import FOLLOWED as CALLS
from comptoir.desk.following_calls import follow_calls
from comptoir.desk.invitations import follow_invitations
from comptoir.events.models import Event
from comptoir.events.queue import is_from_elsewhere, next_events, renumber_after_restore
from comptoir.events.record import CHANNEL
from comptoir.intake.history import begin_history
from comptoir.notifications.actions import fan_out
from comptoir.notifications.hearing import HEARD_OF, notify_agents
from comptoir.notifications.notices import OPENED_BY, SETTLED_BY, keep_notices
from comptoir.routing.following import FOLLOWED, follow_routing
from comptoir.sla.following import FOLLOWED as CONDITIONED
from comptoir.sla.following import follow_conditions
from comptoir.sla.sweeping import request_recomputation
from comptoir.sla.waiving import FOLLOWED as READ
from comptoir.sla.waiving import follow_readings

logger = logging.getLogger("comptoir.reactions")

FOLLOWER = "reactions"
_BATCH = 500
_LOOK_AGAIN_S = 1.0


@dataclass(frozen=True, slots=True)
class Reaction:
    """What one domain does about some events; ``events`` is None where it wants them all."""

    name: str
    react: Callable[[Sequence[Event]], None]
    events: frozenset[str] | None = None

    def wanted(self, events: Sequence[Event]) -> Sequence[Event]:
        return [event for event in events if self.events is None or event.name in self.events]


def _release_queues(events: Sequence[Event]) -> None:
    """The replies that waited for the account leave."""
    for account_id in sorted({event.subject_id for event in events}):
        release_queue(account_id)


def _read_histories(events: Sequence[Event]) -> None:
    """What was said before an account was connected is read, as far as its network still has it."""
    for account_id in sorted({event.subject_id for event in events}):
        begin_history(account_id)


def _recompute_promises(_events: Sequence[Event]) -> None:
    """Hours or a zone that promises are counted by are others now."""
    request_recomputation()


REACTIONS = (
    Reaction("webhooks", fan_out),
    Reaction("notices", keep_notices, frozenset(OPENED_BY.keys() | SETTLED_BY.keys())),
    Reaction(
        "invitations", follow_invitations, frozenset({"message.sent", "message.received", "conversation.resolved"})
    ),
    Reaction("call backs", follow_calls, CALLS),
    Reaction("notifications", notify_agents, HEARD_OF),
    Reaction("history", _read_histories, frozenset({"account.opened", "account.reconnected", "account.resumed"})),
    Reaction("release", _release_queues, frozenset({"account.reconnected"})),
    Reaction("promises", _recompute_promises, frozenset({"account.hours_changed", "brand.changed"})),
    Reaction("conditions", follow_conditions, CONDITIONED),
    Reaction("owed", follow_readings, READ),
    Reaction("warnings", follow_warnings, frozenset({"clock.warned"})),
    Reaction("writers of automations", follow_writers, WRITERS),
    Reaction("hours of automations", follow_hours, HOURS),
    Reaction("automations", follow_automations, FOLLOWED_BY_AUTOMATIONS),
    Reaction("routing", follow_routing, FOLLOWED),
    Reaction("reading", follow_messages, READ_ABOUT),
    Reaction("bot", follow_bot, FOLLOWED_BY_BOT),
    Reaction("search", index_events, MESSAGE_EVENTS | SUBJECT_EVENTS | {"note.added", "contact.changed"}),
)


def react_once() -> int:
    """React to the next batch; return how many events it had."""
    with next_events(FOLLOWER, limit=_BATCH) as events:
        for reaction in REACTIONS:
            wanted = reaction.wanted(events)
            if wanted:
                _react(reaction, wanted)
    return len(events)


def _react(reaction: Reaction, events: Sequence[Event]) -> None:
    try:
        with transaction.atomic():
            reaction.react(events)
    except Exception as error:
        if is_away(error):
            raise  # the database is going: the whole batch comes again
        logger.exception("reaction broke, to be tried again", extra={"reaction": reaction.name})
        defer("reactions.react_again", reaction_name=reaction.name, event_ids=[event.pk for event in events])


@task("reactions.react_again")
def react_again(reaction_name: str, event_ids: list[int]) -> None:
    """Give a batch once more to the one reaction that broke over it; where it breaks again, each half by itself, so
    that in the end only the events that it breaks over are left out.
    """
    reaction = next(one for one in REACTIONS if one.name == reaction_name)
    try:
        with transaction.atomic():
            reaction.react(list(Event.objects.filter(pk__in=event_ids).order_by("transaction_id", "id")))
    except Exception as error:
        if is_away(error) or len(event_ids) < 2:
            raise
        logger.exception("reaction broke again, its events are halved", extra={"reaction": reaction_name})
        half = len(event_ids) // 2
        for part in (event_ids[:half], event_ids[half:]):
            defer("reactions.react_again", reaction_name=reaction_name, event_ids=part)


def follow_forever(stop: threading.Event) -> None:
    """React to what happens, within moments, until ``stop`` is set; survives restarts of the database."""
    while not stop.is_set():
        try:
            if is_from_elsewhere():
                renumber_after_restore()
            with _announcements() as wait_for_one:
                while not stop.is_set():
                    if react_once() < _BATCH:
                        wait_for_one()
        except (OperationalError, InterfaceError, psycopg.Error):
            logger.warning("the database does not answer; reacting goes on when it does", exc_info=True)
            stop.wait(_LOOK_AGAIN_S)
        except Exception:
            logger.exception("reacting broke, to be tried again")
            stop.wait(_LOOK_AGAIN_S)
        finally:
            close_old_connections()
    connection.close()


@contextlib.contextmanager
def _announcements() -> Iterator[Callable[[], None]]:
    """A function that returns at the next announcement of events, or after a second."""
    parameters = connection.get_connection_params()
    parameters.pop("cursor_factory", None)
    parameters.pop("context", None)
    with psycopg.connect(**parameters, autocommit=True) as listening:
        listening.execute(f"LISTEN {CHANNEL}")

        def wait_for_one() -> None:
            for _announcement in listening.notifies(timeout=_LOOK_AGAIN_S, stop_after=1):
                pass

        yield wait_for_one
