"""Who else there is around a conversation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import Q, QuerySet

from comptoir.conversations.models import Conversation
from comptoir.people.models import Agent
from comptoir.people.permissions import GRANTS, Permission
from comptoir.understanding.folding import folded

#: A word behind an @ that stands alone: no mail address, no handle with its server.
_MENTION = re.compile(r"(?<![\w.@/+-])@([^\W\d_][\w'’.-]*)(?![\w@/])")
_MOST_UNADDRESSED, _MOST_NEAR = 3, 3
_STILL_ALIKE = 0.3


def readers_of(conversation: Conversation) -> QuerySet[Agent]:
    """Agents who may read it: those of its team, whoever it was given to, and those who see every team."""
    reading = [role for role, granted in GRANTS.items() if Permission.READ_CONVERSATIONS in granted]
    everywhere = [role for role in reading if Permission.SEE_EVERY_TEAM in GRANTS[role]]
    near = Q(role__in=everywhere) | Q(pk=conversation.assignee_id)
    if conversation.team_id is not None:
        near |= Q(teams=conversation.team_id)
    return Agent.objects.filter(near, is_active=True, role__in=reading).distinct().order_by("name", "pk")


def addressed_in(text: str, conversation: Conversation) -> list[Agent]:
    """The colleagues whom a note addresses by @ and their whole name: « @Awa Diop ».

    The longest name counts: « @Awa Diop » does not address a colleague called Awa. Of two of the same name, both are.
    """
    return _addressed(text, list(readers_of(conversation)))[0] if "@" in text else []


@dataclass(frozen=True, slots=True)
class Unaddressed:
    """What a note says after an @ that names nobody who can read it, and who may have been meant."""

    words: str
    near: Sequence[Agent]


def unaddressed_in(text: str, conversation: Conversation, *, by: Agent) -> list[Unaddressed]:
    """Each once; the customer's own handle and addresses are no colleagues."""
    if "@" not in text:
        return []
    readers = list(readers_of(conversation))
    _agents, left = _addressed(text, readers)
    identity = conversation.identity
    own = {folded(one.lstrip("@")) for one in (identity.handle, identity.name, identity.external_id) if one}
    words = dict.fromkeys(found[1].rstrip(".’'-") for found in _MENTION.finditer(left))
    others = [one for one in readers if one != by]
    return [Unaddressed(one, _near(one, others)) for one in words if folded(one) not in own][:_MOST_UNADDRESSED]


def _addressed(text: str, readers: Sequence[Agent]) -> tuple[list[Agent], str]:
    """Who is addressed, and the text without them."""
    left = " ".join(text.split())
    addressed: list[tuple[str, Agent]] = []
    for agent in sorted(readers, key=lambda one: -len(one.name)):
        name = " ".join(agent.name.split())
        pattern = re.compile(rf"(?<!\w)@{re.escape(name)}(?!\w)", re.IGNORECASE)
        is_namesake = any(name.casefold() == other.casefold() for other, _agent in addressed)
        if is_namesake or (name and pattern.search(left)):
            addressed.append((name, agent))
        left = pattern.sub(" ", left)
    return [agent for _name, agent in addressed], left


def _near(words: str, readers: Sequence[Agent]) -> list[Agent]:
    """Those with a name that begins so, first; then those who are spelt much alike."""
    typed = folded(words)

    def distance(agent: Agent) -> float:
        parts = re.split(r"[\s-]+", folded(agent.name))
        if any(part.startswith(typed) for part in parts):
            return 0
        return 1 - max(SequenceMatcher(None, typed, part).ratio() for part in parts)

    found = sorted((distance(one), one.name, one.pk, one) for one in readers)
    return [agent for far, *_order, agent in found if far <= _STILL_ALIKE][:_MOST_NEAR]
