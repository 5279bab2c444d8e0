"""What is asked of the network about a message it has: another text, hiding, removing, liking, reporting, deleting."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from comptoir.api.authentication import ApiRequest, acting, needs
from comptoir.api.messages import refusal
from comptoir.api.problems import ProblemError, invalid
from comptoir.api.scopes import Scope
from comptoir.api.shapes import Asked, Words
from comptoir.conversations.models import Conversation, Message, WordedAct
from comptoir.delivery.abilities import abilities
from comptoir.delivery.models import Moderation
from comptoir.delivery.moderation import ask_network, makes_sense
from comptoir.delivery.refusals import ReplyRefusedError
from comptoir.delivery.wording import MAX_COMMENT_CHARS, ask_edit, ask_report, may_edit, may_report
from comptoir.people.permissions import Permission

router = Router(tags=["messages"])

Act = Literal["edit", "report", "hide", "show", "delete", "remove", "like", "unlike"]
_MOST_SHOWN = 50


class NetworkAct(Schema):
    act: Act
    outcome: Literal["waiting", "done", "refused"]
    reason: str = Field(description="Why the network refused it.")
    text: str = Field(description="The new text, or what the moderators are told.")
    agent_id: int | None
    requested_at: datetime
    finished_at: datetime | None


class NetworkActs(Schema):
    may: list[Act] = Field(description="What can be asked of the network now, about this message.")
    acts: list[NetworkAct] = Field(description="What was asked, the latest first.")


class NewNetworkAct(Asked):
    act: Act
    text: Annotated[Words, Field(max_length=100_000)] = Field(
        "", description="To edit: the new text. To report: what the moderators are told."
    )
    confirm_personal_data: bool = Field(False, description="The personal data in a public answer may be published.")


@router.get(
    "/messages/{int:message_id}/network-acts",
    response=NetworkActs,
    **needs(Scope.CONVERSATIONS_READ, Permission.READ_CONVERSATIONS),
)
def list_network_acts(request: ApiRequest, message_id: int) -> NetworkActs:
    """What can be, and what was, asked of the network about a message that it has."""
    message = _seen(request, message_id)
    asked: list[Moderation | WordedAct] = [
        *message.moderations.order_by("-pk")[:_MOST_SHOWN],
        *message.worded_acts.order_by("-pk")[:_MOST_SHOWN],
    ]
    latest = sorted(asked, key=lambda one: one.requested_at, reverse=True)[:_MOST_SHOWN]
    return NetworkActs(may=_may(message, asked), acts=[_shown(one) for one in latest])


@router.post(
    "/messages/{int:message_id}/network-acts",
    response={202: NetworkAct},
    **needs(Scope.MESSAGES_WRITE, Permission.ANSWER),
)
def post_network_act(request: ApiRequest, message_id: int, asked: NewNetworkAct) -> NetworkAct:
    """Ask the network for something, in the background: `waiting` until it has answered. One at a time per message.

    Hiding and removing are for what customers published below posts of ours; deleting and editing for our own answers.
    """
    message = _seen(request, message_id)
    try:
        return _shown(_ask(request, message, asked))
    except ReplyRefusedError as error:
        raise refusal(error) from error


def _ask(request: ApiRequest, message: Message, asked: NewNetworkAct) -> Moderation | WordedAct:
    by, actor = request.agent, acting(request)
    if asked.act == "edit":
        confirmed = asked.confirm_personal_data
        return ask_edit(message.pk, by=by, actor=actor, text=asked.text, personal_data_confirmed=confirmed)
    if asked.act == "report":
        if len(asked.text) > MAX_COMMENT_CHARS:
            raise invalid("/text", _("This is too long: at most %(count)s.") % {"count": MAX_COMMENT_CHARS})
        return ask_report(message.pk, by=by, actor=actor, comment=asked.text)
    return ask_network(message.pk, Moderation.Act(asked.act), by=by, actor=actor)


def _seen(request: ApiRequest, message_id: int) -> Message:
    readable = Conversation.objects.visible_to(request.agent)
    messages = Message.objects.filter(conversation__in=readable).select_related("account", "conversation__account")
    message = messages.filter(pk=message_id).first()
    if message is None:
        raise ProblemError("not-found", _("No such message."))
    return message


def _may(message: Message, asked: Iterable[Moderation | WordedAct]) -> list[Act]:
    if any(one.outcome == Moderation.Outcome.WAITING for one in asked):
        return []
    may = abilities(message)
    worded: list[Act] = ["edit"] if may_edit(message, may) else []
    worded += ["report"] if may_report(message, may) else []
    others: tuple[Act, ...] = ("hide", "show", "delete", "remove", "like", "unlike")
    return [*worded, *(act for act in others if makes_sense(message, act, may))]


def _shown(asked: Moderation | WordedAct) -> NetworkAct:
    return NetworkAct.model_validate(
        {
            "act": str(asked.act),
            "outcome": str(asked.outcome),
            "reason": str(asked.reason),
            "text": asked.text if isinstance(asked, WordedAct) else "",
            "agent_id": asked.agent_id,
            "requested_at": asked.requested_at,
            "finished_at": asked.finished_at,
        }
    )
