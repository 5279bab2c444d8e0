"""Answering what nobody has taken takes it: see docs/decisions/0019-answering-takes.md."""

from __future__ import annotations

from comptoir.conversations.models import Conversation, Message
from comptoir.core.reasons import template
from comptoir.desk.actions import assign_conversation
from comptoir.events.record import Actor
from comptoir.people.models import Agent

ANSWERED = template("By answering.")
#: In a reply's custom: it took its conversation.
TOOK = "took"


def take_by_answering(reply: Message, *, by: Agent) -> None:
    """Give the conversation to the member of its team who answers it, where nobody has it and the team wants that; the
    reply says so of itself, for whoever takes it back.

    The caller holds the conversation, in the transaction in which the reply is queued: of two who answer at the same
    time, the first one has it.
    """
    conversation = Conversation.objects.select_related("team").get(pk=reply.conversation_id)
    if conversation.assignee_id is not None or conversation.status == Conversation.Status.RESOLVED:
        return
    team = conversation.team
    if team is None or not team.takes_by_answering or not team.agents.filter(pk=by.pk).exists():
        return
    assign_conversation(conversation.pk, to=by, by=by, reason=ANSWERED)
    reply.custom[TOOK] = True
    reply.save(update_fields=["custom"])


def leave_again(reply: Message, *, by: Agent, actor: Actor | None = None) -> None:
    """The reply that took it was taken back: it is nobody's, unless it has passed on or gone since, or they have
    answered again.
    """
    conversation = Conversation.objects.get(pk=reply.conversation_id)
    theirs = conversation.messages.outgoing().filter(agent=reply.agent_id, pk__gt=reply.pk)
    others = theirs.exclude(state=Message.State.CANCELLED)
    is_theirs = conversation.assignee_id == reply.agent_id and not others.exists()
    if is_theirs and conversation.status != Conversation.Status.RESOLVED:
        assign_conversation(conversation.pk, to=None, by=by, actor=actor)
