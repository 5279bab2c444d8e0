"""From the record to each agent who wanted to hear of it, a batch at a time."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from comptoir.conversations.models import Conversation, Following, Message, NoteMention
from comptoir.core.clock import now
from comptoir.core.tasks import defer
from comptoir.events.models import Event
from comptoir.notifications.between import BETWEEN, OF_EXPERTS, TOLD_OTHERWISE, heard_between
from comptoir.notifications.choices import Kind, Way, quiet_hours, ways_of
from comptoir.notifications.models import Notification, PushSubscription
from comptoir.notifications.ringing import rung_for
from comptoir.notifications.shown import shown
from comptoir.notifications.warned import (
    CALLED,
    POINTED,
    UNCALLED,
    WARNED,
    called_to_help,
    left_uncalled,
    owners_of_matters,
    pointed_out,
    told_by_warnings,
)
from comptoir.people.models import Agent

#: The PostgreSQL channel on which a batch of notifications is announced: agent id -> the kind that sounds, as JSON;
#: empty where nothing sounds.
NOTIFIED_CHANNEL = "comptoir_notified"
#: What a worker that was stopped for longer reads of, everybody has seen in the lists.
NO_NEWS_AFTER = timedelta(hours=6)
_MINE = {"message.received": Kind.REPLY, "clock.breached": Kind.BREACH, "conversation.woken": Kind.WOKEN}
_UNARRIVED = ("message.failed", "message.uncertain")
_FOLLOWED = (
    "message.received",
    "conversation.resolved",
    "conversation.reopened",
    "conversation.assigned",
    "note.added",
)
HEARD_OF = frozenset(
    {*_MINE, *_UNARRIVED, *_FOLLOWED, *BETWEEN, WARNED, CALLED, POINTED, UNCALLED, "conversation.started"}
)

_KEEP = """
INSERT INTO notifications_notification (agent_id, kind, conversation_id, times, at)
SELECT agent_id, kind, conversation_id, times, at
FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::int[], %s::timestamptz[])
    AS new (agent_id, kind, conversation_id, times, at)
ORDER BY agent_id, conversation_id, kind
ON CONFLICT (agent_id, conversation_id, kind) WHERE seen_at IS NULL
DO UPDATE SET times = notifications_notification.times + EXCLUDED.times, at = EXCLUDED.at, mailed_at = NULL
"""


@dataclass(frozen=True, slots=True)
class _Heard:
    """One agent may want to hear of one thing."""

    agent_id: int
    kind: Kind
    conversation_id: int


def notify_agents(events: Sequence[Event]) -> None:
    """Keep what agents wanted to hear of, announce it to their pages and have their devices woken."""
    since = now() - NO_NEWS_AFTER
    happened = [event for event in events if event.name in HEARD_OF and event.conversation_id and event.at > since]
    heard: dict[_Heard, list[datetime]] = defaultdict(list)
    for one, at in _heard(happened):
        heard[one].append(at)
    agents = {
        agent.pk: agent
        for agent in Agent.objects.filter(pk__in={one.agent_id for one in heard}, is_active=True).prefetch_related(
            "teams", "brands"
        )
    }
    wanted = _wanted(heard, agents)
    if wanted:
        _keep(wanted)
        _announce(wanted, agents)
        _wake(wanted, agents)


def _wanted(heard: Mapping[_Heard, list[datetime]], agents: Mapping[int, Agent]) -> dict[_Heard, list[datetime]]:
    """What those who work here want to hear of, and are shown."""
    wanted = {
        one: at for one, at in heard.items() if one.agent_id in agents and ways_of(agents[one.agent_id], one.kind)
    }
    told = shown({(one.agent_id, one.kind, one.conversation_id) for one in wanted}, agents)
    return {one: at for one, at in wanted.items() if (one.agent_id, one.kind, one.conversation_id) in told}


def mark_notifications_seen(agent: Agent, *, conversation_id: int | None = None) -> int:
    """The agent has seen what was to be heard, of one conversation or of all; return how many."""
    unseen = Notification.objects.filter(agent=agent, seen_at=None)
    if conversation_id is not None:
        unseen = unseen.filter(conversation=conversation_id)
    return unseen.update(seen_at=now())


def _heard(events: Sequence[Event]) -> Iterator[tuple[_Heard, datetime]]:
    conversations = Conversation.objects.filter(
        pk__in={event.conversation_id for event in events}, is_spam=False
    ).in_bulk()
    notes = {event.subject_id for event in events if event.name == "note.added"}
    mentions = _grouped(NoteMention.objects.filter(note__in=notes).values_list("note_id", "agent_id")) if notes else {}
    writers = dict(
        Message.objects.filter(pk__in={event.subject_id for event in events if event.name in _UNARRIVED})
        .exclude(agent=None)
        .values_list("pk", "agent_id")
    )
    followers = _grouped(
        Following.objects.filter(conversation__in=conversations).values_list("conversation_id", "agent_id")
    )
    teams = _teams_without_owner(events, conversations)
    owning = owners_of_matters(events)
    rung = rung_for(events, conversations)
    between = heard_between(events)
    warned = told_by_warnings(events, conversations)
    called = called_to_help(events, conversations)
    pointed = pointed_out(events, conversations)
    uncalled = left_uncalled(events, conversations)
    for event in events:
        conversation = conversations.get(event.conversation_id or 0)
        if conversation is None:
            continue
        if event.name == "message.received" and event.subject_id in rung:
            yield from ((_Heard(one, Kind.CALL, conversation.pk), event.at) for one in rung[event.subject_id])
            continue
        yield from ((_Heard(one, Kind.WARNING, conversation.pk), event.at) for one in warned.get(event.pk, ()))
        doer = event.actor_id if event.actor_kind == "agent" else None
        owner = owning.get(event.pk) or conversation.assignee_id
        who = _who(event, conversation, owner, mentions, writers, followers, teams)
        asked = [(one, Kind.HELP) for one in called.get(event.pk, ())]
        asked += [(one, Kind.POINTED) for one in pointed.get(event.pk, ())]
        asked += [(one, Kind.OVERDUE) for one in uncalled.get(event.pk, ())]
        for agent_id, kind in dict.fromkeys((*who, *between.get(event.pk, ()), *asked)):
            if agent_id and agent_id != doer:
                yield _Heard(agent_id, kind, conversation.pk), event.at


def _who(
    event: Event,
    conversation: Conversation,
    owner: int | None,
    mentions: dict[int, list[int]],
    writers: Mapping[int, int | None],
    followers: dict[int, list[int]],
    teams: dict[int, list[int]],
) -> Iterator[tuple[int | None, Kind]]:
    if event.name == "conversation.assigned" and not event.details.get("is_given_back"):  # which is told as an answer
        yield event.details.get("to"), Kind.ASSIGNED
    if event.name in _MINE and event.details.get("promise") not in TOLD_OTHERWISE:
        yield owner, _MINE[event.name]
    if event.name in OF_EXPERTS:
        yield owner, OF_EXPERTS[event.name]  # whoever serves the customer by now needs the answer too
    if event.name in _UNARRIVED:
        yield writers.get(event.subject_id), Kind.FAILED
    if event.name == "note.added":
        yield from ((agent_id, Kind.ADDRESSED) for agent_id in mentions.get(event.subject_id, ()))
    if event.name == "conversation.started" and owner is None and conversation.team_id:
        yield from ((agent_id, Kind.NEW) for agent_id in teams.get(conversation.team_id, ()))
    if event.name in _FOLLOWED:
        told = {owner, event.details.get("given_by")}  # whoever gave it hears that it was accepted
        yield from ((one, Kind.FOLLOWED) for one in followers.get(conversation.pk, ()) if one not in told)


def _teams_without_owner(events: Iterable[Event], conversations: dict[int, Conversation]) -> dict[int, list[int]]:
    """The agents of the teams that have something new which nobody has taken."""
    begun = {event.conversation_id for event in events if event.name == "conversation.started"}
    wanted = {one.team_id for one in conversations.values() if one.pk in begun and one.team_id and not one.assignee_id}
    if not wanted:
        return {}
    return _grouped(Agent.objects.filter(is_active=True, teams__in=wanted).values_list("teams", "pk"))


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    grouped: dict[int, list[int]] = defaultdict(list)
    for key, value in pairs:
        grouped[key].append(value)
    return grouped


def _keep(wanted: dict[_Heard, list[datetime]]) -> None:
    columns = [
        (one.agent_id, str(one.kind), one.conversation_id, len(times), max(times)) for one, times in wanted.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [list(column) for column in zip(*columns, strict=True)])


def _announce(wanted: Iterable[_Heard], agents: dict[int, Agent]) -> None:
    announced: dict[int, set[Kind]] = {}
    for one in wanted:
        ways = ways_of(agents[one.agent_id], one.kind)
        if Way.PAGE in ways or Way.SOUND in ways:
            announced.setdefault(one.agent_id, set()).update({one.kind} if Way.SOUND in ways else ())
    told = [(agent_id, next((kind for kind in Kind if kind in kinds), "")) for agent_id, kinds in announced.items()]
    with connection.cursor() as cursor:
        for start in range(0, len(told), 200):  # a payload has 8,000 bytes at most
            cursor.execute("SELECT pg_notify(%s, %s)", [NOTIFIED_CHANNEL, json.dumps(dict(told[start : start + 200]))])


def _wake(wanted: Iterable[_Heard], agents: dict[int, Agent]) -> None:
    pushed = {one.agent_id for one in wanted if Way.PUSH in ways_of(agents[one.agent_id], one.kind)}
    loud = {pk for pk in pushed if not _is_quiet(agents[pk])}
    subscribed = PushSubscription.objects.filter(agent__in=loud).values_list("agent_id", flat=True).distinct()
    for agent_id in sorted(subscribed):
        defer("notifications.push", only_once=f"push-{agent_id}", agent_id=agent_id)


def _is_quiet(agent: Agent) -> bool:
    quiet = quiet_hours(agent)
    return quiet is not None and quiet.covers(now())
