"""The floor as the board shows it: tiles, tables and lists, each number with the list that it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from comptoir.people.models import Agent, Team
from comptoir.web.queries.floor import NEVER_LOOKED_AT, AtWork, Oldest, Standing, at_work, oldest, standing
from comptoir.web.queries.floor.standing import Waiting
from comptoir.web.queries.inbox.lists import hidden_accounts
from comptoir.web.wording import channel_in_line


@dataclass(frozen=True, slots=True)
class Tile:
    """One number, what it counts, and the list of it where there is one. ``look`` tells how bad it is."""

    id: str
    number: str
    words: str | Promise
    look: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What waits under one name: a number for each age, and the list of all of it."""

    id: str
    name: str
    cells: Sequence[tuple[str | Promise, int]]
    waiting: Waiting
    url: str


@dataclass(frozen=True, slots=True)
class Floor:
    """Everything on the board."""

    said: str
    tiles: Sequence[Tile]
    teams: Sequence[Line]
    channels: Sequence[Line]
    oldest: Oldest
    people: Sequence[AtWork]


AGE_LABELS = (
    gettext_lazy("<\u00a015\u00a0min"),
    gettext_lazy("15\u00a0min to 1\u00a0h"),
    gettext_lazy("1 to 4\u00a0h"),
    gettext_lazy("4\u00a0h to 1\u00a0day"),
    gettext_lazy(">\u00a01\u00a0day"),
)


def floor_shown(agent: Agent) -> Floor:
    """The board of somebody who sees every team; a fixed number of queries."""
    hidden = hidden_accounts(agent)
    stands, first = standing(agent, hidden), oldest(hidden)
    return Floor(
        said=_said(stands),
        tiles=_tiles(stands, first),
        teams=[_team_line(team, one) for team, one in stands.teams],
        channels=[
            _line(f"floor-channel-{kind}", channel_in_line(kind), one, channel=kind) for kind, one in stands.channels
        ],
        oldest=first,
        people=at_work(),
    )


def _said(stands: Standing) -> str:
    """The board in one sentence, which is also read aloud."""
    broken = ngettext("%(number)s promise broken", "%(number)s promises broken", stands.broken)
    soon = ngettext("%(number)s runs out within 15 minutes", "%(number)s run out within 15 minutes", stands.within[0])
    total = stands.waiting.total
    waiting = ngettext("%(number)s customer waits", "%(number)s customers wait", total)
    parts = [(broken, stands.broken), (soon, stands.within[0]), (waiting, total)]
    return ", ".join(words % {"number": number} for words, number in parts) + "."


def _tiles(stands: Standing, first: Oldest) -> list[Tile]:
    quarter, hour, day = stands.within
    never = f"{first.never_answered}+" if first.is_more and first.never_answered else str(first.never_answered)
    return [
        Tile("broken", str(stands.broken), _("broken"), "bad" if stands.broken else "", _listed(promise="broken")),
        Tile("quarter", str(quarter), _("within 15 min"), "soon" if quarter else "", _promised("quarter")),
        Tile("hour", str(hour), _("within 1 h"), "", _promised("soon")),
        Tile("day", str(day), _("within 24 h"), "", _promised("day")),
        Tile("waiting", str(stands.waiting.total), pgettext("customers", "waiting"), "", _listed(sort="waiting")),
        Tile("never", never, _never_words(first), "soon" if first.never_answered else "", "#floor-unanswered"),
    ]


def _promised(within: str) -> str:
    """Those that are counted, and no others: what runs out first on top."""
    return _listed(promise=within, sort="promise")


def _never_words(first: Oldest) -> str:
    if first.is_more:
        return _("never answered, of the %(number)s that wait longest") % {"number": NEVER_LOOKED_AT}
    return _("never answered")


def _team_line(team: Team | None, waiting: Waiting) -> Line:
    if team is None:
        return _line("floor-team-0", _("No team"), waiting)
    return _line(f"floor-team-{team.pk}", team.name, waiting, team=str(team.pk))


def _line(line_id: str, name: str, waiting: Waiting, **asked: str) -> Line:
    cells = list(zip(AGE_LABELS, waiting.by_age, strict=True))
    return Line(line_id, name, cells, waiting, _listed(sort="waiting", **asked))


def _listed(**asked: str) -> str:
    given = {name: value for name, value in asked.items() if value}
    return f"{reverse('inbox_view', args=['all'])}?{urlencode(given)}"
