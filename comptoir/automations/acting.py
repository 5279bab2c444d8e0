"""What an automation does to a conversation: the acts of macros in nobody's name, and a few of its own."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from django.db import transaction
from django.utils import translation

from comptoir.automations.errors import ActRefusedError
from comptoir.automations.models import AutomationRun
from comptoir.automations.rights import require_allowed
from comptoir.automations.steps import LABELS_OF_AUTOMATIONS, Step
from comptoir.automations.texts import filled_in
from comptoir.catalogue.filling import unfilled
from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import Visibility
from comptoir.conversations.models import Conversation
from comptoir.core.reasons import Reason, template
from comptoir.delivery.actions import queue_reply
from comptoir.delivery.refusals import ReplyRefusedError
from comptoir.desk.acts import perform
from comptoir.desk.errors import DeskError, GoneError
from comptoir.desk.hand_offs import offer_hand_off
from comptoir.desk.notes import add_note
from comptoir.events.record import Actor, record
from comptoir.notifications.models import WebhookEndpoint
from comptoir.people.models import Agent, Team
from comptoir.routing.escalating import set_priority

#: What the key of each reply and note of a run is made of: whoever does the run again writes nothing twice.
_KEYS = uuid.UUID("5b8f2f6e-7d55-4c1a-9a57-0d2c9a6f1b34")
_UNKNOWN = template("What belongs in %(missing)s is not known here.")
_SWITCHED_OFF = template("The webhook is switched off, or gone.")
_ADVERTISES = template("The customer’s name holds an address of the web, which everybody would read in our words.")
#: What networks make a link of.
_ADDRESS = re.compile(r"://|[^\W_]{2,}\.(?:[a-z]{2,}|[A-Z]{2,})\b")
_NOT_SHOWN = template("%(name)s is not shown what is said on this account.")


@dataclass(slots=True)
class Doing:
    """One run under way: on what, in whose name, and which webhooks are to be told of it."""

    conversation: Conversation
    actor: Actor
    key: uuid.UUID
    endpoints: list[int] = field(default_factory=list)


@transaction.atomic
def act_on(run: AutomationRun, conversation: Conversation, *, why: str) -> None:
    """Do all that the run's revision says, or nothing of it; one event tells that it ran, and why.

    The caller holds the conversation, which the writer may read. A reply goes through every guard of `queue_reply`, and
    counts as automatic. Raises ActRefusedError.
    """
    doing = Doing(conversation, run.automation.actor, uuid.uuid5(_KEYS, str(run.pk)))
    with translation.override("en"):  # reasons are kept in English, and said in the reader's language
        for number, step in enumerate(run.revision.acts):
            require_allowed(run.revision.writer, step["act"])
            _do(step, doing, uuid.uuid5(doing.key, str(number)))
    record(
        "automation.run", subject=conversation, by=doing.actor, reason=why, automation=run.automation_id, run=run.pk,
        title=run.automation.name, posted_to=doing.endpoints,
    )  # fmt: skip


def _do(step: Step, doing: Doing, key: uuid.UUID) -> None:
    act = step["act"]
    try:
        if act in _OWN:
            _OWN[act](step, doing, key)
        else:
            perform(act, doing.conversation.pk, step, None, actor=doing.actor)
    except (DeskError, ReplyRefusedError) as error:
        raise ActRefusedError(_label(act), str(error)) from error
    doing.conversation.refresh_from_db()


def _label(act: str) -> str:
    return str(LABELS_OF_AUTOMATIONS.get(act, act))


def _reply(step: Step, doing: Doing, key: uuid.UUID) -> None:
    conversation = doing.conversation
    text = filled_in(step, conversation, conversation.account.brand.name)
    left = unfilled(text)
    if left:
        raise ActRefusedError(_label("reply"), Reason(_UNKNOWN, missing=", ".join(left)))
    visibility = step.get("visibility") or ("public" if conversation.is_public else "private")
    if visibility == "public" and len(_ADDRESS.findall(text)) > len(_ADDRESS.findall(step["text"])):
        raise ActRefusedError(_label("reply"), Reason(_ADVERTISES))  # nobody reads it before it leaves
    queue_reply(
        conversation.pk, by=None, actor=doing.actor, text=text, visibility=cast("Visibility", visibility), key=key,
        is_automatic=True,
    )  # fmt: skip


def _note(step: Step, doing: Doing, key: uuid.UUID) -> None:
    text = filled_in(step, doing.conversation, doing.conversation.account.brand.name)
    add_note(doing.conversation.pk, text=text, by=None, actor=doing.actor, key=key)


def _assign(step: Step, doing: Doing, _key: uuid.UUID) -> None:
    if step["to"]:
        _require_shown(doing, Agent.objects.filter(pk=step["to"]).first(), act="assign")
    perform("assign", doing.conversation.pk, step, None, actor=doing.actor)


def _require_shown(doing: Doing, agent: Agent | None, *, act: str) -> None:
    """Who writes automations opens to nobody, not to themselves either, an account that is kept from them."""
    if agent is None:
        raise GoneError
    if ChannelAccount.objects.hidden_from(agent).filter(pk=doing.conversation.account_id).exists():
        raise ActRefusedError(_label(act), Reason(_NOT_SHOWN, name=agent.name))


def _priority(step: Step, doing: Doing, _key: uuid.UUID) -> None:
    set_priority(doing.conversation, step["level"], by=doing.actor)


def _hand_off(step: Step, doing: Doing, _key: uuid.UUID) -> None:
    team = Team.objects.filter(pk=step["to"]).first()
    if team is None:
        raise GoneError
    reserved = doing.conversation.account.reserved_for.all()
    if reserved and team not in reserved:
        raise ActRefusedError(_label("hand_off"), Reason(_NOT_SHOWN, name=team.name))
    words = filled_in(step, doing.conversation, doing.conversation.account.brand.name)
    offer_hand_off(doing.conversation.pk, to=team, asked=words, by=None, actor=doing.actor)


def _notify(step: Step, doing: Doing, _key: uuid.UUID) -> None:
    """Whom it reaches is looked up by whoever tells them: notifications follow this event."""
    if isinstance(step["who"], int):
        _require_shown(doing, Agent.objects.filter(pk=step["who"], is_active=True).first(), act="notify")
    record("conversation.pointed_out", subject=doing.conversation, by=doing.actor, tells=step["who"])


def _webhook(step: Step, doing: Doing, _key: uuid.UUID) -> None:
    """The event that tells of the run is posted there, whatever events the endpoint asked for."""
    if not WebhookEndpoint.objects.filter(pk=step["to"], is_active=True).exists():
        raise ActRefusedError(_label("webhook"), Reason(_SWITCHED_OFF))
    doing.endpoints.append(step["to"])


_OWN: Mapping[str, Callable[[Step, Doing, uuid.UUID], Any]] = {
    "assign": _assign,
    "reply": _reply,
    "note": _note,
    "priority": _priority,
    "hand_off": _hand_off,
    "notify": _notify,
    "webhook": _webhook,
}
