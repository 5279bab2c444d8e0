"""What an agent was told, with what became of it, and whether they may still read what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from comptoir.conversations.models import HandOff
from comptoir.conversations.reach import readable_by
from comptoir.notifications.choices import Kind
from comptoir.notifications.models import Notification
from comptoir.people.models import Agent

_DECIDED = (HandOff.State.ACCEPTED, HandOff.State.ANSWERED, HandOff.State.REFUSED)


@dataclass(frozen=True, slots=True)
class Heard:
    """One notification. ``is_readable``: the conversation is still theirs to read; ``decided`` is the hand-off of
    theirs that it tells of.
    """

    told: Notification
    is_readable: bool
    decided: HandOff | None


def heard_by(agent: Agent, most: int) -> list[Heard]:
    """The newest, seen and unseen, in three queries."""
    rows = Notification.objects.filter(agent=agent).select_related("conversation__identity", "conversation__account")
    told = list(rows.order_by("-at")[:most])
    readable = set(readable_by(agent).filter(pk__in={one.conversation_id for one in told}).values_list("pk", flat=True))
    decided = _decided([one for one in told if one.kind == Kind.DECIDED], agent)
    return [Heard(one, one.conversation_id in readable, decided.get(one.pk)) for one in told]


def _decided(told: Sequence[Notification], agent: Agent) -> dict[int, HandOff]:
    """The last that was decided when each of them was told."""
    if not told:
        return {}
    given = HandOff.objects.filter(
        given_by=agent, conversation__in={one.conversation_id for one in told}, state__in=_DECIDED
    )
    ended = list(given.select_related("ended_by", "to_team").order_by("ended_at"))
    found: dict[int, HandOff] = {}
    for one in told:
        for hand_off in ended:
            if hand_off.conversation_id == one.conversation_id and hand_off.ended_at and hand_off.ended_at <= one.at:
                found[one.pk] = hand_off
    return found
