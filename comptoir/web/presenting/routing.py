"""Routing as the screens say it: why a conversation is with whom, how a team gives out its work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comptoir.conversations.models import Conversation, Priority
from comptoir.core.saying import in_words
from comptoir.routing.models import Strategy, TeamRouting
from comptoir.routing.names import load_names
from comptoir.routing.queries import Move, whereabouts
from comptoir.routing.telling import rule_words


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened on the way to its present owner."""

    at: datetime
    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class WhyHere:
    """Everything a conversation tells of where it is."""

    rules: Sequence[str]
    is_by_account: bool
    priority: str
    queue: str
    steps: Sequence[Step]


def why_here(conversation: Conversation) -> WhyHere:
    """The rules as they were then, in today's names; the moves, the newest first; the place in the queue."""
    found = whereabouts(conversation)
    names = load_names() if found.revisions else None
    return WhyHere(
        rules=[rule_words(one, names) for one in found.revisions] if names else [],
        is_by_account=not found.revisions,
        priority=conversation.get_priority_display() if found.route else "",
        queue=_queue_words(conversation, found.place),
        steps=[Step(one.event.at, _move_words(one), in_words(one.event.reason)) for one in found.moves],
    )


def priority_words(priority: int) -> str:
    """What is worth a word: « Priorité : Haute »; nothing of what is as usual."""
    if priority == Priority.NORMAL:
        return ""
    return _("Priority: %(priority)s") % {"priority": Priority(priority).label}


def _queue_words(conversation: Conversation, place: int | None) -> str:
    if place is None or conversation.team is None:
        return ""
    if place == 1:
        return _("Next in the queue of the team %(team)s: nobody who could take it is free.") % {
            "team": conversation.team.name
        }
    return _("Number %(place)s in the queue of the team %(team)s: nobody who could take it is free.") % {
        "place": place, "team": conversation.team.name,
    }  # fmt: skip


def _move_words(move: Move) -> str:
    named = {"who": move.who, "whom": move.whom}
    if move.name == "conversation.team_changed":
        if move.who:
            return _("%(who)s passed it to the team %(whom)s") % named
        return _("Passed to the team %(whom)s") % named
    if not move.whom:
        return (_("%(who)s gave it back to the team") if move.who else _("Offered to the team again")) % named
    if move.who == move.whom:
        return _("%(who)s took it") % named
    return (_("%(who)s gave it to %(whom)s") if move.who else _("Given to %(whom)s")) % named


def way_words(way: TeamRouting | None) -> str:
    """« À qui a le moins à faire, au même conseiller sous 7 jours, renfort de Marketing après 30 min »."""
    if way is None or way.strategy == Strategy.BY_HAND:
        return str(Strategy.BY_HAND.label)
    said = [str(Strategy(way.strategy).label)]
    if way.same_agent_within:
        days = way.same_agent_within.days
        said.append(
            ngettext("to the same colleague within %(count)s day", "to the same colleague within %(count)s days", days)
            % {"count": days}
        )
    if way.returns_after is not None:
        said.append(_("offered again when they are away for %(span)s") % {"span": _minutes(way.returns_after)})
    if way.overflow_after is not None and way.overflow_team is not None:
        helped = {"team": way.overflow_team.name, "span": _minutes(way.overflow_after)}
        said.append(_("helped out by %(team)s after %(span)s") % helped)
    return ", ".join(said)


def _minutes(length: timedelta) -> str:
    return _("%(count)s min") % {"count": length // timedelta(minutes=1)}
