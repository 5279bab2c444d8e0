"""Who else there is around a conversation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import Q, QuerySet

from comptoir.channels.shown import AccountLimits
from comptoir.conversations.models import Conversation
from comptoir.people.models import Agent
from comptoir.people.permissions import GRANTS, Permission
from comptoir.understanding.folding import folded

#: A word behind an @ that stands alone: no mail address, no handle with its server.
_MENTION = re.compile(r"(?<![\w.@/+-])@([^\W\d_][\w'’.-]*)(?![\w@/])")
_MOST_UNADDRESSED, _MOST_NEAR = 3, 3
_STILL_ALIKE = 0.3


def readers_of(conversation: Conversation) -> QuerySet[Agent]:
    """Agents who may read it: those of its team, and those who see every team, where they are shown the account; and
    whoever it was given to. The same as `ConversationQuerySet.visible_to`, asked from the other side.
    """
    reading = [role for role, granted in GRANTS.items() if Permission.READ_CONVERSATIONS in granted]
    everywhere = [role for role in reading if Permission.SEE_EVERY_TEAM in GRANTS[role]]
    near = Q(role__in=everywhere)
    if conversation.team_id is not None:
        near |= Q(teams=conversation.team_id)
    limits = AccountLimits.now([conversation.account_id])
    found = Agent.objects.filter(near, is_active=True).prefetch_related("teams", "brands").distinct()
    shown = [one.pk for one in found if not limits.hidden_from(one, frozenset(team.pk for team in one.teams.all()))]
    theirs = Q(pk__in=shown) | Q(pk=conversation.assignee_id)
    return Agent.objects.filter(theirs, is_active=True, role__in=reading).order_by("name", "pk")


def addressed_in(text: str, conversation: Conversation) -> Sequence[Agent]:
    """The colleagues whom a note addresses by @ and their whole name: « @Awa Diop ».

    The longest name counts: « @Awa Diop » does not address a colleague called Awa, also where Awa Diop may not
    read this. Of two of the same name, both are.
    """
    return _addressed(text, list(readers_of(conversation))).agents if "@" in text else []


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
    addressed = _addressed(text, readers)
    identity = conversation.identity
    own = {folded(one.lstrip("@")) for one in (identity.handle, identity.name, identity.external_id) if one}
    begun = [found[1].rstrip(".’'-") for found in _MENTION.finditer(addressed.left)]
    words = dict.fromkeys([*addressed.in_vain, *begun])
    others = [one for one in readers if one != by]
    return [Unaddressed(one, _near(one, others)) for one in words if folded(one) not in own][:_MOST_UNADDRESSED]


@dataclass(frozen=True, slots=True)
class _Addressed:
    """Who is addressed, the names of colleagues who are named in vain, and the text without either."""

    agents: Sequence[Agent]
    in_vain: Sequence[str]
    left: str


def _addressed(text: str, readers: Sequence[Agent]) -> _Addressed:
    left = " ".join(text.split())
    able: dict[str, list[Agent]] = {}
    for agent in readers:
        able.setdefault(" ".join(agent.name.split()).casefold(), []).append(agent)
    names = {" ".join(name.split()) for name in Agent.objects.values_list("name", flat=True)}
    agents: list[Agent] = []
    in_vain: list[str] = []
    for name in sorted(names, key=lambda one: (-len(one), one)):
        pattern = re.compile(rf"(?<!\w)@({re.escape(name)})(?!\w)", re.IGNORECASE)
        named = pattern.search(left) if name else None
        if named is None:
            continue
        agents += able.get(name.casefold(), ())
        if name.casefold() not in able:
            in_vain.append(named[1])
        left = pattern.sub(" ", left)
    return _Addressed(agents, in_vain, left)


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
