"""If: what rules of routing ask of a message, and besides how its conversation stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from comptoir.conversations.models import Priority
from comptoir.routing.conditions import KINDS as OF_MESSAGES
from comptoir.routing.conditions import Kind, Matcher
from comptoir.routing.conditions.kinds import either, quoted
from comptoir.routing.facts import Standing
from comptoir.routing.names import Names


def _standing(holds: Callable[[Standing], bool]) -> Matcher:
    return lambda facts: None if facts.standing is None else holds(facts.standing)


def _statuses(among: Sequence[str]) -> Matcher:
    wanted = frozenset(among)
    return _standing(lambda standing: standing.status in wanted)


def _owned(among: Sequence[str]) -> Matcher:
    is_wanted = among[0] == "somebody"
    return _standing(lambda standing: (standing.assignee_id is not None) is is_wanted)


def _teams(among: Sequence[str]) -> Matcher:
    wanted = frozenset(map(int, among))
    return _standing(lambda standing: standing.team_id in wanted)


def _tags(among: Sequence[str]) -> Matcher:
    wanted = frozenset(one.lower() for one in among)
    return _standing(lambda standing: not wanted.isdisjoint(standing.tags))


def _priorities(among: Sequence[str]) -> Matcher:
    least = int(among[0])
    return _standing(lambda standing: standing.priority >= least)


def _status_options(_names: Names) -> list[tuple[str, str]]:
    return [
        ("open", pgettext("automation", "open")),
        ("pending", pgettext("automation", "on hold")),
        ("snoozed", pgettext("automation", "set aside")),
        ("resolved", pgettext("automation", "resolved")),
    ]


def _is(among: Sequence[str], names: Names) -> str:
    known = dict(_status_options(names))
    return _("is %(statuses)s") % {"statuses": either([known.get(one, one) for one in among])}


def _of(among: Sequence[str], _names: Names) -> str:
    return _("is somebody’s") if among[0] == "somebody" else _("is nobody’s yet")


def _with(among: Sequence[str], names: Names) -> str:
    return _("is with the team %(teams)s") % {"teams": either(names.of(names.teams, among))}


def _tagged(among: Sequence[str], _names: Names) -> str:
    return _("has the tag %(tags)s") % {"tags": either(quoted(among))}


def _pressing(among: Sequence[str], _names: Names) -> str:
    return _("has the priority %(level)s at least") % {"level": Priority(int(among[0])).label.lower()}


OF_CONVERSATIONS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("status", gettext_lazy("Status"), "many", _statuses, _is, options=_status_options),
        Kind(
            "owner", gettext_lazy("Somebody’s or nobody’s"), "one", _owned, _of,
            options=lambda _names: [("nobody", _("Nobody has it yet")), ("somebody", _("Somebody has it"))],
        ),
        Kind("team", gettext_lazy("Team"), "many", _teams, _with, options=lambda names: list(names.teams.items())),
        Kind(
            "tag", gettext_lazy("Tags of the conversation"), "words", _tags, _tagged,
            help_text=gettext_lazy("One a line, any of them."),
        ),
        Kind(
            "priority", gettext_lazy("Priority at least"), "one", _priorities, _pressing,
            options=lambda _names: [(str(one.value), str(one.label)) for one in Priority if one != Priority.LOW],
        ),
    )
}  # fmt: skip

#: Every kind by its name, in the order in which they are offered. Names are stored and never change.
KINDS: dict[str, Kind] = OF_CONVERSATIONS | OF_MESSAGES
