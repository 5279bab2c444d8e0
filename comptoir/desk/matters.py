"""Matters: one person's conversations about one thing, with one owner, one promise and one resolution.

Each act holds the matter first, then its conversations in the order of their ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction

from comptoir.connectors.base import Visibility
from comptoir.conversations.models import Conversation, JoinedConversation, Matter
from comptoir.core.clock import now
from comptoir.core.lines import on_one_line
from comptoir.delivery.actions import acting, queue_reply
from comptoir.delivery.refusals import PersonalDataError, ReplyRefusedError, kinds_in_words
from comptoir.desk.actions import resolve_conversation
from comptoir.desk.refusals import (
    BeyondReachError,
    JoinedAlreadyError,
    MatterResolvedError,
    NotPublishedError,
    NotRepliedError,
    TwoPeopleError,
    UntitledError,
)
from comptoir.events.models import Event
from comptoir.events.record import Actor, record
from comptoir.people.models import Agent
from comptoir.sla.actions import yield_resolution
from comptoir.sla.among_ourselves import keep_promise, resume_promise, start_clock
from comptoir.sla.moving import resume_clocks

MAX_TITLE_CHARS = 200


@transaction.atomic
def open_matter(conversation_ids: Sequence[int], *, title: str, by: Agent | None, actor: Actor | None = None) -> Matter:
    """Begin a matter with conversations of one person; its promise runs since the first of them began. Whoever opens it
    owns it.

    Raises UntitledError, TwoPeopleError, JoinedAlreadyError.
    """
    words = _title(title)
    joining = _held(conversation_ids)
    if len({one.contact_id for one in joining}) != 1:
        raise TwoPeopleError
    matter = Matter.objects.create(title=words, owner=by, opened_at=now(), opened_by=by)
    record("matter.opened", subject=matter, by=acting(by, actor), title=words)
    for conversation in joining:
        _join(matter, conversation, by, actor)
    start_clock(matter, at=min(one.started_at for one in joining))
    return matter


@transaction.atomic
def join_conversation(matter_id: int, *, conversation_id: int, by: Agent | None, actor: Actor | None = None) -> Matter:
    """One more conversation of the same person. Raises MatterResolvedError, TwoPeopleError, JoinedAlreadyError."""
    matter = _open(matter_id)
    (conversation,) = _held([conversation_id])
    known = matter.conversations.values_list("contact_id", flat=True).first()
    if known is not None and known != conversation.contact_id:
        raise TwoPeopleError
    _join(matter, conversation, by, actor)
    return matter


def _join(matter: Matter, conversation: Conversation, by: Agent | None, actor: Actor | None) -> None:
    """What was promised of its resolution is the matter's from now on."""
    joined = JoinedConversation(matter=matter, conversation=conversation, joined_at=now(), joined_by=by)
    try:
        with transaction.atomic():
            joined.save()
    except IntegrityError as error:
        other = Matter.objects.filter(joined__conversation=conversation).first()
        raise JoinedAlreadyError(other.title if other else "") from error
    clocks = yield_resolution(conversation.pk)
    record("matter.joined", subject=matter, by=acting(by, actor), conversation=conversation, clocks=clocks)


@transaction.atomic
def part_conversation(matter_id: int, *, conversation_id: int, by: Agent | None, actor: Actor | None = None) -> None:
    """It is about something else after all; its own promise runs on. Parted twice is parted. Raises
    MatterResolvedError.

    A matter whose last conversation is taken out is resolved: nothing is left to be done.
    """
    matter = _open(matter_id)
    (conversation,) = _held([conversation_id])
    joined = JoinedConversation.objects.filter(matter=matter, conversation=conversation)
    if not joined.delete()[0]:
        return
    if conversation.status != Conversation.Status.RESOLVED:
        resume_clocks(_yielded(matter, conversation))
    record("matter.parted", subject=matter, by=acting(by, actor), conversation=conversation)
    if not matter.joined.exists():
        _resolve(matter, "", by, actor)


def _yielded(matter: Matter, conversation: Conversation) -> list[int]:
    """The clocks that its joining gave up, as the record tells."""
    told = Event.objects.filter(subject_kind="matter", subject_id=matter.pk, name="matter.joined")
    last = told.filter(details__conversation=conversation.pk).order_by("-id").first()
    return list(last.details["clocks"]) if last else []


@transaction.atomic
def change_matter(
    matter_id: int, *, title: str, owner: Agent | None, by: Agent | None, actor: Actor | None = None
) -> Matter:
    """Call it by another name, give it to somebody else. Raises UntitledError, MatterResolvedError."""
    words, matter = _title(title), _open(matter_id)
    if (matter.title, matter.owner_id) != (words, owner.pk if owner else None):
        matter.title, matter.owner = words, owner
        matter.save(update_fields=["title", "owner"])
        record("matter.changed", subject=matter, by=acting(by, actor), title=words, owner=owner)
    return matter


@transaction.atomic
def resolve_matter(
    matter_id: int,
    *,
    resolution: str,
    text: str = "",
    tell: Sequence[int] = (),
    by: Agent,
    actor: Actor | None = None,
) -> Matter:
    """One resolution for all of it: each conversation is resolved and, where it is named in ``tell``, ``text`` says so
    there first, as publicly as the conversation is. All of it or nothing.

    Raises MatterResolvedError; BeyondReachError where one that goes on is not ``by``'s to act on; NotRepliedError, with
    where and why, when one of the replies cannot be sent.
    """
    matter = _open(matter_id)
    there = _held(matter.joined.values_list("conversation_id", flat=True))
    going_on = [one for one in there if one.status != Conversation.Status.RESOLVED]
    within = set(
        Conversation.objects.visible_to(by).filter(pk__in=[one.pk for one in there]).values_list("pk", flat=True)
    )
    beyond = [one for one in going_on if one.pk not in within]
    if beyond:
        raise BeyondReachError(len(beyond))
    for conversation in going_on:
        if text.strip() and conversation.pk in tell:
            _say(conversation, text, by, actor)
        resolve_conversation(conversation.pk, by=by, actor=actor)
    return _resolve(matter, resolution.replace("\x00", "").strip(), by, actor)


def _say(conversation: Conversation, text: str, by: Agent, actor: Actor | None) -> None:
    visibility: Visibility = "public" if conversation.is_public else "private"
    try:
        queue_reply(conversation.pk, by=by, text=text, visibility=visibility, actor=actor)
    except PersonalDataError as error:
        raise NotPublishedError(conversation.account.name, kinds_in_words(error.found)) from error
    except ReplyRefusedError as error:
        raise NotRepliedError(conversation.account.name, str(error)) from error


def _resolve(matter: Matter, resolution: str, by: Agent | None, actor: Actor | None) -> Matter:
    matter.status, matter.resolved_at, matter.resolution = Matter.Status.RESOLVED, now(), resolution
    matter.save(update_fields=["status", "resolved_at", "resolution"])
    keep_promise(matter, at=matter.resolved_at)
    record("matter.resolved", subject=matter, by=acting(by, actor), resolution=resolution)
    return matter


@transaction.atomic
def reopen_matter(matter_id: int, *, by: Agent | None, actor: Actor | None = None) -> Matter:
    """It is not done after all: its promise runs on, and the time in between does not count. Conversations are reopened
    by themselves, or when the customer writes. Open already, nothing changes.
    """
    matter = Matter.objects.select_for_update(of=("self",)).get(pk=matter_id)
    if matter.is_open:
        return matter
    matter.status, matter.resolved_at = Matter.Status.OPEN, None
    matter.save(update_fields=["status", "resolved_at"])
    resume_promise(matter)
    record("matter.reopened", subject=matter, by=acting(by, actor))
    return matter


def _title(title: str) -> str:
    words = on_one_line(title)[:MAX_TITLE_CHARS]
    if not words:
        raise UntitledError
    return words


def _open(matter_id: int) -> Matter:
    matter = Matter.objects.select_for_update(of=("self",)).get(pk=matter_id)
    if not matter.is_open:
        raise MatterResolvedError
    return matter


def _held(conversation_ids: Iterable[int]) -> list[Conversation]:
    """Raises Conversation.DoesNotExist."""
    wanted = sorted(set(conversation_ids))
    held = Conversation.objects.select_for_update(of=("self",)).select_related("account").order_by("pk")
    found = list(held.filter(pk__in=wanted))
    if not found or len(found) != len(wanted):
        raise Conversation.DoesNotExist
    return found
