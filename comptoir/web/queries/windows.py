"""Windows on the messages of one exchange: its end, what is before, after or around a place, bounded whatever is asked.

Keyset by (sent_at, id), so that the thousandth window costs what the first one does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT

from comptoir.conversations.models import Conversation, Message
from comptoir.conversations.wishes import knows_wishes
from comptoir.delivery.budget import quiet_until
from comptoir.web.queries.hanging import held_by_message
from comptoir.web.queries.inbox import Position

#: Some three screens of a large monitor; the rest comes as one scrolls.
WINDOW = 30
#: What is refreshed while one reads is bounded too; beyond it the page is loaded again.
MOST_REFRESHED = 400


@dataclass(frozen=True, slots=True)
class Place:
    """Which part of an exchange is wanted; where nothing is said, its end.

    What is ``before`` or ``after`` a window, all ``since`` a position (``until`` another, where the page ends early),
    or what is ``around`` one.
    """

    before: Position | None = None
    after: Position | None = None
    since: Position | None = None
    until: Position | None = None
    around: Position | None = None

    @classmethod
    def asked(cls, asked: Mapping[str, str]) -> Place:
        """What an address asks for."""
        return cls(**{one.name: Position.read(asked.get(one.name, "")) for one in fields(cls)})


@dataclass(frozen=True, slots=True)
class Stretch:
    """Messages by time; whether there are earlier ones, and when the next later one was sent, if there is any."""

    messages: Sequence[Message]
    has_earlier: bool
    next_at: datetime | None = None


def stretch(conversation: Conversation, place: Place) -> Stretch:
    """The messages at a place."""
    if place.around is not None:
        return _around(conversation, place.around)
    if place.after is not None:
        newer = list(_forward(_lines(conversation).filter(_beyond(place.after)))[: WINDOW + 1])
        return Stretch(newer[:WINDOW], True, newer[WINDOW].sent_at if len(newer) > WINDOW else None)
    return _last(conversation, place)


def _around(conversation: Conversation, position: Position) -> Stretch:
    half = WINDOW // 2
    older = list(_backward(_lines(conversation).filter(_up_to(position)))[: half + 1])
    newer = list(_forward(_lines(conversation).filter(_beyond(position)))[: half + 1])
    next_at = newer[half].sent_at if len(newer) > half else None
    return Stretch([*older[:half][::-1], *newer[:half]], len(older) > half, next_at)


def _last(conversation: Conversation, place: Place) -> Stretch:
    """The newest messages of those that are wanted."""
    most, next_at, wanted = WINDOW, None, _lines(conversation)
    if place.before is not None:
        wanted = wanted.filter(_up_to(place.before)).exclude(pk=place.before.id)
    if place.since is not None:
        most = MOST_REFRESHED
        wanted = wanted.filter(_beyond(place.since) | Q(pk=place.since.id))
    if place.until is not None:
        later = _forward(conversation.messages.filter(_beyond(place.until)))
        next_at = later.values_list("sent_at", flat=True).first()
        wanted = wanted.filter(_up_to(place.until))
    found = list(_backward(wanted)[: most + 1])
    return Stretch(found[:most][::-1], len(found) > most, next_at)


def _lines(conversation: Conversation) -> QuerySet[Message]:
    """What a line of the exchange needs of a message: its layout stays where it is, it may be large. What hangs on a
    message is told here and read apart (`queries.hanging`).
    """
    left_out = ["html"] if knows_wishes(conversation.account.kind) else ["html", "custom"]
    messages = conversation.messages.select_related("identity", "agent").defer(*left_out)
    return messages.annotate(
        has_html=~Q(html=""), story=KT("custom__story"), holds=held_by_message(), held_until=quiet_until()
    )


def _forward(messages: QuerySet[Message]) -> QuerySet[Message]:
    return messages.order_by("sent_at", "id")


def _backward(messages: QuerySet[Message]) -> QuerySet[Message]:
    return messages.order_by("-sent_at", "-id")


def _up_to(position: Position) -> Q:
    """That one and those before it: a plain bound for the index, then the tie."""
    return Q(sent_at__lte=position.at) & (Q(sent_at__lt=position.at) | Q(pk__lte=position.id))


def _beyond(position: Position) -> Q:
    return Q(sent_at__gte=position.at) & (Q(sent_at__gt=position.at) | Q(pk__gt=position.id))


def position_of(conversation: Conversation, name: str) -> Position | None:
    """Where ``message-7`` or ``note-7`` of this exchange stands; None for anything else."""
    kind, _dash, number = name.partition("-")
    if not number.isdecimal() or len(number) > 18:
        return None
    rows = {"message": ("messages", "sent_at"), "note": ("notes", "created_at")}.get(kind)
    if rows is None:
        return None
    at = getattr(conversation, rows[0]).filter(pk=int(number)).values_list(rows[1], flat=True).first()
    return Position(at, int(number) if kind == "message" else 0) if at else None
