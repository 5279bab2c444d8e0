"""The telephone: whom a call that rings is told, and which calls ring for somebody now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from comptoir.conversations.models import Conversation, Message
from comptoir.conversations.reach import readable_by
from comptoir.core.clock import now
from comptoir.events.models import Event
from comptoir.notifications.choices import Kind
from comptoir.notifications.models import Notification
from comptoir.people.models import Agent

#: A call whose end nobody told us of rings no longer than this.
_LONGEST_RING = timedelta(minutes=2)


def rung_for(events: Iterable[Event], conversations: Mapping[int, Conversation]) -> dict[int, list[int]]:
    """Of the messages that came in, those that are a call ringing: the agents to be told, by message.

    The owner of the conversation or, where nobody has it, whoever of its team is available.
    """
    received = [event.subject_id for event in events if event.name == "message.received"]
    calls = Message.objects.incoming().filter(pk__in=received, kind="call", call_state=Message.CallState.RINGING)
    rung: dict[int, list[int]] = {}
    for message_id, conversation_id in calls.values_list("pk", "conversation_id"):
        conversation = conversations.get(conversation_id)
        if conversation is not None:
            rung[message_id] = _who(conversation)
    return rung


def _who(conversation: Conversation) -> list[int]:
    if conversation.assignee_id is not None:
        return [conversation.assignee_id]
    team = Agent.objects.filter(is_active=True, teams=conversation.team_id) if conversation.team_id else ()
    return [agent.pk for agent in team if agent.presence() == Agent.Availability.AVAILABLE]


def calls_ringing_for(agent: Agent) -> Sequence[Message]:
    """The calls that ring for the agent at this moment, also once they look at the customer; the newest first."""
    since = now() - _LONGEST_RING
    told = Notification.objects.filter(agent=agent, kind=Kind.CALL, at__gt=since).values("conversation")
    ringing = Message.objects.incoming().filter(
        conversation__in=told, kind="call", call_state=Message.CallState.RINGING, created_at__gt=since
    )
    calls = list(ringing.select_related("conversation", "identity").order_by("-pk")[:5])
    if not calls:
        return calls
    readable = readable_by(agent).filter(pk__in={call.conversation_id for call in calls})
    theirs = set(readable.values_list("pk", flat=True))
    return [call for call in calls if call.conversation_id in theirs]
