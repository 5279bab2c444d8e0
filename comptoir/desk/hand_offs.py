"""Passing a conversation to another team: offered, and then accepted, refused or taken back.

Whoever gave it keeps it until somebody there accepts. Each act holds the conversation first, and then the hand-off: of
two who decide at once the second finds it decided, and is told by whom.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction

from comptoir.conversations.models import Conversation, HandOff
from comptoir.conversations.reach import readable_by
from comptoir.core.clock import now
from comptoir.delivery.actions import acting
from comptoir.desk.following import keep_reading
from comptoir.desk.holding import locked, locked_live
from comptoir.desk.refusals import (
    HandOffDecidedError,
    HandOffUnderWayError,
    NobodyThereError,
    NotOfTeamError,
    ReasonNeededError,
    SameTeamError,
    UnsaidError,
)
from comptoir.events.record import Actor, record
from comptoir.people.models import Agent, Team
from comptoir.people.permissions import Permission, may
from comptoir.sla.among_ourselves import abandon_promise, keep_promise, resume_promise, start_clock
from comptoir.sla.recomputing import recompute_clocks

#: From this hand-off of one conversation on, a supervisor is told.
BOUNCES_AT = 3


@transaction.atomic
def offer_hand_off(
    conversation_id: int, *, to: Team, asked: str, by: Agent | None, actor: Actor | None = None
) -> HandOff:
    """Offer the conversation to another team, which has its clock to accept; what nobody had taken, the giver takes.

    Raises ConversationResolvedError, SameTeamError, UnsaidError, NobodyThereError, HandOffUnderWayError.
    """
    conversation = locked_live(conversation_id)
    words = asked.replace("\x00", "").strip()
    _check(conversation, to, words)
    hand_off = HandOff(
        conversation=conversation, from_team_id=conversation.team_id, to_team=to, given_by=by, asked=words,
        given_at=now(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            hand_off.save()
    except IntegrityError as error:
        raise HandOffUnderWayError(_open_in(conversation)) from error
    who = acting(by, actor)
    if conversation.assignee_id is None and by is not None and may(by, Permission.ANSWER):
        conversation.assignee = by
        conversation.save(update_fields=["assignee"])
        record("conversation.assigned", subject=conversation, by=who, to=by, former=None, hand_off=hand_off)
    start_clock(hand_off, at=hand_off.given_at)
    record("hand_off.offered", subject=hand_off, by=who, to=to, former=conversation.team_id, asked=words)
    _tell_of_bounces(conversation)
    return hand_off


def _check(conversation: Conversation, to: Team, words: str) -> None:
    if conversation.team_id == to.pk:
        raise SameTeamError(to.name)
    if not words:
        raise UnsaidError
    if not any(may(agent, Permission.HAND_OFF) for agent in to.agents.filter(is_active=True)):
        raise NobodyThereError(to.name)


def _open_in(conversation: Conversation) -> str:
    """To which team it is offered."""
    offered = conversation.hand_offs.offered().select_related("to_team").first()
    return offered.to_team.name if offered else ""


def _tell_of_bounces(conversation: Conversation) -> None:
    uncounted = (HandOff.State.WITHDRAWN, HandOff.State.ANSWERED)  # what came back with an answer did not go astray
    count = conversation.hand_offs.exclude(state__in=uncounted).count()
    if count >= BOUNCES_AT:
        record("conversation.bounced", subject=conversation, times=count)


@transaction.atomic
def accept_hand_off(hand_off_id: int, *, by: Agent, actor: Actor | None = None) -> HandOff:
    """Take the conversation over, for one's own team; whoever gave it reads it on, if it was theirs to read until now.
    Accepting again what one has accepted changes nothing.

    Raises HandOffDecidedError, NotOfTeamError, ConversationResolvedError.
    """
    conversation, hand_off = held_hand_off(hand_off_id)
    require_member(hand_off, by)
    if (hand_off.state, hand_off.ended_by_id) == (HandOff.State.ACCEPTED, by.pk):
        return hand_off
    _require_offered(hand_off)
    former_team, former = conversation.team_id, conversation.assignee_id
    reads_on = _reads_it(hand_off.given_by, conversation) and hand_off.given_by_id != by.pk
    _end(hand_off, HandOff.State.ACCEPTED, by)
    keep_promise(hand_off, at=hand_off.ended_at or now())
    conversation.team, conversation.assignee = hand_off.to_team, by
    conversation.save(update_fields=["team", "assignee"])
    recompute_clocks([conversation.pk])
    if hand_off.given_by_id is not None and reads_on:
        keep_reading(conversation.pk, agent_id=hand_off.given_by_id)
    who = acting(by, actor)
    record(
        "conversation.team_changed", subject=conversation, by=who, to=hand_off.to_team, former=former_team,
        former_assignee=former, hand_off=hand_off,
    )  # fmt: skip
    if former != by.pk:
        record(
            "conversation.assigned",
            subject=conversation,
            by=who,
            to=by,
            former=former,
            hand_off=hand_off,
            given_by=hand_off.given_by_id,
        )
    record("hand_off.accepted", subject=hand_off, by=who, to=hand_off.to_team, given_by=hand_off.given_by_id)
    return hand_off


def _reads_it(agent: Agent | None, conversation: Conversation) -> bool:
    """Who has changed teams since they offered it gains nothing by its being accepted."""
    return agent is not None and readable_by(agent).filter(pk=conversation.pk).exists()


@transaction.atomic
def refuse_hand_off(hand_off_id: int, *, reason: str, by: Agent, actor: Actor | None = None) -> HandOff:
    """Leave it where it is, and say why. Raises ReasonNeededError, HandOffDecidedError, NotOfTeamError."""
    words = reason.replace("\x00", "").strip()
    _conversation, hand_off = held_hand_off(hand_off_id)
    require_member(hand_off, by)
    _require_offered(hand_off)
    if not words:
        raise ReasonNeededError
    _end(hand_off, HandOff.State.REFUSED, by, reason=words)
    keep_promise(hand_off, at=hand_off.ended_at or now())
    record(
        "hand_off.refused", subject=hand_off, by=acting(by, actor), reason=words, to=hand_off.to_team,
        given_by=hand_off.given_by_id,
    )  # fmt: skip
    return hand_off


@transaction.atomic
def withdraw_hand_off(hand_off_id: int, *, by: Agent | None, actor: Actor | None = None) -> HandOff:
    """Keep the conversation after all. Raises HandOffDecidedError."""
    _conversation, hand_off = held_hand_off(hand_off_id)
    _require_offered(hand_off)
    _withdraw(hand_off, by, actor)
    return hand_off


def offer_again(hand_off_id: int, *, by: Agent) -> None:
    """What took it back is itself taken back: it waits for the other team as before, and its clock runs on. Not where
    another one was offered since, or the conversation is theirs by now, or resolved.
    """
    conversation, hand_off = held_hand_off(hand_off_id)
    is_gone = (
        conversation.status == Conversation.Status.RESOLVED
        or conversation.team_id == hand_off.to_team_id
        or conversation.hand_offs.offered().exists()
    )
    if hand_off.state != HandOff.State.WITHDRAWN or is_gone:
        return
    hand_off.state, hand_off.ended_at, hand_off.ended_by = HandOff.State.OFFERED, None, None
    hand_off.save(update_fields=["state", "ended_at", "ended_by"])
    resume_promise(hand_off)
    record(
        "hand_off.offered", subject=hand_off, by=acting(by, None), to=hand_off.to_team_id,
        former=conversation.team_id, asked=hand_off.asked,
    )  # fmt: skip


def withdraw_open_hand_off(conversation: Conversation, *, by: Agent | None, actor: Actor | None = None) -> None:
    """The conversation, which the caller holds, has gone another way: nobody need accept it any more."""
    for hand_off in conversation.hand_offs.offered().select_for_update(of=("self",)):
        _withdraw(hand_off, by, actor)


def _withdraw(hand_off: HandOff, by: Agent | None, actor: Actor | None) -> None:
    _end(hand_off, HandOff.State.WITHDRAWN, by)
    abandon_promise(hand_off)
    record("hand_off.withdrawn", subject=hand_off, by=acting(by, actor), to=hand_off.to_team_id)


def held_hand_off(hand_off_id: int) -> tuple[Conversation, HandOff]:
    """The conversation first, and then the hand-off. Raises HandOff.DoesNotExist."""
    conversation = locked(HandOff.objects.values_list("conversation_id", flat=True).get(pk=hand_off_id))
    held = HandOff.objects.select_for_update(of=("self",)).select_related("to_team", "ended_by", "given_by")
    return conversation, held.get(pk=hand_off_id)


def _end(hand_off: HandOff, state: HandOff.State, by: Agent | None, *, reason: str = "") -> None:
    hand_off.end(state, now(), by=by, reason=reason)
    hand_off.save(update_fields=["state", "ended_at", "ended_by", "reason"])


def _require_offered(hand_off: HandOff) -> None:
    if not hand_off.is_offered:
        raise HandOffDecidedError(hand_off)


def require_member(hand_off: HandOff, agent: Agent) -> None:
    """Whoever is of the team that is asked; and supervisors, who are of all. Raises NotOfTeamError."""
    is_member = hand_off.to_team.agents.filter(pk=agent.pk).exists()
    if not may(agent, Permission.HAND_OFF) or not (is_member or may(agent, Permission.SEE_EVERY_TEAM)):
        raise NotOfTeamError(hand_off.to_team.name)
