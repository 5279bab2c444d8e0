"""Giving a conversation back with an answer: for whoever accepted it and does not write to customers.

The customer's own promises ran all along. What they say is a note, the conversation is theirs again who gave it, and
they can make a reply of it: see `desk/answers_of_experts.py`.
"""

from __future__ import annotations

from django.db import transaction

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation, HandOff, Note
from comptoir.core.clock import now
from comptoir.delivery.actions import acting
from comptoir.desk.consultations import MAX_ANSWER_CHARS
from comptoir.desk.errors import ConversationResolvedError, EmptyTextError
from comptoir.desk.following import read_no_longer
from comptoir.desk.hand_offs import held_hand_off, require_member, withdraw_open_hand_off
from comptoir.desk.refusals import GoneOnError, WithColleagueError
from comptoir.events.record import Actor, record
from comptoir.people.models import Agent, Team
from comptoir.people.permissions import Permission, may
from comptoir.sla.recomputing import recompute_clocks


@transaction.atomic
def give_back(hand_off_id: int, *, text: str, by: Agent, actor: Actor | None = None) -> HandOff:
    """Keep the answer as a note, and the conversation is again whose it was; their team's, where that person is gone.
    Saying the same twice is saying it once.

    Raises EmptyTextError, NotOfTeamError, ConversationResolvedError, GoneOnError, WithColleagueError.
    """
    words = _words(text)
    if not words:
        raise EmptyTextError
    conversation, hand_off = held_hand_off(hand_off_id)
    if is_given_back(hand_off, text=text, by=by):
        return hand_off
    require_member(hand_off, by)
    _require_still_theirs(conversation, hand_off)
    _require_at_hand(conversation, by)
    who = acting(by, actor)
    note = Note.objects.create(conversation=conversation, agent=by, text=words)
    record("note.added", subject=note, by=who, mentioned=[], hand_off=hand_off)
    hand_off.give_back(words, now(), by=by)
    hand_off.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    withdraw_open_hand_off(conversation, by=by, actor=actor)
    team = _put_back(conversation, hand_off, by=who)
    if hand_off.given_by_id is not None:
        read_no_longer(conversation.pk, agent_ids={hand_off.given_by_id})
    record("hand_off.answered", subject=hand_off, by=who, to=team, given_by=hand_off.given_by_id)
    return hand_off


def is_given_back(hand_off: HandOff, *, text: str, by: Agent) -> bool:
    """Whether they gave it back with these very words."""
    return hand_off.answered_by_id == by.pk and hand_off.answer == _words(text)


def _words(text: str) -> str:
    return text.replace("\x00", "").strip()[:MAX_ANSWER_CHARS]


def _require_at_hand(conversation: Conversation, by: Agent) -> None:
    """What a colleague works on is taken from them by those alone who may give conversations out."""
    holder = conversation.assignee
    if holder is not None and holder.pk != by.pk and not may(by, Permission.ASSIGN):
        raise WithColleagueError(holder.name)


def _require_still_theirs(conversation: Conversation, hand_off: HandOff) -> None:
    if conversation.status == Conversation.Status.RESOLVED:
        raise ConversationResolvedError
    last = conversation.hand_offs.exclude(state__in=[HandOff.State.WITHDRAWN, HandOff.State.OFFERED]).first()
    is_last = last is not None and last.pk == hand_off.pk
    if hand_off.state != HandOff.State.ACCEPTED or not is_last or conversation.team_id != hand_off.to_team_id:
        raise GoneOnError


def _put_back(conversation: Conversation, hand_off: HandOff, *, by: Actor) -> Team:
    former_team, former = conversation.team_id, conversation.assignee_id
    team, giver = whose_again(conversation, hand_off)
    conversation.team, conversation.assignee = team, giver
    conversation.save(update_fields=["team", "assignee"])
    recompute_clocks([conversation.pk])
    record(
        "conversation.team_changed", subject=conversation, by=by, to=team, former=former_team,
        former_assignee=former, hand_off=hand_off,
    )  # fmt: skip
    if giver is not None and former != giver.pk:
        record(
            "conversation.assigned", subject=conversation, by=by, to=giver, former=former, hand_off=hand_off,
            is_given_back=True,
        )  # fmt: skip
    return team


def whose_again(conversation: Conversation, hand_off: HandOff) -> tuple[Team, Agent | None]:
    """Whose it was, unless they answer there no longer; what no team had is its account's team's."""
    team, giver = hand_off.from_team or conversation.account.team, hand_off.given_by
    return team, giver if giver is not None and _answers(giver, conversation, team) else None


def _answers(agent: Agent, conversation: Conversation, team: Team) -> bool:
    """What is given to somebody is shown to them in any case: not where its account is theirs no more, nor where they
    have left the team.
    """
    is_hidden = ChannelAccount.objects.hidden_from(agent).filter(pk=conversation.account_id).exists()
    is_member = may(agent, Permission.SEE_EVERY_TEAM) or agent.teams.filter(pk=team.pk).exists()
    return may(agent, Permission.ANSWER) and is_member and not is_hidden
