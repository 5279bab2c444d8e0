"""What an automation would have done in the last days: tried on what happened, and nothing changed by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from comptoir.automations.counting import reached
from comptoir.automations.following import is_met, said_at
from comptoir.automations.lasting import Turn, What, crossings
from comptoir.automations.models import AutomationRevision
from comptoir.automations.replaying import STATUS_AFTER, changes_of, standings_at
from comptoir.automations.rights import seen_by
from comptoir.automations.spans import is_in_working_time, span_of
from comptoir.automations.standing import asks_of, holds, matchers
from comptoir.automations.triggers import TRIGGERS
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.events.models import Event
from comptoir.intake.posts import under_our_posts
from comptoir.people.models import Agent
from comptoir.routing.facts import Ask, Facts
from comptoir.routing.gathering import Moment, facts_of_moments
from comptoir.routing.reading import glance_at, recall_facts
from comptoir.sla.matching import calendars_of

DAYS = 14
#: The newest of what is looked at; more is said to be left out.
MOST_EVENTS, MOST_CONVERSATIONS = 5000, 3000
MOST_READ, MOST_SHOWN = 300, 50
_AT_THE_NETWORK = ("sent", "delivered", "read")


@dataclass(frozen=True, slots=True)
class WouldRun:
    """One run that would have been made: when, on which conversation, and the customer's words that it went by."""

    at: datetime
    facts: Facts


@dataclass(frozen=True, slots=True)
class Trial:
    """How often it would have run. ``unread``: so many more hang on what a message means, which nobody has read.

    ``is_cut``: more happened than was looked at. ``shown`` are the newest.
    """

    runs: int
    conversations: int
    unread: int
    is_cut: bool
    shown: Sequence[WouldRun]


def try_automation(revision: AutomationRevision, *, agent: Agent, automation_id: int | None = None) -> Trial:
    """Try what an automation says on the last days, limits aside, with the rights of ``agent``: what they may not read
    is left out. A fixed number of queries.
    """
    kind = TRIGGERS[revision.trigger["kind"]]
    since = now() - timedelta(days=DAYS)
    moments, is_cut = _passed(revision, since) if kind.passes else _happened(revision, since, automation_id)
    reach = seen_by(agent, {one.conversation_id for one in moments})
    moments = [one for one in moments if one.conversation_id in reach]
    asks, conditions = asks_of([revision]), matchers(revision)
    found = facts_of_moments(moments, asks=asks, under_our_posts=under_our_posts)
    for known, standing in zip(found, standings_at(moments), strict=True):
        if known is not None:
            known.standing = standing
    served = [(one, facts) for one, facts in zip(moments, found, strict=True) if facts and facts.standing]
    _read([facts for _one, facts in served], asks)
    judged = [(WouldRun(one.at, facts), holds(conditions, facts)) for one, facts in served]
    met = sorted((run for run, holding in judged if holding), key=lambda run: run.at, reverse=True)
    return Trial(
        runs=len(met),
        conversations=len({run.facts.conversation_id for run in met}),
        unread=sum(holding is None for _run, holding in judged),
        is_cut=is_cut,
        shown=met[:MOST_SHOWN],
    )


def _read(facts: Sequence[Facts], asks: frozenset[Ask]) -> None:
    if Ask.READING in asks:
        recall_facts(facts)
        glance_at([one for one in facts if one.reading is None][:MOST_READ])


def _happened(revision: AutomationRevision, since: datetime, automation_id: int | None) -> tuple[list[Moment], bool]:
    """The events that would have met it."""
    kind = TRIGGERS[revision.trigger["kind"]]
    events = Event.objects.filter(name__in=kind.events, at__gte=since, conversation_id__isnull=False)
    newest = list(events.order_by("-at")[: MOST_EVENTS + 1])
    met = [one for one in newest[:MOST_EVENTS] if is_met(revision, one, own_id=automation_id)]
    begun = said_at(met)
    return [
        Moment(one.conversation_id or 0, one.at, one.subject_id if one.name == "message.received" else None)
        for one in met
        if (at := begun.get(one.pk)) and at >= since
    ], len(newest) > MOST_EVENTS


def _passed(revision: AutomationRevision, since: datetime) -> tuple[list[Moment], bool]:
    """The moments at which time would have met it, in the conversations that were last spoken in."""
    state = TRIGGERS[revision.trigger["kind"]].state
    span = span_of(revision.trigger)
    lively = Conversation.objects.filter(last_message_at__gte=since - span, is_spam=False, merged_into=None)
    newest = list(lively.order_by("-last_message_at").values_list("pk", "started_at")[: MOST_CONVERSATIONS + 1])
    stories = _stories(dict(newest[:MOST_CONVERSATIONS]))
    reached_in = _reached_in(stories, revision)
    return [
        Moment(pk, at)
        for pk, story in stories.items()
        for at in crossings(state, story, reached=reached_in(pk), until=now())
        if at >= since
    ], len(newest) > MOST_CONVERSATIONS


def _reached_in(
    conversation_ids: Collection[int], revision: AutomationRevision
) -> Callable[[int], Callable[[datetime], datetime | None]]:
    """For each conversation: when what began at an instant has lasted long enough there."""
    span = span_of(revision.trigger)
    if not is_in_working_time(revision.trigger):
        return lambda _pk: lambda began: began + span
    calendars = calendars_of(conversation_ids)
    return lambda pk: lambda began: reached(calendars[pk], began, span)


def _stories(began: dict[int, datetime]) -> dict[int, list[Turn]]:
    """What was said and done in each conversation, in order; in two queries."""
    turns: defaultdict[int, list[Turn]] = defaultdict(list)
    for pk, at in began.items():
        turns[pk].append(Turn(at, "began"))
    messages = Message.objects.filter(
        conversation__in=began, is_automatic=False, deleted_at=None, state__in=["received", *_AT_THE_NETWORK]
    )
    for pk, direction, at in messages.values_list("conversation_id", "direction", "sent_at"):
        turns[pk].append(Turn(at, "said" if direction == "incoming" else "answered"))
    became: dict[str, What] = {"open": "opened", "resolved": "resolved", "snoozed": "snoozed", "pending": "pending"}
    for pk, changes in changes_of(began).items():
        turns[pk] += [Turn(one.at, became[STATUS_AFTER[one.name]]) for one in changes if one.name in STATUS_AFTER]
    return {pk: sorted(story, key=lambda turn: (turn.at, turn.what != "began")) for pk, story in turns.items()}
