"""What passes between teams and experts about one conversation, as its screen shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from comptoir.conversations.models import Consultation, Conversation, HandOff
from comptoir.core.clock import now
from comptoir.desk.consultation_links import link_address
from comptoir.desk.giving_back import whose_again
from comptoir.desk.models import CallBack
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may
from comptoir.web.presenting.matters import matter_of, open_matters_of
from comptoir.web.queries.holdings import Holdings
from comptoir.web.requests import AgentRequest, is_guest

_MOST_LISTED = 100
_MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class HandOffShown:
    """One hand-off, and what its reader may do about it."""

    about: HandOff
    due_at: datetime | None
    is_late: bool
    may_decide: bool
    may_withdraw: bool
    #: Accepted, it is theirs, and they do not write to customers.
    may_give_back: bool = False
    #: Whose it is again then.
    goes_back_to: str = ""
    may_use: bool = False
    #: Offered to somebody who does not write to customers.
    gives_back_only: bool = False
    template: ClassVar[str] = "bridges/_hand_off.html"


@dataclass(frozen=True, slots=True)
class ConsultationShown:
    """One question to an expert, and what its reader may do about it; ``link`` is what an outsider answers by."""

    about: Consultation
    due_at: datetime | None
    is_late: bool
    may_answer: bool
    may_withdraw: bool
    may_use: bool
    link: str
    template: ClassVar[str] = "bridges/_consultation.html"


def bridges_context(request: AgentRequest, conversation: Conversation, held: Holdings) -> dict[str, Any]:
    """What is under way, and what was asked of the team that has the conversation now."""
    return {
        "hand_off": _hand_off(conversation, request) if held.has_hand_offs else None,
        "consultations": _consultations(conversation, request) if held.has_consultations else [],
        "matter": matter_of(conversation, held) if not is_guest(request) else None,
        "call_back": _call_back(conversation, request.agent, is_own=not is_guest(request))
        if held.is_to_be_called
        else None,
        "called_for": _called_for(conversation, request.agent) if held.was_asked_for else [],
    }


@dataclass(frozen=True, slots=True)
class CallBackShown:
    """One call to be made, and what its reader may do about it."""

    about: CallBack
    is_late: bool
    may_call: bool


def _call_back(conversation: Conversation, agent: Agent, *, is_own: bool) -> CallBackShown | None:
    waiting = conversation.call_backs.waiting().select_related("account", "asked_by", "call").first()
    return shown_call_back(waiting, agent, is_own=is_own) if waiting is not None else None


def shown_call_back(call_back: CallBack, agent: Agent, *, is_own: bool) -> CallBackShown:
    """For one reader; ``is_own``: the conversation is theirs to act on."""
    return CallBackShown(call_back, call_back.due_at < now(), is_own and may(agent, Permission.ANSWER))


def _called_for(call: Conversation, agent: Agent) -> list[CallBack]:
    """What the call is about, where the reader may read it."""
    there = Conversation.objects.visible_to(agent)
    related = call.called_for.filter(conversation__in=there).select_related("conversation__account")
    return list(related.order_by("-asked_at")[:_MOST_SHOWN])


def _consultations(conversation: Conversation, request: AgentRequest) -> list[ConsultationShown]:
    """Those that wait, and the last that were answered, while the conversation goes on. A guest sees their own."""
    if conversation.status == Conversation.Status.RESOLVED:
        return []
    there = conversation.consultations.exclude(state=Consultation.State.WITHDRAWN)
    if is_guest(request):
        there = there.filter(expert=request.agent)
    found = there.select_related("asked_by", "expert").prefetch_related("clocks").order_by("-asked_at")
    return [shown_consultation(one, request.agent, is_own=not is_guest(request)) for one in found[:_MOST_SHOWN]]


def shown_consultation(asked: Consultation, agent: Agent, *, is_own: bool) -> ConsultationShown:
    """For one reader; ``is_own``: the conversation is theirs to act on. It comes with its people and its clock."""
    clock = next(iter(asked.clocks.all()), None)
    return ConsultationShown(
        about=asked,
        due_at=clock.due_at if clock and asked.is_open else None,
        is_late=bool(clock and asked.is_open and clock.due_at < now()),
        may_answer=asked.is_open and asked.expert_id == agent.pk,
        may_withdraw=asked.is_open and is_own and may(agent, Permission.CONSULT),
        may_use=asked.state == Consultation.State.ANSWERED and is_own and may(agent, Permission.ANSWER),
        link=link_address(asked) if asked.is_open and asked.expert_id is None and is_own else "",
    )


def _hand_off(conversation: Conversation, request: AgentRequest) -> HandOffShown | None:
    """The one under way; else the last, while what it asked is still to be done, or why it was refused, or with what it
    came back, to be read.
    """
    agent = request.agent
    if conversation.status == Conversation.Status.RESOLVED:
        return None
    last = (
        conversation.hand_offs.select_related("to_team", "from_team", "given_by", "ended_by", "answered_by")
        .prefetch_related("clocks")
        .order_by("-given_at", "-pk")
        .first()
    )
    if last is None or last.state == HandOff.State.WITHDRAWN:
        return None
    if last.state == HandOff.State.ACCEPTED and last.to_team_id != conversation.team_id:
        return None
    if last.state == HandOff.State.ANSWERED and last.to_team_id == conversation.team_id:
        return None
    is_member = agent.teams.filter(pk=last.to_team_id).exists()
    is_at_hand = not is_guest(request) and conversation.assignee_id in (None, agent.pk)
    shown = shown_hand_off(last, agent, is_member=is_member, is_own=not is_guest(request), is_at_hand=is_at_hand)
    return replace(shown, goes_back_to=_goes_back_to(conversation, last)) if shown.may_give_back else shown


def _goes_back_to(conversation: Conversation, hand_off: HandOff) -> str:
    team, giver = whose_again(conversation, hand_off)
    return giver.name if giver else _("the team %(team)s") % {"team": team.name}


def shown_hand_off(
    hand_off: HandOff, agent: Agent, *, is_member: bool, is_own: bool = False, is_at_hand: bool = False
) -> HandOffShown:
    """For one reader; ``is_own``: the conversation is theirs to act on, ``is_at_hand``: and nobody else's. It comes
    with its teams, its people and its clock.
    """
    clock = next(iter(hand_off.clocks.all()), None)
    is_open = hand_off.is_offered and may(agent, Permission.HAND_OFF)
    is_above = may(agent, Permission.SEE_EVERY_TEAM)
    return HandOffShown(
        about=hand_off,
        due_at=clock.due_at if clock and hand_off.is_offered else None,
        is_late=bool(clock and hand_off.is_offered and clock.due_at < now()),
        may_decide=is_open and (is_member or is_above),
        may_withdraw=is_open and (not is_member or is_above or hand_off.given_by_id == agent.pk),
        may_give_back=hand_off.state == HandOff.State.ACCEPTED
        and is_member
        and is_at_hand
        and may(agent, Permission.HAND_OFF)
        and not may(agent, Permission.ANSWER),
        may_use=hand_off.state == HandOff.State.ANSWERED and is_own and may(agent, Permission.ANSWER),
        gives_back_only=is_open and is_member and not may(agent, Permission.ANSWER),
    )


def asked_context(agent: Agent) -> dict[str, Any]:
    """What is offered to the agent's teams, and what they have offered themselves, the oldest first."""
    teams = set(agent.teams.values_list("pk", flat=True))
    offered = _in_full(HandOff.objects.offered().filter(to_team__in=teams))
    given = _in_full(HandOff.objects.offered().filter(given_by=agent).exclude(to_team__in=teams))
    return {
        "offered": [shown_hand_off(one, agent, is_member=True) for one in offered],
        "given": [shown_hand_off(one, agent, is_member=False) for one in given],
        "questions": _questions(Consultation.objects.open().filter(expert=agent), agent),
        "matters": open_matters_of(agent, _MOST_LISTED),
        "asked": _questions(Consultation.objects.open().filter(asked_by=agent).exclude(expert=agent), agent),
        "calls": _calls(agent) if may(agent, Permission.ANSWER) else [],
    }


def _calls(agent: Agent) -> list[CallBackShown]:
    """Calls that wait in the conversations that the agent may act on, the earliest due first."""
    waiting = CallBack.objects.waiting().filter(conversation__in=Conversation.objects.visible_to(agent))
    related = waiting.select_related("account", "asked_by", "call", "conversation__identity", "conversation__account")
    return [shown_call_back(one, agent, is_own=True) for one in related.order_by("due_at", "pk")[:_MOST_LISTED]]


def _questions(consultations: QuerySet[Consultation], agent: Agent) -> list[ConsultationShown]:
    related = consultations.select_related("asked_by", "expert", "conversation__identity", "conversation__account")
    found = related.prefetch_related("clocks").order_by("asked_at", "pk")[:_MOST_LISTED]
    return [shown_consultation(one, agent, is_own=False) for one in found]


def _in_full(hand_offs: QuerySet[HandOff]) -> QuerySet[HandOff]:
    related = hand_offs.select_related(
        "to_team", "from_team", "given_by", "ended_by", "conversation__identity", "conversation__account"
    )
    return related.prefetch_related("clocks").order_by("given_at", "pk")[:_MOST_LISTED]
