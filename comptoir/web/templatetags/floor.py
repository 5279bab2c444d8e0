"""The lines of the floor: one that says what it said when the board was last looked at is not drawn again."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language

from comptoir.conversations.models import Conversation
from comptoir.web.presenting.loads import LoadShown, load_shown
from comptoir.web.queries.floor import AtWork
from comptoir.web.templatetags.counter import instant, waiting
from comptoir.web.wording import channel_in_line

register = template.Library()

_MOST_CHARS = 90


class RowShown(NamedTuple):
    """Everything that `floor/_row.html` shows of a conversation."""

    place: str
    pk: int
    name: str
    about: str
    text: str
    at: str
    is_wall: bool
    may_act: bool
    may_take: bool


class ColleagueShown(NamedTuple):
    """Everything that `floor/_colleague.html` shows of a colleague."""

    pk: int
    name: str
    presence: str
    presence_words: str
    since: str
    load: LoadShown
    held: str
    waiting: int
    waiting_since: str
    teams: str
    is_wall: bool
    may_arrange: bool


@register.simple_tag(takes_context=True)
def floor_row(context: Any, conversation: Conversation, place: str, *, promised: bool = False) -> SafeString:
    """A conversation on the board; ``place`` keeps the ids of one that stands there twice apart."""
    owner, at = conversation.assignee, conversation.promise_due_at if promised else conversation.waiting_since
    about = [channel_in_line(conversation.account.kind)]
    about += [one.name for one in (conversation.team, owner) if one is not None]
    row = RowShown(
        place=place,
        pk=conversation.pk,
        name=str(conversation.identity),
        about=" · ".join(about),
        text=Truncator(conversation.last_message_text).chars(_MOST_CHARS),
        at="" if at is None else instant(at) if promised else waiting(at),
        is_wall=context["is_wall"],
        may_act=context["may_act"],
        may_take=owner != context["agent"],
    )
    return _drawn_row(row, get_language())


@register.simple_tag(takes_context=True)
def floor_colleague(context: Any, one: AtWork) -> SafeString:
    """A colleague on the board."""
    colleague = ColleagueShown(
        pk=one.agent.pk,
        name=one.agent.name,
        presence=one.presence.value,
        presence_words=str(one.presence.label),
        since=instant(one.since) if one.since else "",
        load=load_shown(one.load),
        held=", ".join(f"{channel_in_line(kind)} {number}" for kind, number in one.held),
        waiting=one.waiting,
        waiting_since=waiting(one.waiting_since) if one.waiting_since else "",
        teams=", ".join(team.name for team in one.agent.teams.all()),
        is_wall=context["is_wall"],
        may_arrange=context["may_arrange"],
    )
    return _drawn_colleague(colleague, get_language())


@lru_cache(maxsize=512)
def _drawn_row(row: RowShown, _language: str | None) -> SafeString:
    return render_to_string("floor/_row.html", {"row": row})


@lru_cache(maxsize=1024)
def _drawn_colleague(colleague: ColleagueShown, _language: str | None) -> SafeString:
    return render_to_string("floor/_colleague.html", {"one": colleague})
