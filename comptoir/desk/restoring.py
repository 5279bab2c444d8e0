"""What a conversation is like at one moment, and bringing it back to it as far as one act had changed it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime

from comptoir.conversations.models import Conversation, Priority
from comptoir.conversations.waiting import unanswered_since
from comptoir.core.clock import now
from comptoir.desk.actions import (
    assign_conversation,
    change_team,
    hold_conversation,
    prioritize_conversation,
    reopen_conversation,
    resolve_conversation,
    tag_conversation,
    untag_conversation,
)
from comptoir.desk.errors import ChangedSinceError, GivenSinceError
from comptoir.desk.hand_offs import offer_again
from comptoir.desk.holding import locked
from comptoir.desk.snoozing import snooze_conversation
from comptoir.desk.spam import clear_spam
from comptoir.people.models import Agent, Team
from comptoir.sla.moving import resume_clocks

Moment = dict[str, Any]

#: What an act changes: where one of these is no longer as the act left it, somebody has gone on.
_CHANGES = {
    "assign": ("assignee",),
    "team": ("team", "assignee"),
    "tag": ("tags",),
    "untag": ("tags",),
    "snooze": ("status", "snoozed_until"),
    "pending": ("status", "snoozed_until"),
    "resolve": ("status", "resolved_at"),
    "reopen": ("status", "resolved_at"),
    "spam": ("is_spam",),
    "priority": ("priority",),
}
#: What must be as the act left it though it does not change it: what another team took over meanwhile is not given to
#: somebody of the former one, and what the customer has said meanwhile is not shut away.
_STANDS_ON = dict.fromkeys(("assign", "team"), ("team", "assignee")) | dict.fromkeys(
    ("snooze", "pending", "resolve", "reopen"), ("heard",)
)


def moment_of(conversation: Conversation) -> Moment:
    """What acts change, as JSON."""
    return {
        "assignee": conversation.assignee_id,
        "team": conversation.team_id,
        "tags": sorted(conversation.tags.values_list("name", flat=True)),
        "status": conversation.status,
        "snoozed_until": _written(conversation.snoozed_until),
        "resolved_at": _written(conversation.resolved_at),
        "waiting_since": _written(conversation.waiting_since),
        "is_spam": conversation.is_spam,
        "priority": conversation.priority,
        "heard": _written(conversation.last_incoming_at),
        "hand_off": conversation.hand_offs.offered().values_list("pk", flat=True).first(),
        "clocks": list(conversation.clocks.filter(stopped_at=None).values_list("pk", flat=True)),
    }


def _written(instant: Any) -> str | None:
    return instant.isoformat() if instant else None


@dataclass(frozen=True, slots=True)
class WayBack:
    """One act on one conversation, with what it was like before and after."""

    conversation_id: int
    act: str
    was: Moment
    left: Moment


@transaction.atomic
def remembering(conversation_id: int, act: str, do: Callable[[], object]) -> WayBack:
    """Do it, and keep the way back for `restore`; ``do`` raises what it raises."""
    was = moment_of(locked(conversation_id))
    do()
    return WayBack(conversation_id, act, was, moment_of(Conversation.objects.get(pk=conversation_id)))


def restore(conversation_id: int, act: str, *, was: Moment, left: Moment, by: Agent) -> None:
    """Undo one act, in the caller's transaction, unless somebody has gone on since it was ``left``.

    Raises ChangedSinceError, GivenSinceError, and whatever DeskError the way back raises.
    """
    conversation = locked(conversation_id)
    present = moment_of(conversation)
    touched = [name for name in _CHANGES[act] if was[name] != left[name]]
    if act in ("tag", "untag"):
        _restore_tags(conversation, was, left, by)
        return
    _require_left_alone(act, present, left, touched)
    if not touched:
        return
    if act in ("assign", "team"):
        _restore_owner(conversation, was, by)
    elif act == "spam":
        clear_spam(conversation_id, by=by)
    elif act == "priority":
        prioritize_conversation(conversation_id, priority=Priority(was["priority"]), by=by)
    else:
        _restore_status(conversation, was, by)
    if was.get("hand_off") and not left.get("hand_off"):
        offer_again(was["hand_off"], by=by)


def _require_left_alone(act: str, present: Moment, left: Moment, touched: Sequence[str]) -> None:
    """What was given out since, by routing say, stays with whoever has it: also where nobody had it before."""
    is_given = act in ("assign", "team") and present["assignee"] != left["assignee"]
    taker = Agent.objects.filter(pk=present["assignee"]).first() if is_given else None
    if touched and taker is not None:
        raise GivenSinceError(taker.name)
    stands_on = [*touched, *_STANDS_ON.get(act, ())] if touched else ()
    if any(present[name] != left.get(name, present[name]) for name in stands_on):
        raise ChangedSinceError


def _restore_tags(conversation: Conversation, was: Moment, left: Moment, by: Agent) -> None:
    """Only the word that the act put on or took off: others may have come and gone."""
    for name in set(left["tags"]) - set(was["tags"]):
        untag_conversation(conversation.pk, name=name, by=by)
    for name in set(was["tags"]) - set(left["tags"]):
        tag_conversation(conversation.pk, name=name, by=by)


def _restore_owner(conversation: Conversation, was: Moment, by: Agent) -> None:
    if was["team"] != conversation.team_id:
        team = Team.objects.filter(pk=was["team"]).first()
        if team is None:
            raise ChangedSinceError
        change_team(conversation.pk, to=team, by=by)
    assign_conversation(conversation.pk, to=Agent.objects.filter(pk=was["assignee"]).first(), by=by)


def _restore_status(conversation: Conversation, was: Moment, by: Agent) -> None:
    status = Conversation.Status
    if was["status"] == status.RESOLVED:
        resolve_conversation(conversation.pk, by=by)
        Conversation.objects.filter(pk=conversation.pk).update(resolved_at=was["resolved_at"])
        return
    if conversation.status != status.OPEN:
        reopen_conversation(conversation.pk, by=by, is_way_back=True)
    _wait_again(conversation.pk, was)
    until = parse_datetime(was["snoozed_until"] or "")
    if was["status"] == status.PENDING:
        hold_conversation(conversation.pk, by=by)
    elif was["status"] == status.SNOOZED and (until is None or until > now()):
        snooze_conversation(conversation.pk, until=until, by=by)


def _wait_again(conversation_id: int, was: Moment) -> None:
    """The customer waits as before, if they still do, and what they were promised runs on."""
    conversation = Conversation.objects.get(pk=conversation_id)
    if was["waiting_since"] and conversation.waiting_since is None:
        conversation.waiting_since = unanswered_since(conversation, from_=parse_datetime(was["waiting_since"]))
        conversation.save(update_fields=["waiting_since"])
    if conversation.waiting_since is not None:
        resume_clocks(was["clocks"])
