"""The acts on a conversation by their names, for whatever does them in numbers or in a row: bulk acts and macros.

Each takes its arguments as JSON holds them: {"to": 3}, {"name": "livraison"}, {"end": "tomorrow"}.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.desk.actions import (
    assign_conversation,
    change_team,
    hold_conversation,
    reopen_conversation,
    resolve_conversation,
    tag_conversation,
    untag_conversation,
)
from comptoir.desk.errors import GoneError
from comptoir.desk.snoozing import snooze_conversation, snooze_ends
from comptoir.desk.spam import mark_spam
from comptoir.events.record import Actor
from comptoir.people.models import Agent, Team
from comptoir.people.permissions import Permission

Arguments = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does it: an agent, or another actor in nobody's name."""

    by: Agent | None
    actor: Actor | None = None


Act = Callable[[int, Arguments, Doer], object]

#: What each act needs of whoever does it.
NEEDS: dict[str, Permission] = {
    "assign": Permission.ASSIGN,
    "team": Permission.ASSIGN,
    "tag": Permission.ASSIGN,
    "untag": Permission.ASSIGN,
    "snooze": Permission.RESOLVE,
    "pending": Permission.RESOLVE,
    "resolve": Permission.RESOLVE,
    "reopen": Permission.RESOLVE,
    "spam": Permission.RESOLVE,
}


def perform(
    act: str, conversation_id: int, arguments: Arguments, by: Agent | None, *, actor: Actor | None = None
) -> None:
    """Do the act; whatever it raises, a DeskError, is for ``by`` to read. ``actor`` acts in nobody's name."""
    _ACTS[act](conversation_id, arguments, Doer(by, actor))


def snooze_end(conversation: Conversation, arguments: Arguments) -> datetime | None:
    """Until when: an instant, one of `snooze_ends` by name, or None until the customer writes."""
    if arguments.get("end"):
        ends = snooze_ends(conversation.account, now())
        return ends.get(arguments["end"], ends["tomorrow"])  # on a Sunday, Monday is tomorrow
    return parse_datetime(arguments["until"]) if arguments.get("until") else None


def _assign(conversation_id: int, arguments: Arguments, who: Doer) -> None:
    to = arguments.get("to")
    person = who.by if to == "me" else Agent.objects.filter(pk=to).first() if to else None
    if to and person is None:
        raise GoneError
    assign_conversation(conversation_id, to=person, by=who.by, actor=who.actor)


def _team(conversation_id: int, arguments: Arguments, who: Doer) -> None:
    team = Team.objects.filter(pk=arguments["to"]).first()
    if team is None:
        raise GoneError
    change_team(conversation_id, to=team, by=who.by, actor=who.actor)


def _snooze(conversation_id: int, arguments: Arguments, who: Doer) -> None:
    conversation = Conversation.objects.select_related("account").get(pk=conversation_id)
    snooze_conversation(conversation_id, until=snooze_end(conversation, arguments), by=who.by, actor=who.actor)


_ACTS: dict[str, Act] = {
    "assign": _assign,
    "team": _team,
    "tag": lambda pk, arguments, who: tag_conversation(pk, name=arguments["name"], by=who.by, actor=who.actor),
    "untag": lambda pk, arguments, who: untag_conversation(pk, name=arguments["name"], by=who.by, actor=who.actor),
    "snooze": _snooze,
    "pending": lambda pk, _arguments, who: hold_conversation(pk, by=who.by, actor=who.actor),
    "resolve": lambda pk, _arguments, who: resolve_conversation(pk, by=who.by, actor=who.actor),
    "reopen": lambda pk, _arguments, who: reopen_conversation(pk, by=who.by, actor=who.actor),
    "spam": lambda pk, arguments, who: mark_spam(pk, block=bool(arguments.get("block")), by=who.by, actor=who.actor),
}
