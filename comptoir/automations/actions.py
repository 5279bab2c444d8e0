"""Macros: made, changed, put in order, run."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from comptoir.automations.errors import (
    MacroNameTakenError,
    MacroRefusedError,
    NotYourMacroError,
    UnfinishedMacroError,
    UnfinishedStepError,
)
from comptoir.automations.models import Macro
from comptoir.automations.queries import macros_for
from comptoir.automations.steps import LABELS, PERMISSIONS, Step, checked_steps
from comptoir.automations.texts import filled_in
from comptoir.catalogue.filling import unfilled
from comptoir.connectors.base import Visibility
from comptoir.conversations.models import Conversation, Message, Note
from comptoir.core.lines import on_one_line
from comptoir.delivery.actions import queue_reply
from comptoir.delivery.refusals import ReplyRefusedError
from comptoir.desk.acts import perform
from comptoir.desk.errors import DeskError
from comptoir.desk.notes import add_note
from comptoir.desk.taking import take_by_answering
from comptoir.events.record import Actor, record
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may

MAX_NAME_CHARS = 60


def may_share(agent: Agent) -> bool:
    """Who may change what is everybody's."""
    return may(agent, Permission.SEE_EVERY_TEAM) and may(agent, Permission.ASSIGN)


@transaction.atomic
def save_macro(
    macro_id: int | None, *, name: str, acts: Sequence[Mapping[str, Any]], is_shared: bool, by: Agent
) -> Macro:
    """Make a macro, or change one. Raises a MacroError; Macro.DoesNotExist for somebody else's own."""
    title = on_one_line(name)[:MAX_NAME_CHARS].strip()
    if not title:
        raise UnfinishedMacroError(_("it has no name yet."))
    if is_shared and not may_share(by):
        raise NotYourMacroError
    macro = _theirs(macro_id, by) if macro_id else Macro(position=_last_position() + 1)
    try:
        macro.acts = checked_steps(acts)
    except UnfinishedStepError as error:
        raise UnfinishedMacroError(str(error)) from error
    macro.name, macro.owner = title, None if is_shared else by
    try:
        with transaction.atomic():
            macro.save()
    except IntegrityError as error:
        raise MacroNameTakenError(title) from error
    record("macro.saved", subject=macro, by=Actor("agent", by.pk), title=macro.name, is_shared=is_shared)
    return macro


@transaction.atomic
def delete_macro(macro_id: int, *, by: Agent) -> None:
    """Forget it. Raises Macro.DoesNotExist, NotYourMacroError."""
    macro = _theirs(macro_id, by)
    record("macro.deleted", subject=macro, by=Actor("agent", by.pk), title=macro.name)
    macro.delete()


@transaction.atomic
def move_macro(macro_id: int, *, up: bool, by: Agent) -> None:
    """Change places with the one above or below, among the shared ones or among one's own."""
    macro = _theirs(macro_id, by)
    beside = list(Macro.objects.select_for_update().filter(owner=macro.owner).order_by("position", "id"))
    at = beside.index(macro)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(beside):
        return
    beside[at], beside[to] = beside[to], beside[at]
    for position, one in enumerate(beside):
        one.position = position
    Macro.objects.bulk_update(beside, ["position"])


def _last_position() -> int:
    return Macro.objects.aggregate(last=Max("position"))["last"] or 0


def _theirs(macro_id: int, by: Agent) -> Macro:
    macro = Macro.objects.select_for_update(of=("self",)).get(pk=macro_id)
    if macro.owner_id not in (None, by.pk):
        raise Macro.DoesNotExist  # another's own: it is not for them to know that there is one
    if macro.owner_id is None and not may_share(by):
        raise NotYourMacroError
    return macro


@transaction.atomic
def run_macro(macro_id: int, conversation_id: int, *, by: Agent, key: uuid.UUID) -> Macro:
    """Do all its steps to the conversation, or none of them. The same ``key`` writes nothing twice.

    A reply goes through every guard of `queue_reply`. Raises MacroRefusedError, and Macro.DoesNotExist.
    """
    macro = macros_for(by).get(pk=macro_id)
    conversation = Conversation.objects.select_for_update(of=("self",)).select_related("identity", "account__brand")
    held = conversation.get(pk=conversation_id)
    keys = [uuid.uuid5(key, str(number)) for number in range(len(macro.acts))]
    if Message.objects.filter(key__in=keys).exists() or Note.objects.filter(key__in=keys).exists():
        return macro
    for step, step_key in zip(macro.acts, keys, strict=True):
        _do(step, held, by, step_key)
    record("macro.run", subject=held, by=Actor("agent", by.pk), macro=macro.pk, title=macro.name)
    return macro


def _do(step: Step, conversation: Conversation, by: Agent, key: uuid.UUID) -> None:
    act = step["act"]
    label = str(LABELS.get(act, act))
    if act not in PERMISSIONS or not may(by, PERMISSIONS[act]):
        raise MacroRefusedError(label, _("You are not allowed to do this."))
    try:
        if act == "reply":
            _reply(step, conversation, by, key)
        elif act == "note":
            add_note(conversation.pk, text=filled_in(step, conversation, by.name), by=by, key=key)
        else:
            perform(act, conversation.pk, step, by)
    except (DeskError, ReplyRefusedError) as error:
        raise MacroRefusedError(label, str(error)) from error


def _reply(step: Step, conversation: Conversation, by: Agent, key: uuid.UUID) -> None:
    text = filled_in(step, conversation, by.name)
    left = unfilled(text)
    if left:
        reason = _("What belongs in %(missing)s is not known here: write this reply yourself.")
        raise MacroRefusedError(str(LABELS["reply"]), reason % {"missing": ", ".join(left)})
    visibility = step.get("visibility") or ("public" if conversation.is_public else "private")
    reply = queue_reply(conversation.pk, by=by, text=text, visibility=cast("Visibility", visibility), key=key)
    take_by_answering(reply, by=by)
